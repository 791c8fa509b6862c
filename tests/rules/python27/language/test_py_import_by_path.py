"""`py-import-by-path`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-import-by-path"


@pytest.mark.parametrize(
    "code",
    [
        "__import__('a.b')\n",
        "__import__(name)\n",
        "x.__import__('a/b')\n",
        "import a\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "__import__('a/b')\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    "code",
    [
        "__import__('a/b')\n",
        "x = __import__('./x')\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]
