import json
import os

from gaebot.app import App
from gaebot.engine import check, fix
from gaebot.finding import Failure, Finding, Place, Related, Safety, Severity
from gaebot.render.json import render_json
from gaebot.report import Report
from gaebot.text import Edit, NewFile, Span
from tests.fakes import FunctionRule, WordRule, make_fix


def parsed(report, fixed=None):
    text = render_json(report, fixed)
    assert text.isascii()
    assert text.endswith("}\n")
    return json.loads(text)


def test_the_shape_whole():
    def find(app):
        source = app.files["a/ä.py"]
        where = Place(source, Span(3, 6))
        edits = (where.replace(b"new\nx"), Edit("b.yaml", 2, b"", b"!"))
        made = make_fix(*edits, safety=Safety.REVIEW, new_files=(NewFile("a/__init__.py", b""),))
        related = (Related(Place(app.files["b.yaml"], Span(0, 1)), "Here."),)
        yield Finding("r", Severity.WARNING, where, "Wrong.", related, made)

    app = App({"a/ä.py": "ä\nold\n".encode(), "b.yaml": b"a: 1\n"}, root="app", vendored={"lib": "x"})
    shape = parsed(check(app, [FunctionRule("r", find)]))
    fingerprint = shape["findings"][0].pop("fingerprint")
    assert len(fingerprint) == 16
    assert shape == {
        "version": 1,
        "findings": [
            {
                "rule": "r",
                "severity": "warning",
                "app": "app",
                "path": "app/a/ä.py",
                "line": 2,
                "column": 1,
                "end_line": 2,
                "end_column": 4,
                "template": False,
                "message": "Wrong.",
                "related": [
                    {
                        "path": "app/b.yaml",
                        "line": 1,
                        "column": 1,
                        "end_line": 1,
                        "end_column": 2,
                        "message": "Here.",
                    }
                ],
                "fix": {
                    "title": "Put the new word there",
                    "safety": "review",
                    "runs_on": "2.5 and 2.7",
                    "edits": [
                        {
                            "path": "app/a/ä.py",
                            "start_line": 2,
                            "start_column": 1,
                            "end_line": 2,
                            "end_column": 4,
                            "old": "old",
                            "new": "new\nx",
                        },
                        {
                            "path": "app/b.yaml",
                            "start_line": 1,
                            "start_column": 3,
                            "end_line": 1,
                            "end_column": 3,
                            "old": "",
                            "new": "!",
                        },
                        {"path": "app/a/__init__.py", "new": "", "create": True},
                    ],
                },
            }
        ],
        "thread_safety": [],
        "errors": [],
        "apps": ["app"],
        "vendored": ["app/lib (x)"],
        "silenced": 0,
        "baseline": None,
    }


def test_a_finding_without_a_fix():
    (found,) = parsed(check(App({"a.py": b"old"}), [WordRule("r", b"old")]))["findings"]
    assert found["fix"] is None
    assert found["app"] == "."


def test_errors():
    failures = (Failure("No.", "a.py", app="x"), Failure("Broke.", rule="r", app="x", internal=True))
    assert parsed(Report(failures=failures))["errors"] == [
        {"path": "x/a.py", "rule": "", "message": "No.", "internal": False},
        {"path": "x", "rule": "r", "message": "Broke.", "internal": True},
    ]


def test_bytes_that_are_no_text():
    name = os.fsdecode(b"caf\xe9.py")
    app = App({name: b"# coding: utf-8\n\xffold\xfe"})
    (found,) = parsed(check(app, [WordRule("r", b"old\xfe"[:3], b"\xc3")]))["findings"]
    assert found["path"] == "caf\\xe9.py"
    assert found["fix"]["edits"][0]["old"] == "old"
    assert found["column"] == 2


def test_what_was_fixed():
    result = fix(App({"a.py": b"x old"}, root="app"), [WordRule("r", b"old", b"new")])
    assert parsed(result.report, result.fixed)["fixed"] == [
        {
            "rule": "r",
            "app": "app",
            "path": "app/a.py",
            "line": 1,
            "column": 3,
            "end_line": 1,
            "end_column": 6,
            "fix": {"title": "Put the new word there", "safety": "safe", "runs_on": "2.5 and 2.7"},
        }
    ]
    assert "fixed" not in parsed(result.report)


def test_a_finding_in_a_template_says_so():
    app = App({"app.yaml.example": b"runtime: python\n", "app.yaml": b"runtime: python\n"})
    shape = parsed(check(app, [WordRule("old-word", b"runtime")]))
    assert [(finding["path"], finding["template"]) for finding in shape["findings"]] == [
        ("app.yaml", False),
        ("app.yaml.example", True),
    ]
