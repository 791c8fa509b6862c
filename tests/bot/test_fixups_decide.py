"""What becomes of a group, as a table from what the host shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gaebot.bot.fixups.commits import as_committed, blob, is_ours
from gaebot.bot.fixups.content import Content, Patch, is_workflow
from gaebot.bot.fixups.decide import Shown, Step, decide
from gaebot.bot.forge import Commit, PullRequest
from gaebot.bot.marker import mark
from gaebot.engine import Change

ME = "github-actions[bot]"
MINE = Commit("c", "t", ("p",), "", ME, ME)
THEIRS = replace(MINE, author="alice", committer="alice")
OPEN = PullRequest(
    1, "", mark("fix-up", "prepare"), True, False, False, ME, "gaebot/prepare", "c", "octo/demo", "main", "p"
)
CLOSED = replace(OPEN, is_open=False)
MERGED = replace(CLOSED, is_merged=True)
BY_US = replace(CLOSED, body=OPEN.body + mark("superseded", "prepare"))


def step(*, commits=(), pulls=(), head=None, **said):
    shown = Shown("gaebot/prepare", head or ("c" if commits else None), tuple(commits), tuple(pulls))
    how = {"base": "main", "is_empty": False, "waits": False, "has_room": True, **said}
    return decide(shown, me=ME, **how).step


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ({"pulls": [CLOSED], "commits": [MINE]}, Step.REFUSED),
        ({"pulls": [CLOSED], "commits": [THEIRS]}, Step.REFUSED),
        ({"pulls": [CLOSED, BY_US]}, Step.REFUSED),
        ({"pulls": [replace(BY_US, author="alice")]}, Step.REFUSED),  # anybody can write a mark
        ({"pulls": [CLOSED], "commits": [MINE], "is_empty": True}, Step.NOTHING),
        ({"pulls": [OPEN], "commits": [MINE, THEIRS]}, Step.HANDS_OFF),
        ({"pulls": [OPEN], "commits": [MINE, THEIRS], "is_empty": True}, Step.HANDS_OFF),
        ({"pulls": [OPEN], "commits": [MINE], "base": "next"}, Step.ELSEWHERE),
        ({"pulls": [replace(OPEN, author="alice")], "commits": [MINE], "is_empty": True}, Step.NOTHING),
        ({"commits": [THEIRS]}, Step.HANDS_OFF),
        ({"commits": [THEIRS], "is_empty": True}, Step.NOTHING),
        ({"head": "c", "is_empty": True}, Step.NOTHING),  # a branch with nothing on it may be anybody's
        ({"is_empty": True}, Step.NOTHING),
        ({"waits": True}, Step.WAIT),
        ({"has_room": False}, Step.NO_ROOM),
        ({}, Step.OPEN),
        ({"commits": [MINE]}, Step.OPEN),
        ({"pulls": [MERGED], "commits": [MINE]}, Step.OPEN),
        ({"pulls": [BY_US]}, Step.OPEN),
        ({"pulls": [BY_US, CLOSED]}, Step.OPEN),
        ({"pulls": [OPEN], "commits": [MINE]}, Step.RENEW),
        ({"pulls": [OPEN, CLOSED], "commits": [MINE]}, Step.RENEW),
        ({"pulls": [OPEN], "commits": [MINE], "waits": True, "has_room": False}, Step.RENEW),
        ({"pulls": [OPEN], "commits": [MINE], "is_empty": True}, Step.CLOSE),
        ({"commits": [MINE], "is_empty": True}, Step.CLEAN),
        ({"pulls": [MERGED], "commits": [MINE], "is_empty": True}, Step.CLEAN),
        ({"pulls": [BY_US], "commits": [MINE], "is_empty": True}, Step.CLEAN),
    ],
)
def test_what_becomes_of_a_group(shown, expected):
    assert step(**shown) is expected


@pytest.mark.parametrize(
    ("author", "committer", "expected"),
    [
        ("alice", ME, False),
        (ME, "alice", False),
        ("alice", "web-flow", False),
        ("", "", False),
        ("bot@users.noreply.github.com", ME, False),
        (f"eve+{ME}@example.com", ME, False),
        (ME, ME, True),
        (ME, "web-flow", True),
        (f"41898282+{ME}@users.noreply.github.com", ME, True),
    ],
)
def test_whose_commit_it_is(author, committer, expected):
    assert is_ours(replace(MINE, author=author, committer=committer), ME) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".github/app.yaml", False),
        ("a/.github/workflows/x.yaml", False),
        (".github/workflows", False),
        (".github/workflows/x.yaml", True),
        (".GitHub/Workflows/x.yaml", True),
    ],
)
def test_workflows(path, expected):
    assert is_workflow(path) is expected


def content(*changes):
    return Content("prepare", (Patch((), (), changes),), (), ())


def test_files_as_they_are_committed():
    same = content(Change("a.py", b"a\r\n", b"b\r\n"), Change("new.py", None, b"x\r\n"))
    assert as_committed(same, {"a.py": blob(b"a\r\n")}) == (same, ())
    made, others = as_committed(same, {"a.py": blob(b"a\n")})
    assert made.changes == (Change("a.py", b"a\n", b"b\n"), Change("new.py", None, b"x\r\n"))
    assert others == ()
    assert as_committed(same, {})[1] == ("a.py",)
    assert as_committed(same, {"a.py": blob(b"a\r\n"), "new.py": blob(b"")})[1] == ("new.py",)
