"""The table of faults: what goes wrong, what the user sees, where findings went, what a second run does."""

from dataclasses import dataclass, field

import pytest

from gaebot.bot.forge import (
    ForbiddenError,
    LimitError,
    MissingError,
    RefusedError,
    UnreachableError,
)
from gaebot.bot.review.act import MOST_TRIES
from gaebot.bot.review.stored import load
from gaebot.bot.settings import Settings
from tests.bot.fake_forge import FakeForge, Fault
from tests.bot.pulls import run, state, summary

BASE = {"a.py": "one\n", "b.py": "old\n"}
HEAD = {"a.py": "one\nbad\nold\nhint\n", "b.py": "old\n"}
WHOLE = {"review": 3, "summary": 1}

REFUSED = ForbiddenError("Resource not accessible by integration")
LIMIT = LimitError("You have exceeded a secondary rate limit")
GATEWAY = UnreachableError("502 Bad Gateway")


@dataclass
class Row:
    name: str
    faults: dict = field(default_factory=dict)
    forge: dict = field(default_factory=dict)
    went: dict = field(default_factory=dict)
    second: dict = field(default_factory=lambda: WHOLE)
    said: str = ""


TABLE = [
    Row("a fork's token may read only", {}, {"fork": True, "read_only": True}, {"annotations": 4}, {"annotations": 4}, "Resource not accessible"),
    Row("the review is forbidden, the summary is not", {"post_review": [Fault(REFUSED)]}, {}, {"summary": 4}, WHOLE, "Resource not"),
    Row("the conversation is locked", {"post_review": [Fault(REFUSED)], "post_comment": [Fault(REFUSED)]}, {}, {"annotations": 4}),
    Row("the limit is reached with the first read", {"pull_request": [Fault(LIMIT)]}, {}, {"annotations": 4}, WHOLE, "secondary rate limit"),
    Row("the limit is reached with the first write", {"post_review": [Fault(LIMIT)]}, {}, {"annotations": 4}, WHOLE, "secondary rate limit"),
    Row("the limit is reached with the last write", {"post_comment": [Fault(LIMIT)]}, {}, {"review": 3, "annotations": 1}, WHOLE, "secondary rate limit"),
    Row("the review is accepted, and the answer is lost", {"post_review": [Fault(GATEWAY, after=True)]}, {}, WHOLE),
    Row("the review is not accepted at first", {"post_review": [Fault(GATEWAY)]}, {}, WHOLE),
    Row("the review fails, then its answer is lost", {"post_review": [Fault(GATEWAY), Fault(GATEWAY, after=True)]}, {}, WHOLE),
    Row("the review is never accepted", {"post_review": [Fault(GATEWAY), Fault(GATEWAY)]}, {}, {"summary": 4}, WHOLE, "502"),
    Row("the answer is lost, and looking fails", {"post_review": [Fault(GATEWAY, after=True)], "threads": [None, Fault(GATEWAY)]}, {}, {"summary": 4}),
    Row("the summary is accepted, and the answer is lost", {"post_comment": [Fault(GATEWAY, after=True)]}, {}, WHOLE),
    Row("the summary is not accepted at first", {"post_comment": [Fault(GATEWAY)]}, {}, WHOLE),
    Row("the summary is never accepted", {"post_comment": [Fault(GATEWAY), Fault(GATEWAY)]}, {}, {"review": 3, "annotations": 1}, WHOLE, "502"),
    Row("one line is refused without a reason", {}, {"unresolvable": frozenset({("a.py", 3)})}, {"review": 2, "summary": 2}, {"review": 2, "summary": 2}, "must be part of the diff"),
    Row("all lines are refused", {}, {"unresolvable": frozenset({("a.py", 2), ("a.py", 3), ("a.py", 4)})}, {"summary": 4}, {"summary": 4}),
    Row("the changed files can't be had", {"changed_files": [Fault(RefusedError("406 diff too large"))]}, {}, {"summary": 4}, WHOLE, "406"),
    Row("the threads can't be had", {"threads": [Fault(GATEWAY)]}, {}, {"annotations": 4}),
    Row("the comments can't be had", {"comments": [Fault(GATEWAY)]}, {}, {"annotations": 4}),
    Row("the pull request is gone", {"pull_request": [Fault(MissingError("Not Found"))]}, {}, {"annotations": 4}, WHOLE, "Not Found"),
    Row("the branch is deleted meanwhile", {"post_review": [Fault(MissingError("Not Found"))]}, {}, {"summary": 4}),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_table(row):
    host = FakeForge(dict(BASE), dict(HEAD), **row.forge)
    for verb, faults in row.faults.items():
        host.fail(verb, *faults)
    settings = Settings(fail_on="never")
    first, output = run(host, settings)
    assert first.went == row.went
    assert not first.fails  # never because of that
    assert row.said in "\n".join(output.lines)
    second, _ = run(host, settings)
    assert second.went == row.second
    before, writes = state(host), host.writes
    third, _ = run(host, settings)
    assert third.went == row.second
    assert state(host) == before
    names = [thread.comments[0].body.split("\n")[0] for thread in host.threads_]
    assert len(names) == len(set(names))
    assert len(host.comments_) <= 1
    if not row.forge:
        assert host.writes == writes


def test_what_a_fork_may_not_post_is_kept():
    host = FakeForge(dict(BASE), dict(HEAD), fork=True, read_only=True)
    _, output = run(host)
    statement = load(output.kept["gaebot-plan.json"])
    assert (statement.number, statement.head_sha) == (7, host.pull.head_sha)
    assert len(statement.remarks) == 4


def test_what_is_posted_is_not_kept_too():
    _, output = run(FakeForge(dict(BASE), dict(HEAD)))
    assert output.kept == {}


def test_a_bad_line_among_many_costs_a_bounded_number_of_calls():
    lines = "".join(f"x{number} = 'old'\n" for number in range(30))
    for bad in ({9}, {0, 29}, set(range(1, 31, 2))):
        host = FakeForge(
            {"a.py": "\n"}, {"a.py": lines}, unresolvable=frozenset(("a.py", line) for line in bad)
        )
        outcome, _ = run(host)
        assert host.calls["post_review"] <= MOST_TRIES
        assert outcome.went["review"] + outcome.went.get("summary", 0) == 30
        if len(bad) == 1:
            assert outcome.went == {"review": 29, "summary": 1}


def test_a_summary_that_was_taken_away_is_written_anew():
    host = FakeForge(dict(BASE), dict(HEAD))
    run(host)
    host.push({**HEAD, "a.py": "one\nbad\n"})
    host.fail("edit_comment", Fault(MissingError("Not Found")))
    before = list(host.comments_)
    outcome, _ = run(host)
    assert outcome.went == {"review": 1, "summary": 1}
    assert len(host.comments_) == len(before) + 1


def test_what_has_no_room_anywhere_goes_to_a_file():
    long = {"bad": "b" * 1500, "old": "o" * 1500, "hint": "h" * 1500}
    text = "".join(f"x{number} = 'bad'\n" for number in range(1000))
    host = FakeForge({"a.py": "\n"}, {"a.py": text}, read_only=True)
    outcome, output = run(host, messages=long)
    assert outcome.went["annotations"] == 10
    assert outcome.went["job summary"] + outcome.went["artifact"] == 990
    assert output.kept["gaebot-report.json"].count(b'"fingerprint"') == 1000


def test_the_summary_is_never_too_long():
    failures = {f"d{number}/" + "x" * 200: "old\n" for number in range(500)}
    host = FakeForge({}, {**failures, "e.py": "bad\n" * 500})
    run(host)
    assert len(summary(host).encode()) <= 60_000
