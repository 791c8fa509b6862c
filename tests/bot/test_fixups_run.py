"""Fix-up pull requests from beginning to end, against a code host in memory."""

from __future__ import annotations

import pytest

from gaebot import prove
from gaebot.bot.forge import ForbiddenError
from gaebot.bot.marker import mark, marks
from gaebot.bot.settings import Grouping, InputError
from tests.bot.fake_forge_git import ME
from tests.bot.repositories import Repository, app

NOT_PERMITTED = "GitHub Actions is not permitted to create or approve pull requests."


@pytest.fixture(autouse=True)
def judges(monkeypatch):
    """This is not about Python 2.7, which takes its time: see test_fixups_commits.py."""

    def none():
        raise prove.ProofError("There is none.")

    monkeypatch.setattr(prove, "find_python27", none)


@pytest.fixture
def cinema(tmp_path):
    return Repository(tmp_path, app("cinema", folders=False))


def prepare(repository):
    """The only open pull request."""
    ((number, branch),) = repository.forge.open_ones().items()
    assert branch == "gaebot/prepare"
    return number


# -- nothing is done ------------------------------------------------------------------------


def test_a_second_run_changes_nothing(cinema):
    cinema.run(labels=("python27",), reviewers=("alice",))
    before = cinema.state
    outcome = cinema.run(labels=("python27",), reviewers=("alice",))
    assert cinema.state == before
    assert cinema.forge.writes == 0
    assert "as it should be" in outcome.why
    assert outcome.pull_requests == (1,)


def test_a_base_that_moves_in_other_files_pushes_nothing(cinema):
    cinema.run()
    head = cinema.forge.heads["gaebot/prepare"]
    cinema.forge.push("main", {"README": b"new"})
    cinema.run()
    assert cinema.forge.writes == 0
    assert cinema.forge.heads["gaebot/prepare"] == head


def test_an_app_with_nothing_to_fix(tmp_path):
    repository = Repository(
        tmp_path, {"app.yaml": b"runtime: python27\napi_version: 1\nthreadsafe: true\n", "a.py": b"x = 1\n"}
    )
    outcome = repository.run()
    assert (repository.forge.pulls, outcome.why) == ({}, "There is nothing to fix, and nothing to tidy up.")


def test_what_a_human_has_closed_stays_closed(cinema):
    cinema.run()
    cinema.forge.change(1, is_open=False)
    cinema.forge.push("main", {"films.py": b"import md5\n"})
    cinema.run(max_pull_requests=0)
    assert cinema.forge.open_ones() == {}
    assert cinema.forge.writes == 0
    assert "prepare" in cinema.output.text
    assert "was closed, which is respected" in cinema.output.text


def test_a_closed_preparation_does_not_hold_back_the_switch(cinema):
    cinema.run()
    cinema.forge.change(1, is_open=False)
    cinema.run()
    assert cinema.forge.open_ones() == {2: "gaebot/switch"}
    changed = cinema.forge.files("gaebot/switch")
    assert b"import md5" in changed["main.py"] + changed["models.py"] + changed["films.py"]  # of prepare
    assert b"python27" in changed["app.yaml"]


def test_a_reopened_one_is_kept_up_to_date(cinema):
    cinema.run()
    cinema.forge.change(1, is_open=False)
    cinema.forge.push("main", {"films.py": b"import md5\nmd5.new('x')\n"})
    cinema.forge.change(1, is_open=True)
    cinema.run()
    assert b"hashlib" in cinema.forge.files("gaebot/prepare")["films.py"]


@pytest.mark.parametrize("committer", ["alice", "web-flow"])
def test_hands_off_what_somebody_has_committed_to(cinema, committer):
    cinema.run()
    head = cinema.forge.push("gaebot/prepare", {"films.py": b"mine\n"}, author="alice", committer=committer)
    cinema.forge.push("main", {"films.py": b"import md5\n"})
    cinema.run()
    assert cinema.forge.heads["gaebot/prepare"] == head
    (said,) = cinema.forge.said(1)
    assert "`alice` has committed" in said
    assert marks(said, "hands-off") == ["prepare"]
    before = cinema.state
    cinema.run()
    assert (cinema.state, cinema.forge.writes) == (before, 0)


