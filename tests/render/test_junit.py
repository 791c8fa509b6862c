from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from gaebot.finding import Failure, Finding, Place, Severity
from gaebot.render.junit import render_junit
from gaebot.render.visible import visible
from gaebot.report import Report
from gaebot.text import SourceFile, Span
from tests.render.example_apps import EXAMPLE_APPS, example_report
from tests.render.golden import HOSTILE_NAMES, golden_report

SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("schemas") / "junit-10.xsd")


def parsed(report):
    text = render_junit(report, ())
    assert text.isascii()
    root = ET.fromstring(text)  # noqa: S314 - made here
    SCHEMA.validate(root)
    for element in (root, *root):
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            assert element.get(name) == str(len(list(element.iter(tag))))
    return root


def finding(path="a.py", severity=Severity.ERROR, message="It is old.", rule="r"):
    return Finding(rule, severity, Place(SourceFile(path, b"old"), Span(0, 3)), message)


@pytest.mark.parametrize("app", EXAMPLE_APPS)
def test_apps_pass_the_schema(app):
    assert parsed(example_report(app)).get("tests") != "0"


def test_the_golden_report_passes_the_schema():
    root = parsed(golden_report())
    assert [suite.get("name") for suite in root] == ["shop", "ho<s>til|e", "."]


def test_an_app_without_findings_has_a_test_that_passes():
    (suite,) = parsed(Report(apps=("x",)))
    (test,) = suite
    assert (test.get("classname"), list(test)) == ("x", [])


def test_a_rule_is_one_test_of_a_file():
    found = (finding(message="One."), finding(message="Two."), finding("b.py"), finding(rule="s"))
    (suite,) = parsed(Report(found))
    assert [(test.get("classname"), test.get("name")) for test in suite] == [
        ("a.py", "r"),
        ("b.py", "r"),
        ("a.py", "s"),
    ]
    (failure,) = suite[0]
    assert (failure.get("type"), failure.get("message")) == ("error", "One. (and 1 more)")
    assert failure.text == "a.py:1:1: error: One.\n\na.py:1:1: error: Two."


def test_a_test_fails_with_the_worst():
    found = [finding(severity=severity, message=severity.value) for severity in reversed(Severity)]
    (suite,) = parsed(Report(tuple(found)))
    (failure,) = suite[0]
    assert (failure.get("type"), failure.get("message")) == ("error", "error (and 2 more)")


def test_notes_alone_pass():
    (suite,) = parsed(Report((finding(severity=Severity.NOTE),)))
    (output,) = suite[0]
    assert (output.tag, output.text) == ("system-out", "a.py:1:1: note: It is old.")


def test_failures_are_errors_of_their_app():
    failures = (Failure("Too large.", "big.py", app="x"), Failure("Broke.", rule="r", app="x", internal=True))
    (suite,) = parsed(Report(failures=failures, apps=("x",)))
    assert [(t.get("classname"), t.get("name"), t[0].get("type"), t[0].get("message")) for t in suite] == [
        ("x/big.py", "can be read", "input", "Too large."),
        ("x", "r", "internal", "Broke."),
    ]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_are_texts(name):
    (suite,) = parsed(Report((finding(name, message=name),)))
    wanted = visible(name).replace("\ufffe", "\\ufffe")
    assert suite[0].get("classname") == wanted.replace("https://", "https:/")
    assert suite[0][0].get("message") == visible(" ".join(name.split())).replace("\ufffe", "\\ufffe")


@given(st.text(), st.text())
def test_any_text_makes_a_document(path, message):
    parsed(Report((finding(path, message=message), finding(severity=Severity.NOTE, message=message))))
