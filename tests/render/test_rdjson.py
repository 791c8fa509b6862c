import json

import pytest

from gaebot.finding import Failure, Finding, Fix, Place, RunsOn, Safety, Severity
from gaebot.render.rdjson import render_rdjson
from gaebot.report import Report
from gaebot.text import NewFile, SourceFile, Span
from tests.render.example_apps import EXAMPLE_APPS, example_report
from tests.render.golden import RULES, golden_report


def parsed(report):
    text = render_rdjson(report, RULES)
    assert text.isascii()
    return json.loads(text)


def finding(source, span, **named):
    given = {"rule": "r", "severity": Severity.ERROR, "message": "It is old.", **named}
    return Finding(place=Place(source, span), **given)


def with_fix(*edits, safety=Safety.SAFE, new_files=(), data=b"one\ntwo\nthree\n"):
    source = SourceFile("a.py", data)
    made = tuple(source.edit(span, new) for span, new in edits)
    found = finding(source, Span(0, 1), fix=Fix("Mend", made, safety, RunsOn.BOTH, new_files))
    return Report((found,), sources={"a.py": source})


def offset(data, position):
    """The byte that a position of the format stands for, in a file of UTF-8."""
    lines = data.split(b"\n")
    return sum(len(line) + 1 for line in lines[: position["line"] - 1]) + position["column"] - 1


def test_nothing_to_report():
    assert parsed(Report()) == {"source": {"name": "gaebot"}, "diagnostics": []}


def test_a_diagnostic_whole():
    shape = parsed(golden_report())
    assert (shape["source"], shape["severity"]) == ({"name": "gaebot"}, "ERROR")
    first = shape["diagnostics"][0]
    assert first == {
        "message": "Gone: `python`.",
        "location": {
            "path": "shop/app.yaml",
            "range": {"start": {"line": 2, "column": 1}, "end": {"line": 2, "column": 16}},
        },
        "severity": "ERROR",
        "code": {"value": "yaml-runtime", "url": "https://guide.example/move"},
    }
    assert [one["severity"] for one in shape["diagnostics"][:3]] == ["ERROR", "INFO", "WARNING"]
    assert shape["diagnostics"][2]["related_locations"][0]["message"] == "It is kept here."


def test_columns_count_bytes_of_utf8():
    data = "\ufeffé\n'🐍é' old".encode()
    source = SourceFile("a.py", data)
    start = data.index(b"old")
    (one,) = parsed(Report((finding(source, Span(start, start + 3)),)))["diagnostics"]
    assert one["location"]["range"] == {"start": {"line": 2, "column": 10}, "end": {"line": 2, "column": 13}}
    (one,) = parsed(Report((finding(source, Span(0, 5)),)))["diagnostics"]
    assert one["location"]["range"] == {"start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 3}}


def test_a_suggestion_is_the_whole_fix():
    report = with_fix((Span(0, 3), b"1"), (Span(8, 13), b"3"))
    (suggestion,) = parsed(report)["diagnostics"][0]["suggestions"]
    assert suggestion == {
        "range": {"start": {"line": 1, "column": 1}, "end": {"line": 3, "column": 6}},
        "text": "1\ntwo\n3",
    }


@pytest.mark.parametrize(
    "report",
    [
        with_fix((Span(0, 3), b"1"), safety=Safety.DISPLAY),
        with_fix((Span(0, 3), b"1"), new_files=(NewFile("b.py", b""),)),
        with_fix((Span(0, 1), b"1"), (Span(300, 301), b"3"), data=b"x\n" * 200),
        with_fix(),
    ],
)
def test_part_of_a_fix_is_no_suggestion(report):
    assert "suggestions" not in parsed(report)["diagnostics"][0]


@pytest.mark.parametrize("app", EXAMPLE_APPS)
def test_suggestions_make_what_gaebot_makes(app):
    report = example_report(app)
    for one, found in zip(parsed(report)["diagnostics"], report.findings, strict=False):
        source = found.place.source
        if source.encoding != "utf-8" or source.bom:
            continue
        for suggestion in one.get("suggestions", ()):
            start, end = (offset(source.data, suggestion["range"][name]) for name in ("start", "end"))
            made = source.data[:start] + suggestion["text"].encode() + source.data[end:]
            assert made == source.apply(found.fix.edits).data


def test_failures_are_diagnostics_without_a_rule():
    shape = parsed(Report(failures=(Failure("Too large.", "big.py"), Failure("Broke.", rule="r"))))
    assert shape["severity"] == "ERROR"
    assert shape["diagnostics"] == [
        {"message": "Too large.", "severity": "ERROR", "location": {"path": "big.py"}},
        {"message": "Broke.", "severity": "ERROR"},
    ]
