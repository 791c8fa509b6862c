from dataclasses import replace

import pytest

from gaebot.bot.forge import Comment, Thread
from gaebot.bot.marker import mark
from gaebot.bot.settings import Settings
from gaebot.finding import Failure
from tests.bot.fake_forge import BOT, FakeForge
from tests.bot.pulls import FakeChecks, report_of, run, state, summary

MANY = "".join(f"x{number} = 'bad'\n" for number in range(1000))


def forge(base=None, head=None, **named):
    return FakeForge(
        base or {"a.py": "one\ntwo\nthree\n", "b.py": "old\n"},
        head or {"a.py": "one\nbad\nold\nthree\n", "b.py": "old\n"},
        **named,
    )


# -- what must not happen ------------------------------------------------------------------


def test_nothing_is_said_when_there_is_nothing_to_say():
    host = forge({"a.py": "x\n"}, {"a.py": "y\n"})
    outcome, output = run(host)
    assert (outcome.went, outcome.fails, host.writes, output.commands) == ({}, False, 0, "")
    assert "nothing to report" in output.summary


@pytest.mark.parametrize("settings", [Settings(), Settings(max_comments=1), Settings(max_comments=0)])
def test_a_second_run_changes_nothing(settings):
    host = forge()
    first, _ = run(host, settings)
    before, writes = state(host), host.writes
    second, _ = run(host, settings)
    assert (state(host), host.writes) == (before, writes)
    assert second.went == first.went


def test_what_stands_is_not_posted_again_after_a_rebase():
    host = forge()
    run(host)
    host.push({"a.py": "#\n" * 9 + host.head["a.py"], "b.py": "old\n"})
    host.base["a.py"] = "#\n" * 9 + host.base["a.py"]
    run(host)
    assert len(host.reviews) == 1
    assert [thread.line for thread in host.threads_] == [None, None]  # the host has lost them: they stay
    assert len(host.comments_) == 1
    assert host.pull.head_sha in summary(host)


def test_threads_of_others_are_left_alone_whatever_they_say():
    host = forge()
    fingerprint = report_of(host.head).fingerprints[0]
    forged = Thread(
        "X", False, "a.py", 2, (Comment(1, "eve", f"{mark('finding', fingerprint)}\n\nIt is fine."),)
    )
    stale = Thread("Y", False, "a.py", 2, (Comment(2, "eve", mark("finding", "0" * 16)),))
    quoting = Thread("Z", False, "a.py", 2, (Comment(3, BOT, f"> {mark('finding', '1' * 16)}"),))
    late = Thread("W", False, "a.py", 2, (Comment(5, BOT, f"Hello\n{mark('finding', '1' * 16)}"),))
    host.threads_ += [forged, stale, quoting, late]
    host.comments_ += [Comment(4, "eve", mark("summary"))]
    run(host)
    assert host.threads_[:4] == [forged, stale, quoting, late]
    assert len(host.threads_) == 6
    assert host.comments_[0] == Comment(4, "eve", mark("summary"))
    assert len(host.comments_) == 2


def test_what_a_human_has_closed_is_not_said_again():
    host = forge()
    run(host)
    host.threads_ = [replace(thread, is_resolved=True) for thread in host.threads_]
    run(host)
    assert len(host.threads_) == 2


@pytest.mark.parametrize("path", ["a.py", ""])
def test_what_could_not_be_checked_is_not_called_fixed(path):
    host = forge()
    run(host)
    host.push({"a.py": "one\ntwo\n((\n", "b.py": "old\n"})
    outcome, _ = run(host, failures=(Failure("It can't be parsed.", path),))
    assert host.calls["reply"] == host.calls["resolve"] == 0
    assert outcome.fails
    assert "can&#39;t be parsed" in summary(host) or "can't be parsed" in summary(host)


def test_a_pull_request_that_is_closed_or_pushed_to_meanwhile_is_left_alone():
    for change in ({"is_open": False}, {"head_sha": "c" * 40}):
        host = forge()
        checks = FakeChecks(host)
        from gaebot.bot.event import Review
        from gaebot.bot.review.run import review
        from tests.bot.fake_forge import FakeOutput

        job, output = Review(7, host.pull.head_sha), FakeOutput()
        host.pull = replace(host.pull, **change)
        outcome = review(host, job, Settings(), checks, output)
        assert host.writes == 0
        assert outcome.went == {"annotations": 3}
        assert outcome.fails
        assert outcome.why in output.lines[0]
        assert output.kept == {}


def test_the_number_of_calls_does_not_grow_with_the_findings():
    calls = []
    for count in (40, 1000):
        text = "".join(MANY.splitlines(keepends=True)[:count])
        host = forge({"a.py": "\n"}, {"a.py": text})
        run(host)
        host.push({"a.py": "\n#\n"})
        run(host)
        calls.append(host.calls)
    assert calls[0] == calls[1]


# -- the review ----------------------------------------------------------------------------


def test_findings_on_changed_lines_become_one_review_and_others_are_counted():
    host = forge()
    outcome, output = run(host)
    assert outcome.went == {"review": 2, "summary": 1}
    assert outcome.review_url.endswith("#review-1")
    assert [(thread.path, thread.line) for thread in host.threads_] == [("a.py", 2), ("a.py", 3)]
    error, warning = (thread.comments[0].body for thread in host.threads_)
    assert error.endswith("**gaebot: error** `bad-word`\n\nThe word `bad` is out of date: write another.\n")
    assert warning.endswith("Fix: Write `new`.\n\n```suggestion\nnew\n```\n")
    said = summary(host)
    assert "## gaebot: 1 error, 2 warnings" in said
    assert "New with this pull request: 2. There before: 1. Gone: 0." in said
    assert "2 findings told on changed lines, 1 counted here." in said
    assert (
        "**prepare** (runs on 2.5 and 2.7, can be merged before the switch): 2 findings. Write `new` (2 times)."
        in said
    )
    assert output.commands == ""  # neither what the diff says, nor what was there and the summary tells


