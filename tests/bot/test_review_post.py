from dataclasses import replace

import pytest

from gaebot.bot import event
from gaebot.bot.forge import ForbiddenError, LimitError, MissingError, WorkflowRun
from gaebot.bot.review.run import post
from gaebot.bot.review.stored import dump, load
from gaebot.bot.settings import Settings
from tests.bot.fake_forge import FakeForge, FakeOutput, Fault, zipped
from tests.bot.pulls import run, state, summary

BASE = {"a.py": "one\n", "b.py": "old\n"}
HEAD = {"a.py": "one\nbad\nold\nhint\n", "b.py": "old\n"}


def fork():
    """A pull request of a fork whose run has left its plan."""
    host = FakeForge(dict(BASE), dict(HEAD), fork=True, read_only=True)
    _, output = run(host)
    host.read_only = False
    host.runs[5] = WorkflowRun(5, "pull_request", "eve/shop", "topic", host.pull.head_sha)
    host.artifacts[5, "gaebot-plan"] = zipped(output.kept["gaebot-plan.json"])
    return host


def posted(host, settings=None):
    output = FakeOutput()
    return post(host, event.PostReview(5), settings or Settings(), output), output


def changed(host, **named):
    """Put another plan in the place of that which the run has left."""
    statement = load(plan(host))
    host.artifacts[5, "gaebot-plan"] = zipped(dump(replace(statement, **named)))


def plan(host):
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(host.artifacts[5, "gaebot-plan"])) as archive:
        return archive.read("gaebot-plan.json")


def run_is(**named):
    return lambda host: host.runs.update({5: replace(host.runs[5], **named)})


def pull_is(**named):
    return lambda host: setattr(host, "pull", replace(host.pull, **named))


REFUSED = {
    "a run for something else": run_is(event="push"),
    "a run for another commit": run_is(head_sha="d" * 40),
    "a run of another repository": run_is(head_repository="mallory/shop"),
    "a run of a repository that is gone": run_is(head_repository=""),
    "a run of another branch": run_is(head_branch="other"),
    "closed": pull_is(is_open=False),
    "pushed to meanwhile": pull_is(head_sha="e" * 40),
    "another fork's pull request": pull_is(head_repository="alice/shop"),
    "a plan for another commit": lambda host: changed(host, head_sha="f" * 40),
    "a plan for another pull request": lambda host: changed(host, number=8),
    "no plan": lambda host: host.artifacts.clear(),
    "no archive": lambda host: host.artifacts.update({(5, "gaebot-plan"): b"PK"}),
    "two files": lambda host: host.artifacts.update({(5, "gaebot-plan"): zipped(b"{}", "x")}),
    "the host fails": lambda host: host.fail("artifact", Fault(MissingError("gone"))),
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
def test_nothing_is_posted(change):
    host = fork()
    writes = host.writes
    change(host)
    outcome, _ = posted(host)
    assert host.writes == writes
    assert outcome.why
    assert (outcome.went, outcome.fails) == ({}, False)


def test_it_says_what_the_review_would_have():
    host, other = fork(), FakeForge(dict(BASE), dict(HEAD), fork=True)
    run(other)
    outcome, output = posted(host)
    assert outcome.went == {"review": 3, "summary": 1}
    assert [t.comments[0].body for t in host.threads_] == [t.comments[0].body for t in other.threads_]
    assert "as a run on the fork's own code has told them" in summary(host)
    assert output.summary == ""
    before = state(host)
    assert posted(host)[0].went == outcome.went
    assert state(host) == before


def test_places_are_those_that_the_host_shows_now():
    host = fork()
    remarks = load(plan(host)).remarks
    moved = tuple(replace(remark, line=1, end_line=1) for remark in remarks)
    changed(host, remarks=moved)
    outcome, _ = posted(host)
    assert (host.threads_, outcome.went) == ([], {"summary": 4})


@pytest.mark.parametrize("error", [ForbiddenError("locked"), LimitError("slow down")])
def test_what_can_not_be_posted_is_in_the_summary_of_the_job(error):
    host = fork()
    host.fail("post_review", Fault(error))
    host.fail("post_comment", Fault(error))
    outcome, output = posted(host)
    assert outcome.went == {"job summary": 4}
    assert "## gaebot: 1 error, 2 warnings, 1 note" in output.summary


def test_a_plan_can_not_close_what_others_have_said():
    host = fork()
    posted(host)
    host.say(0, "dev", "Why?")
    changed(host, remarks=())
    posted(host)
    assert [thread.is_resolved for thread in host.threads_] == [False, True, True]
