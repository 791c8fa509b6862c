"""`ts-decimal-context`: what it leaves alone, finds, and how it is mended."""

from __future__ import annotations

from textwrap import indent

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "ts-decimal-context"

HEAD = "import decimal\nimport webapp2\nfrom decimal import Context, getcontext, setcontext\n"
APP = "\napp = webapp2.WSGIApplication([('/', Main)])\n"


def source(module: str, code: str = "pass") -> str:
    body = indent(code, "        ")
    return f"{HEAD}{module}\nclass Main(webapp2.RequestHandler):\n    def get(self):\n{body}\n{APP}"


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("x = decimal.getcontext().prec", "pass"),
        ("decimal.DefaultContext.prec = 6", "pass"),
        ("decimal.DefaultContext.prec = 6\ndecimal.getcontext().prec = 6", "pass"),
        ("decimal.DefaultContext.prec = 6\nsetcontext(decimal.DefaultContext)", "pass"),
        ("decimal.getcontext().clear_flags()", "pass"),
        ("with decimal.localcontext():\n    getcontext().prec = 6\n    x = decimal.Decimal(1) / 3", "pass"),
        ("with decimal.localcontext() as c:\n    c.prec = 6", "pass"),
        ("context = Context(prec=5)", "pass"),
        ("def current(): pass\ncurrent().prec = 6", "pass"),
        ("x = 1", "decimal.getcontext().prec = 6"),
        ("def load():\n    decimal.getcontext().prec = 6", "load()"),
        ("if __name__ == '__main__':\n    decimal.getcontext().prec = 6", "pass"),
    ],
)
def test_leaves_alone(module: str, code: str) -> None:
    assert find(RULE, wsgi(source(module, code))) == []


def test_tools_are_left_alone() -> None:
    assert find(RULE, {**wsgi(source("")), "tool.py": source("decimal.getcontext().prec = 6")}) == []


@pytest.mark.parametrize(
    "module",
    [
        "decimal.getcontext().prec = 6",
        "getcontext().rounding = decimal.ROUND_DOWN",
        "context = getcontext()\ncontext.prec = 6",
        "from decimal import getcontext as current\nown = current()\nown.prec = 6",
        "setcontext(Context(prec=6))",
        "decimal.setcontext(decimal.ExtendedContext)",
        "def setup():\n    getcontext().prec = 6\nsetup()",
    ],
)
def test_finds(module: str) -> None:
    (finding,) = find(RULE, wsgi(source(module)))
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "if True:\n    decimal.getcontext().prec = 6",
            "if True:\n    decimal.DefaultContext.prec = 6\n    decimal.getcontext().prec = 6",
        ),
        (
            "from decimal import DefaultContext as D\ngetcontext().prec = 2 * 3",
            "from decimal import DefaultContext as D\nD.prec = 2 * 3\ngetcontext().prec = 2 * 3",
        ),
        ("getcontext().prec = 6", "getcontext().prec = 6"),
        ("decimal.getcontext().prec = load()", "decimal.getcontext().prec = load()"),
        ("x = 1; decimal.getcontext().prec = 6", "x = 1; decimal.getcontext().prec = 6"),
    ],
)
def test_the_context_of_new_threads_gets_the_same(before: str, after: str) -> None:
    assert fixed(RULE, wsgi(source(before)))["main.py"] == source(after)
