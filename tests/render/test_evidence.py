"""Evidence as text: what was judged, how it went, and what to do where nothing could be judged."""

import pytest

from gaebot.evidence import Evidence, Judgement, Outcome, Proof, Step
from gaebot.render.evidence import render_evidence
from gaebot.render.json import render_json
from gaebot.report import Report
from tests.render.golden import golden_report

FILES = Proof(Step.COMPILE, Outcome.PASSED, "2 files", (Judgement("a.py", Outcome.PASSED),))
ANSWERS = Proof(
    Step.ANSWER,
    Outcome.PASSED,
    "1 handler of 1 service",
    (Judgement("app.yaml", Outcome.PASSED, "", "/.*", "main.app", "GET /", 200),),
)
JUDGES = ("CPython 2.7.18",)


def text(*proofs, **named):
    return render_evidence(Report(evidence=(Evidence(proofs, app="shop", **named),)))


def test_all_that_passed():
    assert text(FILES, ANSWERS, judges=JUDGES) == (
        "shop\n"
        "  passed   Python 2.7 compiles the Python files: 2 files.\n"
        "  passed   All handlers answer on Google's development server: 1 handler of 1 service.\n"
        "           + shop/app.yaml: /.* (main.app), GET /: 200\n"
        "\n"
        "Judged by CPython 2.7.18.\n"
        "The app works: every step passed.\n"
    )


def test_what_failed_is_named():
    broken = Judgement("b.py", Outcome.FAILED, "line 1: invalid\nsyntax")
    said = text(FILES._replace(outcome=Outcome.FAILED, judgements=(*FILES.judgements, broken)))
    assert "  failed   Python 2.7 compiles the Python files: 2 files.\n" in said
    assert "           - shop/b.py: line 1: invalid syntax\n" in said
    assert "a.py" not in said
    assert said.endswith("The app is not proved to work: 1 step failed.\n")


def test_what_to_install_is_said_once():
    missing = [Proof(step, Outcome.NOT_RUN, "no Python 2.7 was found") for step in list(Step)[:4]]
    said = text(*missing, advice=("Install one with `pyenv install 2.7.18`.",) * 2)
    assert "  not run  Python 2.7 compiles the Python files: because no Python 2.7 was found.\n" in said
    assert said.count("pyenv install 2.7.18") == 1
    assert said.endswith("The app is not proved to work: 4 steps were not run.\n")


def test_one_reason_for_all_is_said_once():
    why = "the time limit of 8 seconds was over"
    judgements = tuple(Judgement(f"{name}.yaml", Outcome.NOT_RUN, why) for name in "ab")
    assert text(Proof(Step.LOAD, Outcome.NOT_RUN, why, judgements)).count("time limit") == 1


def test_quiet_tells_only_what_did_not_pass():
    report = Report(evidence=(Evidence((FILES, ANSWERS), app="shop"),))
    assert render_evidence(report, quiet=True) == ""
    failed = ANSWERS._replace(outcome=Outcome.FAILED)
    said = render_evidence(Report(evidence=(Evidence((FILES, failed), app="shop"),)), quiet=True)
    assert said.startswith("shop\n  failed   All handlers")
    assert "compiles" not in said


def test_several_apps():
    works, fails = Evidence((FILES,), app="one"), Evidence((FILES._replace(outcome=Outcome.FAILED),), app="")
    assert "All 2 apps work: every step passed.\n" in render_evidence(Report(evidence=(works, works)))
    said = render_evidence(Report(evidence=(works, fails)))
    assert "\n.\n  failed" in said
    assert said.endswith("1 of 2 apps are not proved to work: 1 step failed.\n")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(width):
    report = Report(evidence=(Evidence((FILES._replace(about="many words " * 30),), app="shop"),))
    assert max(map(len, render_evidence(report, width=width).splitlines())) <= width


def test_nothing_hidden_is_printed():
    assert all(
        line.replace("\ufffe", "").isprintable() for line in render_evidence(golden_report()).splitlines()
    )


def test_outcomes_have_colours():
    styles = []
    report = Report(evidence=(Evidence((FILES, ANSWERS._replace(outcome=Outcome.FAILED)), app="shop"),))

    def paint(said, style):
        styles.append((said, style))
        return said

    render_evidence(report, paint=paint)
    assert ("passed", "green") in styles
    assert ("failed", "red") in styles


def test_a_check_has_none_in_its_json():
    assert '"evidence"' not in render_json(Report())
    assert '"evidence"' in render_json(Report(evidence=(Evidence((FILES,)),)))
