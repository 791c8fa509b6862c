"""What goes wrong while fix-up pull requests are made: what people see, and what the next run does.

Each row of the table is a fault, what is said about it, and whether a second run has to do anything. Whatever
happens, two more runs lead to the same state as a run without any fault.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gaebot import prove
from gaebot.bot.forge import ForbiddenError, LimitError, MissingError, RefusedError, UnreachableError
from gaebot.bot.marker import marks
from gaebot.bot.settings import Grouping
from tests.bot.fake_forge_git import WRITES
from tests.bot.repositories import Repository, app

CUT = UnreachableError("502 Bad Gateway")
LIMIT = LimitError("You have exceeded a secondary rate limit")
READ_ONLY = ForbiddenError("Resource not accessible by integration")
NOT_PERMITTED = ForbiddenError("GitHub Actions is not permitted to create or approve pull requests.")
SETTINGS = {"labels": ("python27",), "reviewers": ("alice",)}


@pytest.fixture(autouse=True)
def judges(monkeypatch):
    def none():
        raise prove.ProofError("There is none.")

    monkeypatch.setattr(prove, "find_python27", none)


@pytest.fixture
def cinema(tmp_path):
    return Repository(tmp_path, app("cinema", folders=False))


@pytest.fixture
def wanted(tmp_path):
    """What a run without faults comes to."""
    repository = Repository(tmp_path / "wanted", app("cinema", folders=False))
    repository.run(**SETTINGS)
    return looks(repository)


def looks(repository):
    """What people see of a repository: its branches by content, and its pull requests."""
    forge = repository.forge
    trees = {name: forge.files(name) for name in forge.heads}
    pulls = [
        (
            pull.title,
            pull.body,
            pull.is_open,
            pull.head_ref,
            pull.labels,
            tuple(dict.fromkeys(forge.reviewers.get(n, ()))),
        )
        for n, pull in forge.pulls.items()
    ]
    return trees, pulls, {n: forge.said(n) for n in forge.comments_by_pull}


@dataclass
class Row:
    """A fault in the first run, and a sentence that is said of it in the log and in the summary."""

    verb: str
    error: Exception
    said: str
    after: bool = False
    calls_on: int = 0  # how many changes the second run makes

    def __str__(self):
        return f"{self.verb}-{type(self.error).__name__}{'-after' if self.after else ''}"


ANSWER = "The host did not answer as it should"
ASKED = "The code host could not be asked"
ROWS = [
    Row("default_branch", CUT, "", calls_on=0),  # not asked: the event says which branch
    Row("branch", CUT, ASKED, calls_on=6),
    Row("blobs", CUT, ASKED, calls_on=6),
    Row("branches", LIMIT, ASKED, calls_on=6),
    Row("pull_requests", CUT, ASKED, calls_on=6),
    Row("make_commits", CUT, ANSWER, calls_on=6),
    Row("make_commits", CUT, ANSWER, after=True, calls_on=6),
    Row("make_commits", LIMIT, "The host wants fewer calls", calls_on=6),
    Row("create_branch", CUT, ANSWER, calls_on=6),
    Row("create_branch", CUT, ANSWER, after=True, calls_on=4),
    Row(
        "create_branch", RefusedError("Reference already exists"), "is not as it was a moment ago", calls_on=6
    ),
    Row("open_pull_request", CUT, ANSWER, calls_on=4),
    Row("open_pull_request", CUT, "", after=True),
    Row("open_pull_request", LIMIT, "The host wants fewer calls", calls_on=4),
    Row("open_pull_request", LIMIT, "The host wants fewer calls", after=True, calls_on=3),
    Row(
        "open_pull_request",
        RefusedError("body is too long"),
        "Opening the pull request did not work",
        calls_on=4,
    ),
    Row("add_labels", CUT, ANSWER, calls_on=3),
    Row("add_labels", CUT, ANSWER, after=True, calls_on=3),
    Row("request_reviewers", CUT, ANSWER, calls_on=3),
    Row("edit_pull_request", CUT, ANSWER, calls_on=3),
    Row("edit_pull_request", CUT, ANSWER, after=True),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_next_run_does_the_rest(cinema, wanted, row):
    cinema.forge.fail(row.verb, row.error, after=row.after)
    outcome = cinema.run(**SETTINGS)
    assert row.said in cinema.output.text
    assert row.said in cinema.output.summary.replace("&#39;", "'")
    assert not outcome.fails
    cinema.forge.faults.clear()
    cinema.run(**SETTINGS)
    assert cinema.forge.writes == row.calls_on
    assert looks(cinema) == wanted
    cinema.run(**SETTINGS)
    assert cinema.forge.writes == 0
    assert looks(cinema) == wanted


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("error", [CUT, LIMIT, READ_ONLY, RefusedError("no"), MissingError("gone")], ids=repr)
@pytest.mark.parametrize("name", sorted(WRITES - {"edit_comment"}))
def test_any_fault_of_any_change_is_made_good(tmp_path, name, error, after):
    """Also while pull requests are renewed, and closed because fixes are grouped otherwise."""
    repository, good = (Repository(tmp_path / place, app("whoami", folders=False)) for place in ("a", "b"))
    for each in (repository, good):
        each.run(group_by=Grouping.RULE, max_pull_requests=9, **SETTINGS)
        data = each.forge.files("main")["main.py"]
        each.forge.push("main", {"main.py": b"# new\n" + data})
    repository.forge.fail(name, error, after=after)
    for _ in range(3):
        repository.run(**SETTINGS)
        good.run(**SETTINGS)
    assert repository.forge.writes == 0
    assert looks(repository)[0] == looks(good)[0]
    assert sorted(repository.forge.open_ones().values()) == sorted(good.forge.open_ones().values())
    for number in repository.forge.pulls:
        kinds = [kind for said in repository.forge.said(number) for kind in marks(said, "superseded")]
        assert len(kinds) <= 1


# -- what others do meanwhile ---------------------------------------------------------------


def test_somebody_pushes_to_the_branch_meanwhile(cinema):
    cinema.run()
    cinema.forge.push("main", {"films.py": b"import md5\nmd5.new('x')\n"})
    cinema.forge.just_before("move_branch", lambda: cinema.forge.push("gaebot/prepare", {"mine.py": b""}))
    cinema.run()
    assert cinema.forge.files("gaebot/prepare")["mine.py"] == b""
    assert "is not as it was a moment ago, and was left alone" in cinema.output.text
    cinema.run()
    assert len(cinema.forge.said(1)) == 1  # hands off
    assert cinema.forge.files("gaebot/prepare")["mine.py"] == b""


def test_somebody_makes_the_branch_meanwhile(cinema):
    cinema.forge.just_before("create_branch", lambda: cinema.forge.push("gaebot/prepare", {"mine.py": b""}))
    cinema.run()
    assert cinema.forge.files("gaebot/prepare") == {"mine.py": b""}
    assert cinema.forge.pulls == {}


def test_somebody_deletes_the_branch_meanwhile(cinema):
    cinema.run()
    cinema.forge.push("main", {"films.py": b"import md5\nmd5.new('x')\n"})
    cinema.forge.just_before("move_branch", lambda: cinema.forge.delete_branch("gaebot/prepare"))
    cinema.run()
    assert "is not as it was a moment ago" in cinema.output.text
    assert "gaebot/prepare" not in cinema.forge.heads
    cinema.run(max_pull_requests=0)
    assert "was closed, which is respected" in cinema.output.text  # deleting a branch closes what is from it
    assert cinema.forge.writes == 0


def test_somebody_deletes_the_branch_before_it_is_opened(cinema, wanted):
    cinema.forge.just_before("open_pull_request", lambda: cinema.forge.delete_branch("gaebot/prepare"))
    cinema.run(**SETTINGS)
    assert "Opening the pull request did not work" in cinema.output.text
    cinema.run(**SETTINGS)
    assert looks(cinema) == wanted


def test_the_base_moves_meanwhile(cinema):
    """What was made goes to the commit that was looked at; the run for the new one renews it."""
    cinema.forge.just_before("make_commits", lambda: cinema.forge.push("main", {"films.py": b"x = 1\n"}))
    cinema.run()
    cinema.run()
    assert cinema.forge.files("gaebot/prepare")["films.py"] == b"x = 1\n"


def test_somebody_pushes_before_a_branch_is_deleted(cinema):
    cinema.run()
    cinema.forge.push("main", cinema.forge.files("gaebot/prepare"))
    cinema.forge.just_before(
        "close_pull_request", lambda: cinema.forge.push("gaebot/prepare", {"mine.py": b""})
    )
    cinema.run()
    assert cinema.forge.files("gaebot/prepare")["mine.py"] == b""


def test_the_base_is_gone(cinema):
    cinema.check_out()
    del cinema.forge.heads["main"]
    assert cinema.run(check_out=False).why == "There is no branch main."


# -- what is not allowed --------------------------------------------------------------------


def test_actions_may_not_open_pull_requests(cinema, wanted):
    cinema.forge.fail("open_pull_request", NOT_PERMITTED, times=2)
    outcome = cinema.run(**SETTINGS)
    for said in (cinema.output.text, cinema.output.summary):
        assert "does not let GitHub Actions open pull requests" in said
        assert "Allow GitHub Actions to create and approve pull requests" in said
        assert "gaebot-fixes.patch" in said
    assert outcome.went == {"artifact": 5}
    patch = cinema.output.kept["gaebot-fixes.patch"]
    assert b"+++ b/films.py" in patch
    head = cinema.forge.heads["gaebot/prepare"]
    cinema.run(**SETTINGS)  # the same again, and nothing is pushed
    assert cinema.forge.heads["gaebot/prepare"] == head
    assert cinema.output.kept == {"gaebot-fixes.patch": patch}
    cinema.run(**SETTINGS)  # now it is allowed
    assert looks(cinema) == wanted


def test_the_token_may_only_read(cinema):
    cinema.forge.fail("make_commits", READ_ONLY)
    outcome = cinema.run(group_by=Grouping.RULE, max_pull_requests=3)
    assert "needs the permissions `contents: write` and `pull-requests: write`" in cinema.output.text
    assert len(cinema.output.kept) == 3
    assert all(name.startswith("gaebot-fixes-") for name in cinema.output.kept)
    assert outcome.pull_requests == ()
    assert cinema.forge.calls["make_commits"] == 1  # it is not tried again for each


def test_the_patch_can_be_applied(cinema):
    import subprocess

    cinema.forge.fail("make_commits", READ_ONLY)
    cinema.run()
    (cinema.folder / ".git" / "HEAD").unlink()
    (cinema.folder / ".git").rmdir()
    subprocess.run(
        ["git", "apply", "-"], cwd=cinema.folder, input=cinema.output.kept["gaebot-fixes.patch"], check=True
    )
    made = Repository(cinema.folder.parent / "other", app("cinema", folders=False))
    made.run()
    assert {
        path: (cinema.folder / path).read_bytes() for path in app("cinema", folders=False)
    } == made.forge.files("gaebot/prepare")


@pytest.mark.parametrize("name", ["add_labels", "request_reviewers"])
def test_a_label_or_person_that_is_not_there(cinema, name):
    cinema.forge.fail(name, RefusedError("Reviews may only be requested from collaborators."))
    cinema.run(**SETTINGS)
    assert "did not work" in cinema.output.text
    assert marks(cinema.forge.pulls[1].body, "set-up") == [""]
    cinema.run(**SETTINGS)
    assert cinema.forge.writes == 0


def test_a_locked_conversation(cinema):
    cinema.run()
    cinema.forge.push("gaebot/prepare", {"mine.py": b""})
    cinema.forge.change(1, is_locked=True)
    outcome = cinema.run()
    assert "issue is locked" in cinema.output.text
    assert not outcome.fails
