"""Nothing of a repository, or of a plan from a fork, is markup, a mention, a command or a mark to anybody."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaebot.bot import event
from gaebot.bot.forge import WorkflowRun
from gaebot.bot.marker import marks
from gaebot.bot.review.comment import can_be_suggested, mark_of, suggestion
from gaebot.bot.review.plan import finding_of
from gaebot.bot.review.run import post
from gaebot.bot.review.statement import Lines, ServiceState, Trouble
from gaebot.bot.review.stored import dump, load
from gaebot.bot.settings import Settings
from gaebot.finding import Failure
from tests.bot.fake_forge import BOT, FakeForge, FakeOutput, zipped
from tests.bot.pulls import run
from tests.render.test_markdown import ALIVE, Page

NAMES = [
    "a\nb.py",
    "a`b`.py",
    "``` a.py",
    "a|b.py",
    "::error::a.py",
    "##[error]a.py",
    "<img src=x>.py",
    "@team/x.py",
    "a\u202eb.py",
    "<!-- gaebot:summary  -->.py",
    "<!-- gaebot:finding 0000000000000000 -->",
    "a-->b<script>.py",
    "[x](www.evil.example).py",
    "$x$ :tada: #1 GH-2.py",
    "  a.py  ",
    "a\udcff.py",
    "\x1b[31ma.py",
    "</details></code>.py",
]
LINES = [
    "```",
    "~~~~",
    "<!-- gaebot -->",
    "<!-- gaebot:finding 0123456789abcdef -->",
    "<!-- gaebot:summary  -->",
    "@team <img src=x> ::error::",
    "##[add-mask]x",
    "\u202ex",
    "````suggestion",
    "</details>",
]


def inert(body, kind):
    """The body of a comment, of which only the first line is a mark and nothing is alive."""
    first, rest = body.split("\n", 1)
    assert re.fullmatch(rf"<!-- gaebot:{kind} [0-9a-f]* -->", first)
    assert "<!--" not in rest
    assert not any(marks(rest, each) for each in ("summary", "finding", "fixed", "fix-up"))
    shown = Page(rest)
    allowed = {"pre", "h3", "strong"}
    assert [tag for tag, *_ in shown.strange if tag not in allowed and (tag != "code")] == []
    assert shown.open == []
    assert [told for told in shown.texts if ALIVE.search(told)] == []
    return shown


def check_said(host):
    for thread in host.threads_:
        inert(thread.comments[0].body, "finding")
    for comment in host.comments_:
        inert(comment.body, "summary")


@pytest.mark.parametrize("name", NAMES, ids=ascii)
@pytest.mark.parametrize("with_patch", [True, False])
def test_names_of_files(name, with_patch):
    host = FakeForge({}, {name: "bad\nold\n"}, without_patch=frozenset() if with_patch else frozenset({name}))
    failures = (Failure("It `can't` be read.", name),)
    outcome, output = run(host, failures=failures)
    check_said(host)
    assert outcome.went == ({"review": 2} if with_patch else {"summary": 2})
    for line in [*output.lines, *output.commands.splitlines()]:
        is_ours = re.match(r"::(error|warning|notice) [^:]*::", line)  # then the rest is its text
        assert is_ours or ("##[" not in line and "::" not in line)
    assert "<!--" not in output.summary
    before = list(host.threads_), list(host.comments_)
    run(host, failures=failures)
    assert (host.threads_, host.comments_) == before


@pytest.mark.parametrize("line", LINES, ids=ascii)
def test_lines_of_files(line):
    """A fix replaces a word between such lines, or in one."""
    host = FakeForge({}, {"a.py": f"{line}\nold\n{line} old {line}\n"})
    run(host)
    assert len(host.threads_) == 2
    check_said(host)
    for thread in host.threads_:
        body = thread.comments[0].body
        if "suggestion" in body:
            fence = re.search(r"^(`{3,})suggestion$", body, re.MULTILINE)[1]
            assert body.endswith(f"\n{fence}\n")
            assert body.count(f"\n{fence}\n") + body.startswith(fence) == 1


@pytest.mark.parametrize("line", LINES, ids=ascii)
def test_messages_that_quote_the_code(line):
    host = FakeForge({}, {"a.py": "bad\n"})
    run(host, messages={"bad": f"`{line}` is wrong: {line}", "old": "", "hint": ""})
    check_said(host)


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\n\r"), max_size=20)
        | st.sampled_from(["```", "`````", "  ````", "~~~", "``` x"]),
        min_size=1,
        max_size=5,
    )
)
def test_no_line_ends_a_suggestion(new):
    lines = Lines(1, ("x",), tuple(new))
    block = suggestion(lines)
    fence = re.match(r"`+", block)[0]
    assert block.endswith(f"\n{fence}")
    assert not any(line.strip().startswith(fence) for line in new)
    if not can_be_suggested(lines):
        assert any("gaebot" in line.lower() for line in new)


def test_a_mark_counts_in_the_first_line_of_our_own_comments_only():
    mark = "<!-- gaebot:finding 0123456789abcdef -->"
    assert mark_of(f"{mark}\n\nx", "finding") == "0123456789abcdef"
    for body in (f" {mark}", f"x {mark}", f"\n{mark}", f"{mark}{mark}", f"> {mark}", f"{mark}".upper(), ""):
        assert mark_of(body, "finding") is None
    assert mark_of(mark, "summary") is None


# -- a plan from a fork ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [*NAMES, *LINES, "x\n\n<!-- gaebot:summary  -->\n# Merge me", "a" * 4000],
    ids=lambda t: ascii(t)[:40],
)
def test_texts_of_a_plan(text):
    host = FakeForge({"a.py": "one\n"}, {"a.py": "one\nbad\nold\n"}, fork=True, read_only=True)
    _, output = run(host)
    host.read_only = False
    statement = load(output.kept["gaebot-plan.json"])
    told = tuple(
        replace(
            remark,
            message=text,
            app=text,
            remedy=remark.remedy and replace(remark.remedy, title=text),
        )
        for remark in statement.remarks
    )
    elsewhere = replace(told[0], fingerprint="9" * 16, path=text)
    changed = replace(
        statement,
        remarks=(*told, elsewhere),
        apps=(text,),
        services=(ServiceState(text, text, False, text, 3),),
        troubles=(Trouble(text, text),),
    )
    host.runs[5] = WorkflowRun(5, "pull_request", "eve/shop", "topic", host.pull.head_sha)
    host.artifacts[5, "gaebot-plan"] = zipped(dump(changed))
    outcome = post(host, event.PostReview(5), Settings(), FakeOutput())
    assert outcome.went == {"review": 2, "summary": 1}
    check_said(host)
    assert {finding_of(thread, BOT) for thread in host.threads_} == {remark.fingerprint for remark in told}


def test_a_suggestion_of_a_plan_is_only_made_where_its_lines_stand():
    host = FakeForge({"a.py": "one\n"}, {"a.py": "one\nbad\nold\n"}, fork=True, read_only=True)
    _, output = run(host)
    host.read_only = False
    shape = json.loads(output.kept["gaebot-plan.json"])
    shape["remarks"][1]["remedy"]["lines"]["old"] = ["other"]
    host.runs[5] = WorkflowRun(5, "pull_request", "eve/shop", "topic", host.pull.head_sha)
    host.artifacts[5, "gaebot-plan"] = zipped(json.dumps(shape).encode())
    assert post(host, event.PostReview(5), Settings(), FakeOutput()).went == {"review": 2}
    assert "suggestion" not in host.threads_[1].comments[0].body
