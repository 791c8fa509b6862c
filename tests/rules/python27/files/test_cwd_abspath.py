"""`cwd-abspath`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Safety, Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.files.folders import below
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "cwd-abspath"
HEAD = "import os\nfrom os.path import isfile\n"
THERE = ["admin/menu.yaml", "admin/pages/tea.yaml"]


@pytest.mark.parametrize(
    "line",
    [
        "x = os.path.abspath('/abs/menu.yaml')",
        "x = os.path.abspath(__file__)",
        "x = os.path.exists(name)",
        "x = os.path.exists('elsewhere.yaml')",
        "x = os.path.exists(os.path.join(os.path.dirname(__file__), 'menu.yaml'))",
        "x = os.path.dirname('menu.yaml')",
        "x = os.path.basename('menu.yaml')",
        "x = os.path.splitext('menu.yaml')",
    ],
)
@pytest.mark.parametrize("runtime", ["python", "python27"])
def test_leaves_alone(line: str, runtime: str) -> None:
    assert find(RULE, below(HEAD + line + "\n", *THERE, runtime=runtime)) == []


@pytest.mark.parametrize(
    ("line", "severity", "made"),
    [
        (
            "x = os.path.abspath('pages')",
            Severity.WARNING,
            "x = os.path.abspath(os.path.join(os.path.dirname(__file__), 'pages'))",
        ),
        (
            "x = isfile('menu.yaml')",
            Severity.WARNING,
            "x = isfile(os.path.join(os.path.dirname(__file__), 'menu.yaml'))",
        ),
        (
            "x = os.path.exists('pages/' + name)",
            Severity.WARNING,
            "x = os.path.exists(os.path.join(os.path.dirname(__file__), 'pages/' + name))",
        ),
        (
            "x = os.path.realpath(os.path.join('pages', 'tea.yaml'))",
            Severity.WARNING,
            "x = os.path.realpath(os.path.join(os.path.dirname(__file__), 'pages', 'tea.yaml'))",
        ),
        (
            "x = os.path.getmtime('menu.yaml')",
            Severity.ERROR,
            "x = os.path.getmtime(os.path.join(os.path.dirname(__file__), 'menu.yaml'))",
        ),
        (
            "x = os.stat('menu.yaml').st_size",
            Severity.ERROR,
            "x = os.stat(os.path.join(os.path.dirname(__file__), 'menu.yaml')).st_size",
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
    code = HEAD + "x = os.path.isfile('menu.yaml')\n"
    files = below(code, *THERE, *["menu.yaml"], runtime="python")
    (finding,) = find(RULE, files)
    assert finding.severity == Severity.WARNING
    assert finding.fix is not None
    assert finding.fix.safety == Safety.REVIEW
    assert find(RULE, below(code, *THERE, *["menu.yaml"])) == []


def test_scripts_in_the_root_and_tools_are_left_alone() -> None:
    code = HEAD + "x = os.path.isfile('menu.yaml')\n"
    there = dict.fromkeys(THERE, "x: 1\n")
    assert find(RULE, {**wsgi(code), **there}) == []
    assert find(RULE, {**wsgi("app = 1\n"), "admin/tool.py": code, **there}) == []


@pytest.mark.parametrize("folder", ["'.'", "''", "'./'", "os.curdir"])
def test_the_folder_itself_is_known_before_the_switch(folder: str) -> None:
    files = below(f"import os\nx = os.path.abspath({folder})\n", runtime="python")
    assert [finding.severity for finding in find(RULE, files)] == [Severity.WARNING]
    made = fixed(RULE, files, unsafe=False)["admin/main.py"]
    here = "os.path.dirname(__file__)"
    assert made == f"import os\nx = os.path.abspath({here})\n" or folder == "os.curdir"
    assert here in made
    assert find(RULE, below(f"import os\nx = os.path.abspath({folder})\n")) == []
