"""`py-keyword-with-as`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-keyword-with-as"


@pytest.mark.parametrize(
    "code",
    [
        "with open('x') as f: pass\n",
        "import os as o\n",
        "x = 'a.with'\n",
        "# x.as = 1\n",
        "width = 1\nx.width = 2\n",
        "try: pass\nexcept E as e: pass\n",
        "f(w=1, asx=2)\n",
        "assert x\n",
        "r'''\n as = 1\n'''\n",
        "x = 'a (as, with) b'  # for as in x: return with\n",
        "foras = 1\nreturnwith = foras\nf(with_, as_)\n",
        "import os as o, sys as s\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "x.as = 1\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    "code",
    [
        "x.as = 1\n",
        "q.with('a')\n",
        "def with(a): pass\n",
        "f(as=1)\n",
        "as = 1\n",
        "f(a, with = 2)\n",
        "def f(a, as): pass\n",
        "f(with, 1)\n",
        "x = as\n",
        "x = as.name\n",
        "def f(x):\n  return with\n",
        "for as in x: pass\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]
