"""Fix-ups and the sticky summary against a GitHub that others have written: `emulate`, from npm.

All goes through the adapter, over HTTP. The fix-up flow runs whole: the emulator names blobs, trees and commits
as git does, so each run has a checkout whose commit is that of the branch, and git makes every object anew.
The review runs but for what needs the diff, so what is tested of it is the summary.

What the emulator lacks or does otherwise than GitHub, and what is not run here because of it:

- It has no GraphQL. Who the bot is comes from `GET /user`. Threads in a diff can't be listed or resolved: the
  review is run with none (`WithoutThreads`), and answers to what is fixed are not run.
- The files of a pull request are none, and comments on lines are refused, but the refused review is kept: the
  review with line comments is not run; all findings go into the summary.
- The head of a pull request stays what it was at first when the branch is pushed to: the review is told that
  one, so nothing is said of runs for a commit that is no longer the newest, and what is merged are branches that
  have not been renewed.
- A second pull request of the same branch, one of a branch that is not there (which is made) and a text of any
  length are taken: these refusals are not run.
- It signs no commits, so that GitHub does is not shown.
- It can't be cloned or pushed to by git: the checkout is made through its Git data interface.
- To the token of an app it gives the name of the account that has the app: so the bot is a person here, and no
  login ends in `[bot]`. The setting that forbids Actions to open pull requests is not there either.

The commands in comments, and the plan that a fork's run leaves behind, are not run here at all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest
import requests

from gaebot import prove
from gaebot.bot.event import FixUp, Review
from gaebot.bot.fixups.run import fix_up
from gaebot.bot.forge import LineComment, MissingError, NewCommit, RefusedError, Thread, UnreachableError
from gaebot.bot.github import GitHub
from gaebot.bot.outcome import Outcome
from gaebot.bot.review.run import review
from gaebot.bot.settings import Settings
from gaebot.report import Report
from tests.bot.emulator import REPOSITORY, TOKENS, Clone, Emulator, NoEmulatorError, install_emulator, running
from tests.bot.fake_forge_git import FakeOutput
from tests.bot.pulls import report_of
from tests.bot.repositories import app

ME = "gaebot-app"
MD5 = b"# -*- coding: latin-1 -*-\n# \xe4\nimport md5\nmd5.new('x')\n"


def connect(emulator: Emulator, login: str = ME, kind: type[GitHub] = GitHub) -> GitHub:
    return kind(
        TOKENS[login],
        REPOSITORY,
        emulator.url,
        seconds_between_writes=0,
        seconds_between_requests=0,
        pause=lambda seconds: None,
    )


@pytest.fixture(scope="module")
def folder() -> Path:
    try:
        return install_emulator()
    except NoEmulatorError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))


@pytest.fixture
def emulator(folder: Path) -> Iterator[Emulator]:
    with running(folder) as started:
        yield started


@pytest.fixture(autouse=True)
def judges(monkeypatch: pytest.MonkeyPatch) -> None:
    """This is not about Python 2.7, which takes its time: see test_fixups_commits.py."""

    def none() -> None:
        raise prove.ProofError("There is none.")

    monkeypatch.setattr(prove, "find_python27", none)


def push(emulator: Emulator, branch: str, files: dict[str, bytes | None], message: str = "More\n") -> str:
    """A commit by alice on top of a branch."""
    alice = connect(emulator, "alice")
    head = alice.branch(branch) or alice.branch("main")
    assert head is not None
    sha = alice.make_commits(head, [NewCommit(message, files)])
    if alice.branch(branch) is None:
        alice.create_branch(branch, sha)
    else:
        alice.move_branch(branch, sha, expected=head)
    return sha


# -- fix-ups ---------------------------------------------------------------------------------


class Runner:
    """Runs of the workflow, in a checkout of the branch `main`."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator = emulator
        self.output = FakeOutput()
        self._clone = Clone(emulator, folder)

    def run(self, kind: type[GitHub] = GitHub, **settings: object) -> Outcome:
        self._clone.check_out("main")
        self.output = FakeOutput()
        root = str(self._clone.folder)
        forge = connect(self.emulator, kind=kind)
        return fix_up(forge, FixUp("main"), Settings(**settings), root, self.output)

    def files(self, branch: str) -> dict[str, bytes]:
        """The files of a branch, as git has them."""
        self._clone.check_out(branch)
        return self._clone.files()

    def pulls(self, state: str = "open") -> list[tuple[int, str]]:
        return [(pull["number"], pull["head"]["ref"]) for pull in self.emulator.pages(f"pulls?state={state}")]


@pytest.fixture
def cinema(emulator: Emulator, tmp_path: Path) -> Runner:
    push(emulator, "main", {**app("cinema", folders=False), "README.md": None}, "Begin\n")
    return Runner(emulator, tmp_path / "checkout")


