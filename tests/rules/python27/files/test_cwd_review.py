"""`cwd-review`: what it leaves alone and finds."""

from __future__ import annotations

from tests.rules.helpers import find
from tests.rules.python27.files.folders import below
from tests.rules.python27.wsgi.scripts import cgi

RULE = "cwd-review"
CODE = "def f(name):\n  return open(name)\n"


def test_leaves_alone() -> None:
    assert find(RULE, cgi(CODE)) == []
    assert find(RULE, below(CODE)) == []
    assert find(RULE, below("x = open('menu.txt')\n", runtime="python")) == []
    assert find(RULE, below("HERE = __file__\n" + CODE, runtime="python")) == []


def test_one_note_for_an_app() -> None:
    (finding,) = find(RULE, below("import util\n" + CODE, util=CODE, runtime="python"))
    assert len(finding.related) == 1
