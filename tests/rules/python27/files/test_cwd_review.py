"""`cwd-review`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.files.folders import below
from tests.rules.python27.wsgi.scripts import cgi

RULE = "cwd-review"
CODE = "def f(name):\n  return open(name)\n"


@pytest.mark.parametrize(
    "code",
    [
        "x = 1\n",
        "x = open('menu.yaml')\n",
        "HERE = __file__\n" + CODE,
        "x = open('/abs/menu.txt')\n",
        "def f(name):\n  open(name, 'w')\n",
        "def f():\n  return open(path())\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, below(code, "admin/menu.yaml", runtime="python")) == []


def test_leaves_root_scripts_and_moved_apps_alone() -> None:
    assert find(RULE, cgi(CODE)) == []
    assert find(RULE, below(CODE)) == []


def test_one_note_for_an_app() -> None:
    (finding,) = find(RULE, below("import util\n" + CODE, util=CODE, runtime="python"))
    assert len(finding.related) == 1


def test_a_file_that_is_not_with_the_code() -> None:
    (finding,) = find(RULE, below("x = open('menu.txt')\ny = __file__\n", runtime="python"))
    assert finding.place.snippet == b"'menu.txt'"
