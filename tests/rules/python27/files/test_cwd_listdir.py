"""`cwd-listdir`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Safety, Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.files.folders import below
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "cwd-listdir"
HEAD = "import os, glob\n"
THERE = ["admin/pages/tea.yaml", "admin/more/one.yaml"]


@pytest.mark.parametrize(
    "line",
    [
        "x = os.listdir('/abs')",
        "x = os.listdir(name)",
        "x = os.listdir('elsewhere')",
        "x = os.listdir('pages/tea.yaml')",
        "x = glob.glob('*.html')",
        "x = glob.glob('*/*/*.yaml')",
        "x = os.walk(os.path.join(os.path.dirname(__file__), 'pages'))",
    ],
)
@pytest.mark.parametrize("runtime", ["python", "python27"])
def test_leaves_alone(line: str, runtime: str) -> None:
    assert find(RULE, below(HEAD + line + "\n", *THERE, runtime=runtime)) == []


@pytest.mark.parametrize(
    ("line", "severity", "made"),
    [
        (
            "x = os.listdir('pages')",
            Severity.ERROR,
            "x = os.listdir(os.path.join(os.path.dirname(__file__), 'pages'))",
        ),
        (
            "x = os.listdir('pages/')",
            Severity.ERROR,
            "x = os.listdir(os.path.join(os.path.dirname(__file__), 'pages/'))",
        ),
        (
            "for x in os.walk('pages'): pass",
            Severity.WARNING,
            "for x in os.walk(os.path.join(os.path.dirname(__file__), 'pages')): pass",
        ),
        (
            "from os import listdir as names; x = names('pages')",
            Severity.ERROR,
            "from os import listdir as names; x = names(os.path.join(os.path.dirname(__file__), 'pages'))",
        ),
        (
            "x = glob.glob('pages/*.yaml')",
            Severity.WARNING,
            "x = glob.glob(os.path.join(os.path.dirname(__file__), 'pages/*.yaml'))",
        ),
        (
            "x = glob.glob('m?re/[no]*.yaml')",
            Severity.WARNING,
            "x = glob.glob(os.path.join(os.path.dirname(__file__), 'm?re/[no]*.yaml'))",
        ),
    ],
)
@pytest.mark.parametrize("runtime", ["python", "python27"])
def test_starts_at_the_module(line: str, severity: Severity, made: str, runtime: str) -> None:
    files = below(HEAD + line + "\n", *THERE, runtime=runtime)
    (finding,) = find(RULE, files)
    assert finding.severity == severity
    assert finding.fix is not None
    assert fixed(RULE, files)["admin/main.py"] == HEAD + made + "\n"


def test_what_is_in_the_root_too_is_a_question_before_the_switch() -> None:
    code = HEAD + "x = os.listdir('pages')\n"
    files = below(code, *THERE, *["pages/tea.yaml"], runtime="python")
    (finding,) = find(RULE, files)
    assert finding.severity == Severity.WARNING
    assert finding.fix is not None
    assert finding.fix.safety == Safety.REVIEW
    assert find(RULE, below(code, *THERE, *["pages/tea.yaml"])) == []


def test_scripts_in_the_root_and_tools_are_left_alone() -> None:
    code = HEAD + "x = os.listdir('pages')\n"
    there = dict.fromkeys(THERE, "x: 1\n")
    assert find(RULE, {**wsgi(code), **there}) == []
    assert find(RULE, {**wsgi("app = 1\n"), "admin/tool.py": code, **there}) == []


def test_what_tells_its_path_to_others_wants_a_reader() -> None:
    for code, safety in (("os.walk('pages')", Safety.REVIEW), ("os.listdir('pages')", Safety.SAFE)):
        (finding,) = find(RULE, below(HEAD + code + "\n", *THERE))
        assert finding.fix is not None
        assert finding.fix.safety == safety
