"""What single judgements come to, and when an app counts as proved."""

import pytest

from gaebot.evidence import Evidence, Judgement, Outcome, Proof, Step, concluded, first
from gaebot.prove.whole import proved
from gaebot.report import Report

PASSED = Judgement("a.py", Outcome.PASSED)
FAILED = Judgement("b.py", Outcome.FAILED, "line 1: invalid syntax")
NOT_RUN = Judgement("c.yaml", Outcome.NOT_RUN, "its runtime is go")


@pytest.mark.parametrize(
    ("judgements", "outcome", "about"),
    [
        ((), Outcome.PASSED, "2 files"),
        ((PASSED, PASSED), Outcome.PASSED, "2 files"),
        ((PASSED, FAILED), Outcome.FAILED, "2 files, 1 failed"),
        ((NOT_RUN, FAILED), Outcome.FAILED, "2 files, 1 failed"),
        ((NOT_RUN, PASSED), Outcome.NOT_RUN, "1 of 2 could not be judged"),
        ((NOT_RUN, NOT_RUN), Outcome.NOT_RUN, "its runtime is go"),
    ],
)
def test_what_judgements_come_to(judgements, outcome, about):
    proof = concluded(Step.COMPILE, judgements, "2 files")
    assert (proof.outcome, proof.about, proof.judgements) == (outcome, about, judgements)


def test_what_failed_comes_first():
    proof = concluded(Step.COMPILE, (NOT_RUN, PASSED, FAILED), "3 files")
    assert proof.open_ones == (FAILED, NOT_RUN)


def test_the_first_ones_and_that_there_are_more():
    assert list(first((PASSED, FAILED), 2)) == [PASSED, FAILED]
    assert list(first((PASSED, FAILED, NOT_RUN), 2)) == [PASSED, FAILED, None]
    assert list(first((), 2)) == []


@pytest.mark.parametrize(
    ("outcomes", "is_proved", "with_not_run"),
    [
        ([Outcome.PASSED, Outcome.PASSED], True, True),
        ([Outcome.PASSED, Outcome.NOT_RUN], False, True),
        ([Outcome.NOT_RUN, Outcome.NOT_RUN], False, True),
        ([Outcome.PASSED, Outcome.FAILED], False, False),
        ([Outcome.NOT_RUN, Outcome.FAILED], False, False),
    ],
)
def test_what_was_not_run_is_no_proof(outcomes, is_proved, with_not_run):
    evidence = Evidence(tuple(Proof(Step.YAML, outcome, "") for outcome in outcomes))
    assert evidence.is_whole is is_proved
    assert proved([evidence]) is is_proved
    assert proved([evidence], allow_not_run=True) is with_not_run


def test_one_app_that_fails_is_enough():
    works = Evidence((Proof(Step.YAML, Outcome.PASSED, ""),))
    fails = Evidence((Proof(Step.YAML, Outcome.FAILED, ""),))
    assert proved([works, works])
    assert not proved([works, fails])


def test_paths_are_told_as_the_caller_names_them():
    evidence = Evidence((Proof(Step.YAML, Outcome.PASSED, ""),), app="shop")
    assert evidence.in_app("lib/a.py") == "shop/lib/a.py"
    assert evidence.in_app("") == ""
    report = Report(evidence=(evidence,)).for_app("other").renamed(lambda root: f"top/{root}")
    assert [one.app for one in report.evidence] == ["top/other"]
    assert Report.merge([report, report]).evidence == report.evidence * 2
