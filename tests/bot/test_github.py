"""GitHub through PyGithub: each verb against a GitHub that behaves, and what becomes of its errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gaebot.bot.forge import (
    ForbiddenError,
    LimitError,
    LineComment,
    MissingError,
    NewCommit,
    RefusedError,
    UnreachableError,
)
from gaebot.bot.github import GitHub
from tests.github import faults
from tests.github.fake import FakeGitHub

FILES = {"app.yaml": "runtime: python\n", "main.py": "a = 1\nb = 2\nc = 3\n", "latin.py": b"# \xe4\n"}


@pytest.fixture
def github(tmp_path: Path) -> Iterator[FakeGitHub]:
    with FakeGitHub(tmp_path / "github") as fake:
        fake.repository.commit(FILES, "Begin", branch="main", author="alice")
        fake.repository.commit(
            {"main.py": "a = 1\nb = 20\nc = 3\n"}, "Change", branch="topic", author="alice"
        )
        fake.open_pull_request("topic", "main", title="Change b", author="alice")
        yield fake
        assert fake.problems == []


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def forge(github: FakeGitHub, waited: list[float]) -> GitHub:
    return connect(github, waited)


def connect(
    github: FakeGitHub, waited: list[float], token: str | None = None, seconds: float = 120
) -> GitHub:
    return GitHub(
        token or github.token,
        github.full_name,
        github.api_url,
        seconds_for_limits=seconds,
        seconds_between_writes=0,
        seconds_between_requests=0,
        pause=waited.append,
    )


# -- verbs -----------------------------------------------------------------------------------


def test_who_and_where(forge: GitHub) -> None:
    assert forge.me() == "github-actions[bot]"
    assert forge.default_branch() == "main"
    assert forge.permission("alice") in {"admin", "write", "read", "none"}


def test_pull_requests(github: FakeGitHub, forge: GitHub) -> None:
    pull = forge.pull_request(1)
    assert (pull.title, pull.author, pull.head_ref, pull.base_ref) == ("Change b", "alice", "topic", "main")
    assert (pull.head_sha, pull.head_repository) == (github.pull(1).head_sha, "octo/demo")
    assert (pull.is_open, pull.is_merged, pull.is_locked) == (True, False, False)
    assert [each.number for each in forge.pull_requests(head="topic")] == [1]
    assert forge.pull_requests(head="other") == ()
    github.close_pull_request(1)
    assert forge.pull_requests(head="topic") == ()
    assert not forge.pull_requests(head="topic", state="all")[0].is_open
    with pytest.raises(MissingError):
        forge.pull_request(7)


def test_files(forge: GitHub) -> None:
    (file,) = forge.changed_files(1)
    assert (file.path, file.status) == ("main.py", "modified")
    assert file.patch is not None
    assert "+b = 20" in file.patch
    assert forge.file("main.py", "topic") == b"a = 1\nb = 20\nc = 3\n"
    assert forge.file("latin.py", "main") == b"# \xe4\n"
    assert forge.file("none.py", "main") is None
    assert forge.file("main.py", "none") is None
    assert set(forge.blobs(["main.py", "none.py"], "main")) == {"main.py"}


def test_a_review_with_its_threads(forge: GitHub) -> None:
    sha = forge.pull_request(1).head_sha
    comments = [LineComment("main.py", 2, "One."), LineComment("main.py", 3, "Two.", start_line=1)]
    assert forge.post_review(1, sha, "Both.", comments).startswith("http")
    one, two = forge.threads(1)
    assert (one.path, one.line, one.is_resolved) == ("main.py", 2, False)
    assert [(comment.author, comment.body) for comment in two.comments] == [(forge.me(), "Two.")]
    forge.reply(1, one.comments[0].id, "Fixed.")
    assert [comment.body for comment in forge.threads(1)[0].comments] == ["One.", "Fixed."]


def test_a_review_is_taken_whole_or_not(github: FakeGitHub, forge: GitHub) -> None:
    sha = forge.pull_request(1).head_sha
    with pytest.raises(RefusedError, match="Pull request review thread"):
        forge.post_review(1, sha, "", [LineComment("main.py", 2, "x"), LineComment("app.yaml", 1, "x")])
    assert forge.threads(1) == ()


def test_threads_can_be_resolved_where_the_token_may(github: FakeGitHub, waited: list[float]) -> None:
    token = github.add_token({"pull-requests": "write", "contents": "write"})
    forge = connect(github, waited, token)
    forge.post_review(1, forge.pull_request(1).head_sha, "", [LineComment("main.py", 2, "One.")])
    forge.resolve(forge.threads(1)[0].id)
    assert forge.threads(1)[0].is_resolved
    weak = connect(github, waited, github.add_token({"pull-requests": "write"}))
    with pytest.raises(ForbiddenError):
        weak.resolve(forge.threads(1)[0].id)


def test_comments(github: FakeGitHub, forge: GitHub) -> None:
    made = forge.post_comment(1, "Hello.")
    forge.edit_comment(made.id, "Hello again.")
    github.comment(1, "/gaebot fix", author="bob")
    assert [(each.author, each.body) for each in forge.comments(1)] == [
        ("github-actions[bot]", "Hello again."),
        ("bob", "/gaebot fix"),
    ]


def test_branches_and_commits(github: FakeGitHub, forge: GitHub) -> None:
    base = forge.branch("main")
    assert base is not None
    sha = forge.make_commits(
        base,
        [
            NewCommit("One\n\nWhy.", {"main.py": b"a = 2\n", "new/file.py": b"x = 1\n"}),
            NewCommit("Two", {"app.yaml": None, "latin.py": b"# \xe9\n"}),
        ],
    )
    assert forge.branch("gaebot/prepare") is None
    forge.create_branch("gaebot/prepare", sha)
    assert forge.branches("gaebot/") == {"gaebot/prepare": sha}
    assert [commit.message for commit in forge.commits("main", "gaebot/prepare")] == ["One\n\nWhy.", "Two"]
    assert forge.commit(sha).parents == (forge.commits("main", sha)[0].sha,)
    assert forge.file("latin.py", sha) == b"# \xe9\n"
    assert forge.file("app.yaml", sha) is None
    with pytest.raises(RefusedError):
        forge.create_branch("gaebot/prepare", base)
    other = forge.make_commits(base, [NewCommit("Three", {"main.py": b"a = 3\n"})])
    with pytest.raises(RefusedError, match="has moved"):
        forge.move_branch("gaebot/prepare", other, expected=base)
    forge.move_branch("gaebot/prepare", other, expected=sha)
    assert forge.branch("gaebot/prepare") == other
    forge.delete_branch("gaebot/prepare")
    forge.delete_branch("gaebot/prepare")
    assert forge.branch("gaebot/prepare") is None


def test_a_pull_request_of_ours(github: FakeGitHub, forge: GitHub) -> None:
    base = forge.branch("main")
    assert base is not None
    forge.create_branch(
        "gaebot/prepare", forge.make_commits(base, [NewCommit("One", {"main.py": b"a = 2\n"})])
    )
    pull = forge.open_pull_request("Prepare", "Body.", head="gaebot/prepare", base="main", draft=True)
    forge.edit_pull_request(pull.number, title="Prepare it", body="Text.")
    forge.add_labels(pull.number, ["migration"])
    now = forge.pull_request(pull.number)
    assert (now.title, now.body, now.labels) == ("Prepare it", "Text.", ("migration",))
    forge.close_pull_request(pull.number)
    assert not forge.pull_request(pull.number).is_open
    with pytest.raises(RefusedError):
        forge.open_pull_request("Again", "", head="nothing", base="main", draft=False)


def test_artifacts(github: FakeGitHub, waited: list[float]) -> None:
    run = github.add_run(1, {"gaebot-plan": {"plan.json": "{}"}})
    forge = connect(github, waited, github.add_token({"actions": "read"}))
    number = run if isinstance(run, int) else run.id
    told = forge.run(number)
    assert (told.event, told.head_sha) == ("pull_request", github.pull(1).head_sha)
    data = forge.artifact(number, "gaebot-plan", 10_000)
    assert data is not None
    assert data.startswith(b"PK")
    assert forge.artifact(number, "other", 10_000) is None
    with pytest.raises(RefusedError, match="larger"):
        forge.artifact(number, "gaebot-plan", 10)


# -- errors ----------------------------------------------------------------------------------


def test_a_token_that_may_only_read(github: FakeGitHub, waited: list[float]) -> None:
    forge = connect(github, waited, github.read_only_token)
    with pytest.raises(ForbiddenError, match="Resource not accessible by integration"):
        forge.post_comment(1, "x")
    assert waited == []


def test_a_comment_is_not_posted_twice_when_the_server_fails_behind_it(
    github: FakeGitHub, forge: GitHub, waited: list[float]
) -> None:
    github.faults.on("issues/create-comment", faults.server_error(after=True))
    with pytest.raises(UnreachableError):
        forge.post_comment(1, "x")
    assert len(github.pull(1).comments) == 1
    assert waited == []


def test_an_edit_is_tried_again(github: FakeGitHub, forge: GitHub, waited: list[float]) -> None:
    made = forge.post_comment(1, "x")
    github.faults.on("issues/update-comment", faults.server_error(), call=1)
    forge.edit_comment(made.id, "y")
    assert [each.body for each in forge.comments(1)] == ["y"]
    assert len(waited) == 1


def test_a_cut_connection(github: FakeGitHub, forge: GitHub) -> None:
    github.faults.on("issues/create-comment", faults.cut(after=True))
    with pytest.raises(UnreachableError):
        forge.post_comment(1, "x")
    assert len(github.pull(1).comments) == 1


def test_a_limit_is_waited_for_but_not_for_ever(
    github: FakeGitHub, forge: GitHub, waited: list[float]
) -> None:
    github.faults.on("issues/create-comment", faults.secondary_limit(30), call=1)
    forge.post_comment(1, "x")
    assert waited == [30.0]
    github.faults.on("issues/create-comment", faults.secondary_limit(100), call=None)
    with pytest.raises(LimitError, match="secondary rate limit"):
        forge.post_comment(1, "y")
    assert len(github.pull(1).comments) == 1


def test_a_locked_conversation(github: FakeGitHub, forge: GitHub) -> None:
    github.lock(1)
    assert forge.pull_request(1).is_locked


def test_actions_that_may_not_open_pull_requests(github: FakeGitHub, forge: GitHub) -> None:
    github.allow_pull_requests_by_actions(allowed=False)
    base = forge.branch("main")
    assert base is not None
    forge.create_branch("x", forge.make_commits(base, [NewCommit("One", {"main.py": b"a = 2\n"})]))
    with pytest.raises(ForbiddenError, match="not permitted to create or approve pull requests"):
        forge.open_pull_request("x", "", head="x", base="main", draft=False)
