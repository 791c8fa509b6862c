"""What a fix-up pull request says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gaebot.bot.fixups.apps import read_apps
from gaebot.bot.fixups.content import PREPARE, SWITCH, groups, make
from gaebot.bot.fixups.words import MOST_BYTES, hands_off_words, says_the_same, text_for
from gaebot.bot.marker import marks
from gaebot.bot.settings import Grouping, Settings
from gaebot.evidence import Judgement, Outcome, Proof, Step
from tests.bot.repositories import APPS

PROOFS = (
    Proof(
        Step.COMPILE,
        Outcome.FAILED,
        "2 changed files; 1 only now",
        (Judgement("a`b.py", Outcome.FAILED, "<img> @team"),),
    ),
    Proof(Step.YAML, Outcome.NOT_RUN, "there is no Python 2.7"),
    Proof(Step.AGAIN, Outcome.PASSED, "nothing more"),
)


@pytest.fixture(scope="module")
def cinema():
    apps = read_apps(str(APPS / "cinema"), Settings())
    wanted = dict(groups(apps.subjects, Grouping.STAGE, unsafe=True))
    contents = {name: make(name, apps.subjects, keep, unsafe=True) for name, keep in wanted.items()}
    return contents, apps.report(contents[PREPARE].after)


def test_how_each_proof_went(cinema):
    contents, report = cinema
    body = text_for(contents[PREPARE], PROOFS, report, has_next=True).body
    assert "compiles the Python files: **failed** (2 changed files; 1 only now)" in body
    assert "YAML files: not run, because there is no Python 2.7" in body
    assert "a second run changes nothing: passed (nothing more)" in body
    assert "<img>" not in body
    assert "@team" not in body


def test_on_what_it_runs(cinema):
    contents, report = cinema
    prepare = text_for(contents[PREPARE], PROOFS, report, has_next=True)
    switch = text_for(contents[SWITCH], PROOFS, report, has_next=False)
    assert "**Python 2.5 and 2.7** alike" in prepare.body
    assert "gaebot opens the next one" in prepare.body
    assert "**Python 2.7 only**" in switch.body
    assert "the next one" not in switch.body
    assert max(len(prepare.title), len(switch.title)) <= 60


def test_all_that_it_may_hold_has_room(cinema):
    contents, report = cinema
    findings = [
        replace(finding, rule=f"{finding.rule}-{'ü' * 90}{number}", app=f"{'ü' * 200}/{number}")
        for number in range(40)
        for finding in report.findings
    ]
    entries = [replace(entry, app="ü" * 250) for entry in report.thread_safety * 500]
    content = replace(contents[SWITCH], patches=contents[SWITCH].patches * 200)
    long = replace(report, findings=tuple(findings), thread_safety=tuple(entries))
    proofs = tuple(
        proof._replace(judgements=(Judgement("x", Outcome.FAILED, "ü" * 5_000),) * 6) for proof in PROOFS
    )
    body = text_for(content, proofs, long, has_next=False).finished
    assert 40_000 < len(body.encode()) <= MOST_BYTES
    for more in ("more commits", "more rules", "more services"):
        assert more in body
    assert marks(body, "fix-up") == ["switch"]


def test_text_that_people_add_does_not_count(cinema):
    contents, report = cinema
    text = text_for(contents[PREPARE], PROOFS, report, has_next=True)
    other = text_for(contents[PREPARE], PROOFS[:1], report, has_next=True)
    assert says_the_same(text.finished, text)
    assert says_the_same(f"Thanks!\n{text.finished}\nMore", text)
    assert not says_the_same(text.finished, other)
    assert not says_the_same("", text)


def test_whoever_has_committed_is_not_called():
    assert "`@team`" in hands_off_words("@team")
    assert "<img" not in hands_off_words("a`<img>")
    assert "`alice`" in hands_off_words("alice")