def test_hands_off_what_somebody_else_has_committed_in_the_name_of_the_bot(cinema):
    cinema.run()
    head = cinema.forge.push("gaebot/prepare", {"films.py": b"mine\n"}, author=ME, committer="alice")
    cinema.run()
    assert cinema.forge.heads["gaebot/prepare"] == head
    assert len(cinema.forge.said(1)) == 1


def test_a_foreign_branch_of_that_name_is_left_alone(cinema):
    head = cinema.forge.push("gaebot/prepare", {"mine.py": b""}, author="alice")
    cinema.run()
    assert cinema.forge.heads["gaebot/prepare"] == head
    assert cinema.forge.pulls == {}
    assert "somebody else has committed to its branch" in cinema.output.text


def test_others_with_our_prefix_are_not_ours(cinema):
    forge = cinema.forge
    forge.push("gaebot/docs", {"x": b""})
    forge.push("gaebot/yaml-runtime", {"x": b""})
    mine = forge.open_for("alice", "gaebot/docs", body=mark("fix-up", "docs"))
    fork = forge.open_for("eve", "gaebot/prepare", repository="eve/demo", body=mark("fix-up", "prepare"))
    cinema.run()
    assert forge.pulls[mine].is_open
    assert forge.pulls[fork].is_open
    assert {"gaebot/docs", "gaebot/yaml-runtime"} <= forge.heads.keys()
    assert "gaebot/prepare" in [pull.head_ref for pull in forge.pulls.values() if pull.author == ME]


def test_the_base_has_moved_before_the_run(cinema):
    cinema.check_out()
    cinema.forge.push("main", {"films.py": b"new\n"})
    outcome = cinema.run(check_out=False)
    assert "has moved on" in outcome.why
    assert cinema.forge.writes == 0


def test_files_that_are_not_what_is_committed(cinema):
    cinema.check_out()
    path = cinema.folder / "main.py"
    path.write_bytes(path.read_bytes() + b"# generated\n")
    outcome = cinema.run(check_out=False)
    assert "not checked out as they are in the repository: main.py" in outcome.why
    assert cinema.forge.writes == 0


def test_paths_lead_not_out_of_the_repository(cinema, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "app.yaml").write_text("runtime: python\n")
    with pytest.raises(InputError, match="out of the repository"):
        cinema.run(paths=("../other",))


def test_safe_fixes_only(cinema):
    cinema.run(unsafe=False)
    commits = cinema.forge.commits("main", "gaebot/prepare")
    assert [commit.message.split()[2] for commit in commits] == [
        "cwd-template-path",
        "py-md5-sha",
        "wsgi-app-not-global",
    ]
    cinema.forge.merge(1)
    cinema.run(unsafe=False)
    assert cinema.forge.open_ones() == {}  # nothing of the switch is safe


def test_a_limit_on_open_ones(cinema):
    cinema.run(max_pull_requests=3, group_by=Grouping.RULE)
    assert len(cinema.forge.open_ones()) == 3
    before = cinema.state
    cinema.run(max_pull_requests=3, group_by=Grouping.RULE)
    assert cinema.state == before
    assert "`max-pull-requests`" in cinema.output.text
    cinema.forge.merge(1)
    cinema.run(max_pull_requests=3, group_by=Grouping.RULE)
    assert len(cinema.forge.open_ones()) == 3


# -- something is done ----------------------------------------------------------------------


def test_first_prepare_then_switch_then_nothing(cinema):
    cinema.run()
    assert cinema.forge.pulls[prepare(cinema)].title == "Prepare for Python 2.7"
    assert "runtime: python\n" in cinema.forge.files("gaebot/prepare")["app.yaml"].decode()
    cinema.forge.merge(1)
    cinema.run()
    assert cinema.forge.open_ones() == {2: "gaebot/switch"}
    assert "runtime: python27\n" in cinema.forge.files("gaebot/switch")["app.yaml"].decode()
    cinema.forge.merge(2)
    outcome = cinema.run()
    assert outcome.why == "There is nothing to fix, and nothing to tidy up."