def test_fix_ups_from_the_first_to_the_switch(cinema: Runner) -> None:
    asked = {"labels": ("python27",), "reviewers": ("alice",)}
    outcome = cinema.run(**asked)
    assert cinema.pulls() == [(1, "gaebot/prepare")], cinema.output.text
    assert (outcome.pull_requests, outcome.went) == ((1,), {})
    pull = cinema.emulator.call("GET", "pulls/1")
    assert (pull["user"]["login"], pull["base"]["ref"]) == (ME, "main")
    assert [label["name"] for label in pull["labels"]] == ["python27"]
    assert [each["login"] for each in pull["requested_reviewers"]] == ["alice"]
    before, after = cinema.files("main"), cinema.files("gaebot/prepare")
    assert before.keys() == after.keys()
    assert b"except ValueError, IndexError:" in before["films.py"]
    assert b"except (ValueError, IndexError):" in after["films.py"]
    assert after["app.yaml"] == before["app.yaml"]

    # The same again: nothing is written.
    state = cinema.emulator.state
    outcome = cinema.run(**asked)
    assert cinema.emulator.state == state
    assert "as it should be" in outcome.why
    assert outcome.pull_requests == (1,)

    # Merged: the switch is next, on what was merged.
    cinema.emulator.call("PUT", "pulls/1/merge", {"merge_method": "merge"})
    cinema.run()
    ((number, branch),) = cinema.pulls()
    assert branch == "gaebot/switch"
    switched = cinema.files(branch)
    assert b"runtime: python27" in switched["app.yaml"]
    assert b"except (ValueError, IndexError):" in switched["films.py"]
    state = cinema.emulator.state
    cinema.run()
    assert cinema.emulator.state == state

    # Closed by a human: it stays closed.
    cinema.emulator.call("PATCH", f"pulls/{number}", {"state": "closed"})
    state = cinema.emulator.state
    cinema.run()
    assert cinema.emulator.state == state
    assert "closed" in cinema.output.text


def test_a_base_that_moves_renews_the_branch(cinema: Runner) -> None:
    cinema.run()
    emulator, forge = cinema.emulator, connect(cinema.emulator)
    old = forge.branch("gaebot/prepare")

    # In other files: nothing is pushed.
    push(emulator, "main", {"NOTES": b"mine\n"})
    state = emulator.state
    cinema.run()
    assert emulator.state == state

    # In files that are fixed: the same pull request, on the new base.
    head = push(emulator, "main", {"films.py": MD5})
    cinema.run()
    assert cinema.pulls() == [(1, "gaebot/prepare")]
    new = forge.branch("gaebot/prepare")
    assert new not in {old, None}
    commits = forge.commits("main", "gaebot/prepare")
    assert commits[0].parents == (head,)
    assert {commit.author for commit in commits} == {ME}
    assert b"hashlib" in cinema.files("gaebot/prepare")["films.py"]
    state = emulator.state
    cinema.run()
    assert emulator.state == state


def test_a_commit_by_somebody_else_means_hands_off(cinema: Runner) -> None:
    cinema.run()
    emulator = cinema.emulator
    mine = push(emulator, "gaebot/prepare", {"NOTES": b"mine\n"})
    push(emulator, "main", {"films.py": MD5})
    cinema.run()
    assert connect(emulator).branch("gaebot/prepare") == mine
    (said,) = emulator.pages("issues/1/comments")
    assert "`alice` has committed" in said["body"]
    state = emulator.state
    cinema.run()
    assert emulator.state == state


def test_verbs_and_refusals(emulator: Emulator) -> None:
    forge = connect(emulator)
    assert (forge.me(), forge.default_branch(), forge.permission("alice")) == (ME, "main", "admin")
    head = forge.branch("main")
    assert head is not None
    push(emulator, "topic", {"latin.py": b"# \xe4\n"})
    with pytest.raises(RefusedError, match="Reference already exists"):
        forge.create_branch("topic", head)
    with pytest.raises(RefusedError):
        forge.move_branch("topic", head, expected=head)
    with pytest.raises(MissingError):
        forge.pull_request(7)
    assert forge.file("latin.py", "topic") == b"# \xe4\n"
    assert forge.file("latin.py", "main") is None
    forge.delete_branch("topic")
    forge.delete_branch("topic")
    assert forge.branch("topic") is None


def test_a_run_that_was_cut_off_before_the_pull_request_is_completed(cinema: Runner) -> None:
    class Cut(GitHub):
        def open_pull_request(self, *arguments: object, **named: object) -> NoReturn:
            raise UnreachableError("cut off")

    outcome = cinema.run(kind=Cut)
    assert (cinema.pulls(), outcome.pull_requests) == ([], ())
    sha = connect(cinema.emulator).branch("gaebot/prepare")
    assert sha is not None
    cinema.run()
    assert cinema.pulls() == [(1, "gaebot/prepare")]
    assert connect(cinema.emulator).branch("gaebot/prepare") == sha
    state = cinema.emulator.state
    cinema.run()
    assert cinema.emulator.state == state


