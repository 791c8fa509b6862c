"""`py-range-float`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-range-float"


@pytest.mark.parametrize(
    "code",
    [
        "range(3)\n",
        "range(n / 2)\n",
        "range(int(n / 2.0))\n",
        "range(len(x))\n",
        "def range(x): pass\nrange(3.0)\n",
        "range(n)\n",
        "x.range(2.0)\n",
        "range(abs(x))\n",
        "range(round)\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "range(3.0)\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("range(3.0)\n", "range(int(3.0))\n"),
        ("import math\nrange(0, math.floor(x))\n", "import math\nrange(0, int(math.floor(x)))\n"),
        ("xrange(n / 2.0)\n", "xrange(int(n / 2.0))\n"),
        (
            "from math import ceil\nfor i in range(ceil(a)): pass\n",
            "from math import ceil\nfor i in range(int(ceil(a))): pass\n",
        ),
        ("range(1, round(x), 2)\n", "range(1, int(round(x)), 2)\n"),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=False)["main.py"] == after