def test_one_commit_for_each_rule(cinema):
    cinema.run()
    commits = cinema.forge.commits("main", "gaebot/prepare")
    assert [commit.message.split()[2] for commit in commits] == [
        "cwd-template-path",
        "py-except-two-names",
        "py-md5-sha",
        "ts-check-then-set-global",
        "wsgi-app-not-global",
    ]
    assert "deprecated" in commits[2].message
    assert "gaebot explain py-md5-sha" in commits[2].message
    assert {commit.author for commit in commits} == {ME}


def test_the_switch_is_one_commit_for_the_rules_that_share_its_fix(cinema):
    cinema.run()
    cinema.forge.merge(1)
    cinema.run()
    first, *_ = cinema.forge.commits("main", "gaebot/switch")
    assert first.message.startswith("Fix what yaml-runtime and 2 more rules finds (5 places)")


def test_several_apps_in_one_repository(tmp_path):
    repository = Repository(tmp_path, app("cinema", "guestbook", "rawcgi"))
    repository.run()
    changed = {
        path.split("/")[0]
        for path, data in repository.forge.files("gaebot/prepare").items()
        if repository.forge.files("main")[path] != data
    }
    assert changed == {"cinema", "guestbook"}
    assert "`cinema/app.yaml`: **threadsafe: false**" in repository.forge.pulls[1].body


def test_only_the_paths_that_are_named(tmp_path):
    repository = Repository(tmp_path, app("cinema", "guestbook"))
    repository.run(paths=("guestbook",))
    files, base = repository.forge.files("gaebot/prepare"), repository.forge.files("main")
    assert {path for path in files if files[path] != base[path]} == {"guestbook/guestbook.py"}


def test_a_base_that_moves_in_the_same_files(cinema):
    cinema.run()
    old = cinema.forge.heads["gaebot/prepare"]
    data = cinema.forge.files("main")["films.py"]
    main = cinema.forge.push("main", {"films.py": b"# moved on\n" + data})
    cinema.run()
    assert cinema.forge.heads["gaebot/prepare"] != old
    assert cinema.forge.files("gaebot/prepare")["films.py"].startswith(b"# moved on\n")
    first = cinema.forge.commits("main", "gaebot/prepare")[0]
    assert first.parents == (main,)


def test_labels_reviewers_and_draft(cinema):
    cinema.run(labels=("python27", "bot"), reviewers=("alice", "team/web"), draft=True)
    assert cinema.forge.pulls[1].labels == ("python27", "bot")
    assert cinema.forge.reviewers[1] == ["alice", "team/web"]
    assert cinema.forge.drafts == {1}


def test_labels_that_somebody_has_taken_away_do_not_come_back(cinema):
    cinema.run(labels=("python27",))
    cinema.forge.change(1, labels=(), title="Our title")
    cinema.forge.push("main", {"films.py": b"import md5\nmd5.new('x')\n"})
    cinema.run(labels=("python27",))
    assert cinema.forge.pulls[1].labels == ()
    assert cinema.forge.pulls[1].title == "Our title"


def test_a_text_that_somebody_has_added_to_stays(cinema):
    cinema.run()
    body = cinema.forge.pulls[1].body + "\nReviewed by the team."
    cinema.forge.change(1, body=body)
    cinema.run()
    assert cinema.forge.pulls[1].body == body


def test_what_became_of_nothing_is_closed_with_a_word(cinema):
    cinema.run()
    done = cinema.forge.files("gaebot/prepare")
    cinema.forge.push("main", done)  # somebody did the same by hand
    cinema.run()
    assert not cinema.forge.pulls[1].is_open
    assert "gaebot/prepare" not in cinema.forge.heads
    (said,) = cinema.forge.said(1)
    assert "nothing is left of it to fix" in said
    assert list(cinema.forge.open_ones().values()) == ["gaebot/switch"]


def test_one_that_gaebot_has_closed_may_come_again(cinema):
    base = cinema.forge.files("main")
    cinema.run()
    cinema.forge.push("main", cinema.forge.files("gaebot/prepare"))
    cinema.run(max_pull_requests=0)
    assert cinema.forge.open_ones() == {}
    cinema.forge.push("main", base)
    cinema.run()
    assert list(cinema.forge.open_ones().values()) == ["gaebot/prepare"]