def test_more_than_fit_are_told_best_first_and_make_room_when_they_are_fixed():
    host = forge({"a.py": "x\n"}, {"a.py": "hint\nold\nbad\n"})
    run(host, Settings(max_comments=2))
    assert [thread.line for thread in host.threads_] == [3, 2]
    assert "1 more finding on changed lines" in host.reviews[0][1]
    assert "On changed lines, without a comment" in summary(host)
    host.push({"a.py": "hint\nold\n"})
    run(host, Settings(max_comments=2))
    assert [(thread.line, thread.is_resolved) for thread in host.threads_[:1]] == [(None, True)]
    run(host, Settings(max_comments=2))
    assert [thread.line for thread in host.threads_[1:]] == [2, 1]


def test_fixed_ones_are_answered_and_closed_but_kept_open_where_somebody_has_answered():
    host = forge()
    run(host)
    host.say(0, "dev", "Why?")
    host.push({"a.py": "one\ntwo\nthree\nfour\n", "b.py": "old\n"})
    outcome, _ = run(host)
    assert outcome.went == {"summary": 1}
    open_one, closed = host.threads_
    assert (open_one.is_resolved, closed.is_resolved) == (False, True)
    for thread in host.threads_:
        assert thread.comments[-1].body.endswith(f"Fixed in {host.pull.head_sha}.\n")
    before = state(host)
    run(host)
    assert state(host) == before


def test_an_answer_without_its_end_is_ended_by_the_next_run():
    from gaebot.bot.forge import UnreachableError
    from tests.bot.fake_forge import Fault

    host = forge()
    run(host)
    host.push({"a.py": "one\ntwo\nthree\nfour\n", "b.py": "old\n"})
    host.fail("resolve", Fault(UnreachableError("502")), Fault(UnreachableError("502")))
    run(host)
    run(host)
    assert [len(thread.comments) for thread in host.threads_] == [2, 2]
    assert all(thread.is_resolved for thread in host.threads_)


def test_what_comes_back_after_it_was_fixed_is_said_again():
    host = forge()
    run(host)
    whole = dict(host.head)
    host.push({"a.py": "one\ntwo\n", "b.py": "old\n"})
    run(host)
    host.push(whole)
    outcome, _ = run(host)
    assert outcome.went == {"review": 2, "summary": 1}
    assert [thread.is_resolved for thread in host.threads_] == [True, True, False, False]
    before = state(host)
    run(host)
    assert state(host) == before


def test_a_renamed_file_keeps_its_comments_and_its_findings_are_not_new():
    host = FakeForge({"a.py": "one\nold\ntwo\n"}, {"a.py": "one\nold\nbad\n"})
    run(host)
    host.push({"b.py": "one\nold\nbad\n"})
    host.renamed["b.py"] = "a.py"
    outcome, _ = run(host)
    assert len(host.reviews) == 1
    assert not any(thread.is_resolved for thread in host.threads_)
    assert outcome.went == {"review": 1, "summary": 1}
    assert "New with this pull request: 1. There before: 1. Gone: 0." in summary(host)


def test_a_file_without_a_patch_has_no_place_for_comments():
    host = forge(without_patch=frozenset({"a.py"}))
    outcome, _ = run(host)
    assert outcome.went == {"summary": 3}
    assert "`a.py`:2 error (new) `bad-word`" in summary(host)


def test_a_diff_of_another_state_of_the_file_gets_no_comment():
    host = forge()
    host.head = {"a.py": "one\n#\nbad\nold\nthree\n", "b.py": "old\n"}  # what is checked out
    shown = forge()
    host.changed_files = shown.changed_files  # what the host shows
    outcome, _ = run(host)
    assert outcome.went == {"summary": 3}


def test_three_thousand_files():
    base = {f"f{number:04}.py": "x\n" for number in range(3000)}
    head = dict.fromkeys(base, "old\n")
    host = FakeForge(base, head)
    outcome, _ = run(host)
    assert outcome.went == {"review": 30, "summary": 2970}
    assert "GitHub tells 3,000 files" in summary(host)


def test_a_thousand_findings_on_changed_lines():
    host = forge({"a.py": "\n"}, {"a.py": MANY})
    outcome, _ = run(host)
    assert outcome.went == {"review": 30, "summary": 970}
    said = summary(host)
    assert len(said.encode()) <= 60_000
    assert "There was no room here for" in said
    assert "Left for people: 1,000 findings." in said
    before = state(host)
    run(host)
    assert state(host) == before


def test_what_is_new_is_not_guessed():
    host = forge()
    run(host, with_base=False)
    assert "can't be told" in summary(host)
    assert "(new)" not in summary(host)


def test_the_settings_decide_whether_it_fails():
    host = forge({"a.py": "x\n"}, {"a.py": "hint\n"})
    assert not run(host)[0].fails
    assert run(host, Settings(fail_on="note"))[0].fails
    assert not run(forge(), Settings(fail_on="never"))[0].fails
