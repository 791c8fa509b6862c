"""`cwd-abspath`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.files.folders import below
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "cwd-abspath"
HEAD = "import os, sys\nfrom google.appengine.ext.webapp import template\n"
PATH = "menu.yaml"
THERE = "admin/menu.yaml" if "." in PATH else "admin/pages/menu.yaml"
AT_ROOT = "menu.yaml" if "." in PATH else "pages/menu.yaml"


def call(path: str) -> str:
    return HEAD + "x = os.path.exists({p})\n".replace("{p}", path)


@pytest.mark.parametrize(
    "path",
    [
        f"'/abs/{PATH}'",
        f"os.path.join(os.path.dirname(__file__), '{PATH}')",
        "name",
        f"name + '{PATH}'",
        "'elsewhere.yaml'",
        f"'http://x/{PATH}'",
    ],
)
def test_leaves_alone(path: str) -> None:
    assert find(RULE, below(call(path), THERE)) == []


def test_scripts_in_the_root_are_left_alone() -> None:
    code = call(f"'{PATH}'")
    assert find(RULE, {**wsgi(code), AT_ROOT: "x: 1\n"}) == []
    assert find(RULE, {**wsgi("app = 1\n"), "admin/tool.py": code, THERE: "x: 1\n"}) == []


@pytest.mark.parametrize("runtime", ["python", "python27"])
def test_the_path_starts_at_the_module(runtime: str) -> None:
    files = below(call(f"'{PATH}'"), THERE, runtime=runtime)
    assert [finding.severity for finding in find(RULE, files)] == [Severity.ERROR]
    made = fixed(RULE, files, unsafe=False)["admin/main.py"]
    added = call(f"os.path.join(os.path.dirname(__file__), '{PATH}')")
    assert made in (added, "import os\n" + added)


def test_joined_parts_and_aliases() -> None:
    files = below(call(f"os.path.join('.', '{PATH}')"), THERE)
    assert (
        call(f"os.path.join(os.path.dirname(__file__), '.', '{PATH}')") in fixed(RULE, files)["admin/main.py"]
    )


def test_what_lies_in_both_is_a_question_before_the_switch() -> None:
    code = call(f"'{PATH}'")
    (finding,) = find(RULE, below(code, THERE, AT_ROOT, runtime="python"))
    assert (finding.severity, finding.fix) == (Severity.WARNING, None)
    assert find(RULE, below(code, THERE, AT_ROOT)) == []


def test_a_module_elsewhere_says_the_path_from_the_root() -> None:
    files = below("import util\n", THERE, util=call(f"'{PATH}'"))
    assert fixed(RULE, files)["util.py"] == call(f"'admin/{PATH}'")
    files = below("import util\n", THERE, util=call(f"'{PATH}'"), runtime="python")
    assert [finding.fix for finding in find(RULE, files)] == [None]


def test_a_name_is_only_reported() -> None:
    files = below(HEAD + f"P = '{PATH}'\n" + call("P"), THERE)
    assert [finding.fix for finding in find(RULE, files)] == [None]