def test_other_grouping_closes_the_old_ones(cinema):
    cinema.run()
    cinema.run(group_by=Grouping.RULE, max_pull_requests=20)
    assert not cinema.forge.pulls[1].is_open
    assert "grouped otherwise" in cinema.forge.said(1)[0]
    assert "gaebot/prepare" not in cinema.forge.heads
    assert "gaebot/yaml-runtime" in cinema.forge.open_ones().values()
    assert "gaebot/py-md5-sha" in cinema.forge.open_ones().values()
    cinema.run(max_pull_requests=20)
    assert set(cinema.forge.open_ones().values()) == {"gaebot/prepare"}


def test_what_somebody_has_worked_on_is_not_closed(cinema):
    cinema.run()
    cinema.forge.push("gaebot/prepare", {"x.py": b""}, author="alice")
    cinema.forge.push("main", cinema.forge.files("gaebot/prepare"))
    cinema.run()
    assert cinema.forge.pulls[1].is_open
    assert "gaebot/prepare" in cinema.forge.heads


def test_a_pull_request_that_a_human_opens_from_the_branch(cinema):
    """As when Actions may not: its text is theirs, its branch is kept up to date."""
    cinema.forge.fail("open_pull_request", ForbiddenError(NOT_PERMITTED))
    cinema.run()
    number = cinema.forge.open_for("alice", "gaebot/prepare", body="Ours")
    cinema.forge.push("main", {"films.py": b"import md5\nmd5.new('x')\n"})
    cinema.run()
    assert b"hashlib" in cinema.forge.files("gaebot/prepare")["films.py"]
    assert cinema.forge.pulls[number].body == "Ours"
    assert cinema.forge.open_ones() == {number: "gaebot/prepare"}


def test_line_ends_of_a_checkout_are_not_committed(tmp_path):
    files = app("guestbook", folders=False)
    repository = Repository(tmp_path, files)
    repository.check_out()
    for path in files:
        if path.endswith((".py", ".yaml")):
            place = repository.folder / path
            place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    repository.run(check_out=False)
    made = repository.forge.files("gaebot/prepare")
    assert made["guestbook.py"] != files["guestbook.py"]
    assert b"\r" not in made["guestbook.py"]


def test_workflows_are_never_touched(tmp_path):
    files = app("guestbook", folders=False)
    service = b"runtime: python\napi_version: 1\nhandlers:\n- url: /.*\n  script: guestbook.py\n"
    repository = Repository(tmp_path, {**files, ".github/workflows/app.yaml": service})
    for _ in range(2):
        repository.run(paths=(".", ".github/workflows"))
        for number, branch in repository.forge.open_ones().items():
            assert repository.forge.files(branch)[".github/workflows/app.yaml"] == service
            if branch == "gaebot/switch":
                assert "never changes files in `.github/workflows`" in repository.forge.pulls[number].body
                assert "left out is what would change" in repository.output.text
            repository.forge.merge(number)
    assert repository.forge.number == 2


def test_the_calls_do_not_grow_with_what_is_found(tmp_path):
    calls = []
    for count in (1, 40):
        files = app("guestbook", folders=False)
        files |= {
            f"module{n}.py": b"import md5\n\n\ndef name(x):\n    return md5.new(x)\n" for n in range(count)
        }
        repository = Repository(tmp_path / str(count), files)
        repository.run()
        first = sum(repository.forge.calls.values())
        repository.run()
        calls.append((first, sum(repository.forge.calls.values())))
    assert calls[0] == calls[1]
    assert calls[0][0] <= 12


# -- text from a repository -------------------------------------------------------------------


def test_hostile_names_stay_names(tmp_path):
    name = "a`b|<img>@team&#1; --><!-- gaebot:set-up x.py"
    files = {**app("guestbook", folders=False), name: b"import md5\n\n\ndef main():\n  except_ = md5.new\n"}
    files["b<!-- gaebot:fix-up switch -->.yaml"] = b"runtime: python\nhandlers:\n- url: /x\n  script: [\n"
    repository = Repository(tmp_path, files)
    repository.run()
    for pull in repository.forge.pulls.values():
        assert marks(pull.body, "fix-up") == [pull.head_ref.removeprefix("gaebot/")]
        assert "<img" not in pull.body
        assert "@team" not in pull.body
        for commit in repository.forge.commits("main", pull.head_ref):
            assert "@" not in commit.message