# -- the sticky summary ----------------------------------------------------------------------


class WithoutThreads(GitHub):
    """The adapter, on a server that has no GraphQL and so tells of no threads in a diff."""

    def threads(self, number: int) -> tuple[Thread, ...]:
        return ()


@dataclass
class Checks:
    """What is found in the files of a pull request."""

    files: dict[str, str]

    def head(self) -> Report:
        return report_of(self.files)

    def base(self) -> Report:
        return report_of({})


@dataclass
class PullRequest:
    """A pull request by alice, and what the bot says of it."""

    emulator: Emulator
    number: int = 0
    output: FakeOutput = field(default_factory=FakeOutput)

    def push(self, text: str) -> None:
        push(self.emulator, "topic", {"a.py": text.encode()})
        if not self.number:
            opened = connect(self.emulator, "alice").open_pull_request(
                "A topic", "", head="topic", base="main", draft=False
            )
            self.number = opened.number

    def review(self, text: str) -> Outcome:
        forge = connect(self.emulator, kind=WithoutThreads)
        head = forge.pull_request(self.number).head_sha  # that of the event
        self.output = FakeOutput()
        return review(forge, Review(self.number, head), Settings(), Checks({"a.py": text}), self.output)

    def comments(self, login: str = ME) -> list[dict]:
        said = self.emulator.pages(f"issues/{self.number}/comments")
        return [comment for comment in said if comment["user"]["login"] == login]


@pytest.fixture
def pull(emulator: Emulator) -> PullRequest:
    made = PullRequest(emulator)
    made.push("bad\n")
    return made


def test_the_summary_is_posted_once_and_edited(pull: PullRequest) -> None:
    outcome = pull.review("bad\n")
    assert outcome.went == {"summary": 1}, pull.output.lines
    (first,) = pull.comments()

    # The same again: nothing is written.
    state = pull.emulator.state
    pull.review("bad\n")
    assert pull.emulator.state == state

    # Something else is found: the same comment says it.
    pull.push("bad\nold\n")
    outcome = pull.review("bad\nold\n")
    assert outcome.went == {"summary": 2}
    (second,) = pull.comments()
    assert second["id"] == first["id"]
    assert second["body"] != first["body"]

    # Somebody has taken it away: there is one again.
    pull.emulator.call("DELETE", f"issues/comments/{first['id']}")
    pull.review("bad\nold\n")
    (third,) = pull.comments()
    assert third["body"] == second["body"]


def test_the_summary_is_found_by_mark_and_author_behind_a_page_of_comments(pull: PullRequest) -> None:
    pull.review("bad\n")
    (first,) = pull.comments()
    pull.emulator.call("DELETE", f"issues/comments/{first['id']}")
    said = connect(pull.emulator, "alice")
    said.post_comment(pull.number, first["body"])  # the bot's words, and its mark, by somebody else
    for number in range(120):
        said.post_comment(pull.number, f"Comment {number}")
    pull.review("bad\n")
    (mine,) = pull.comments()
    assert mine["body"] == first["body"]
    state = pull.emulator.state
    pull.review("bad\n")
    assert pull.emulator.state == state
    pull.push("bad\nhint\n")
    pull.review("bad\nhint\n")
    assert [comment["id"] for comment in pull.comments()] == [mine["id"]]
    assert pull.comments("alice")[0]["body"] == first["body"]


# -- the gaps --------------------------------------------------------------------------------


def test_the_gaps_are_as_told_above(pull: PullRequest) -> None:
    """Where one of these is no more, what it kept from being run can be."""
    forge, first = connect(pull.emulator), connect(pull.emulator).pull_request(pull.number).head_sha
    with pytest.raises(MissingError):
        forge.threads(pull.number)
    assert forge.changed_files(pull.number) == ()
    with pytest.raises(RefusedError, match="Validation failed"):
        forge.post_review(pull.number, first, "One.", [LineComment("a.py", 1, "One.")])
    assert [each["body"] for each in pull.emulator.pages(f"pulls/{pull.number}/reviews")] == ["One."]
    pull.push("bad\nold\n")
    assert forge.pull_request(pull.number).head_sha == first != forge.branch("topic")
    second = forge.open_pull_request("The same again", "", head="topic", base="main", draft=False)
    assert second.number != pull.number
    forge.open_pull_request("Of nothing", "", head="nothing", base="main", draft=False)
    assert forge.branch("nothing") == forge.branch("main")
    assert forge.post_comment(pull.number, "x" * 70_000).body
    commit = pull.emulator.call("GET", "commits/topic")["commit"]
    assert commit["verification"]["reason"] == "unsigned"
    git = requests.get(f"{pull.emulator.url}/{REPOSITORY}.git/info/refs?service=git-upload-pack", timeout=30)
    assert git.status_code == 404
