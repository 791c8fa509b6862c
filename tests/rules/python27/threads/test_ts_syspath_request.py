"""`ts-syspath-request`: what it leaves alone and finds."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "ts-syspath-request"

HEAD = "import os, sys\nimport webapp2\nLIB = os.path.join(os.path.dirname(__file__), 'lib')\n"
APP = "\napp = webapp2.WSGIApplication([('/', Main)])\n"


def handler(code: str, more: str = "") -> dict[str, str | bytes]:
    """An app whose one request handler runs some statements."""
    body = indent(dedent(code), "        ")
    return wsgi(f"{HEAD}{more}\nclass Main(webapp2.RequestHandler):\n    def get(self):\n{body}\n{APP}")


@pytest.mark.parametrize(
    "code",
    [
        "x = sys.path",
        "for folder in sys.path: pass",
        "if LIB in sys.path: pass",
        "x = list(sys.path)\nx.append(LIB)",
        "x = sys.path + [LIB]",
        "x = sys.path[0]",
        "os.path.join('a', 'b')",
        "self.sys.path.append(LIB)",
        "sys = self\nsys.path.append(LIB)",
        "sys.path.index(LIB)",
        "sys.path_hooks.append(LIB)",
        "path = []\npath.append(LIB)",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, handler(code)) == []


@pytest.mark.parametrize(
    "code",
    [
        "sys.path.insert(0, LIB)",
        "sys.path[0:0] = [LIB]",
        "def fix_path():\n    sys.path.insert(0, LIB)\nfix_path()",
        "def main():\n    sys.path.insert(0, LIB)\nif __name__ == '__main__':\n    main()",
    ],
)
def test_import_code_is_left_alone(code: str) -> None:
    assert find(RULE, wsgi(f"{HEAD}{code}\nclass Main(webapp2.RequestHandler):\n    pass\n{APP}")) == []
    tool = f"{HEAD}def get(request):\n    sys.path.append('x')\n"
    assert find(RULE, {**handler("pass"), "tool.py": tool}) == []


@pytest.mark.parametrize(
    "code",
    [
        "sys.path.insert(0, LIB)",
        "sys.path.append(self.request.get('x'))",
        "sys.path.extend([LIB])",
        "sys.path += [LIB]",
        "sys.path = [LIB] + sys.path",
        "sys.path[0:0] = [LIB]",
        "sys.path[:0] = [LIB]",
        "if self.x:\n    sys.path.append(LIB)",
        "sys.path.insert(0, LIB)\ntry:\n    import x\nfinally:\n    sys.path.remove(LIB)",
        "sys.path = self.folders",
        "from sys import path as places\nplaces.append(LIB)",
    ],
)
def test_finds(code: str) -> None:
    (finding,) = find(RULE, handler(code))
    assert finding.severity is Severity.WARNING
    assert "`Main.get`" in finding.message


def test_what_is_taken_away_again_does_not_grow() -> None:
    (finding,) = find(RULE, handler("sys.path.insert(0, LIB)\nimport x\nsys.path.pop(0)"))
    assert "longer" not in finding.message
    assert len(finding.related) == 1


def test_a_function_of_another_module() -> None:
    files = handler("setup.fix()", "import setup\n")
    (finding,) = find(RULE, {**files, "setup.py": "import sys\ndef fix():\n    sys.path.insert(0, 'lib')\n"})
    assert finding.place.path == "setup.py"
    assert "`Main.get` → `fix`" in finding.message


@pytest.mark.parametrize(
    "code",
    [
        "if LIB not in sys.path:\n    sys.path.append(LIB)",
        "if LIB in sys.path:\n    return\nsys.path.append(LIB)",
        "sys.path = [LIB, '.']",
        "sys.path[0] = LIB",
    ],
)
def test_what_does_not_grow_is_a_note(code: str) -> None:
    assert [finding.severity for finding in find(RULE, handler(code))] == [Severity.NOTE]
