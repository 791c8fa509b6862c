"""`py-dev-server-check`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-dev-server-check"


@pytest.mark.parametrize(
    "code",
    [
        "import os\nx = os.environ['SERVER_SOFTWARE'].startswith('Dev')\n",
        "x = s.startswith('Development/')\n",
        "x = 'Development/1.0'\n",
        "x = s == 'Development/2.0'\n",
        "x = s in ('Development/1.0', 'Development/2.0')\n",
        "x = s not in ['Development/2.0', 'Windows_NT', 'Development/1.0']\n",
        "x = s in ('Development/1.0', u'Development/2')\n",
        "x = s in ('Development', 'Windows_NT')\n",
        "x = s in ('Google App Engine/1.0', 'testutil')\n",
        "NAMES = ('Development/1.0', 'Windows_NT')\n",
        "for x in ('Development/1.0', 'Google App Engine/1.0'):\n  print x\n",
        "x = ('Development/1.0', 'Windows_NT') in pairs\n",
        "x = s in (name('Development/1.0'), 'Windows_NT')\n",
        "x = s in {'Development/1.0': 1}\n",
        "x = s < ('Development/1.0', 2)\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "x = os.environ['SERVER_SOFTWARE'] == 'Development/1.0'\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "x = os.environ['SERVER_SOFTWARE'] == 'Development/1.0'\n",
            "x = os.environ['SERVER_SOFTWARE'].startswith('Dev')\n",
        ),
        ("x = 'Development/1.0' == s\n", "x = s.startswith('Dev')\n"),
        ("x = s != 'Development/1.0'\n", "x = not s.startswith('Dev')\n"),
        ("x = s.startswith('Development/1.0')\n", "x = s.startswith('Dev')\n"),
        (
            "if env and env in ('Development/1.0', 'Windows_NT', 'darwin'):\n  x = 1\n",
            "if env and env in ('Development/1.0', 'Development/2.0', 'Windows_NT', 'darwin'):\n  x = 1\n",
        ),
        (
            "x = os.environ['SERVER_SOFTWARE'] in ('Development/1.0',)\n",
            "x = os.environ['SERVER_SOFTWARE'] in ('Development/1.0', 'Development/2.0',)\n",
        ),
        ("x = s not in ['Development/1.0']\n", "x = s not in ['Development/1.0', 'Development/2.0']\n"),
        (
            "x = s in (\n  'Windows_NT',\n  'Development/1.0'\n)\n",
            "x = s in (\n  'Windows_NT',\n  'Development/1.0', 'Development/2.0'\n)\n",
        ),
        ("x = s in set(['Development/1.0'])\n", "x = s in set(['Development/1.0', 'Development/2.0'])\n"),
        (
            "x = s in frozenset(('a', 'Development/1.0'))\n",
            "x = s in frozenset(('a', 'Development/1.0', 'Development/2.0'))\n",
        ),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=False)["main.py"] == after


@pytest.mark.parametrize(
    "code",
    [
        "x = s in ('Development/1.0')\n",
        "x = s in 'Development/1.0'\n",
        "x = 'Development/1.0' in s\n",
        "x = s == ('Development/1.0')\n",
        "x = s in ('Development/1', 'Development/1.')\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]
