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
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=False)["main.py"] == after
