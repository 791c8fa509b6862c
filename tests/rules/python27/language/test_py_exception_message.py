"""`py-exception-message`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-exception-message"


@pytest.mark.parametrize(
    "code",
    [
        "try: f()\nexcept ValueError, e: print e\n",
        "try: f()\nexcept FacebookError2, e: print e.message.x\n",
        "x.message\n",
        "try: f()\nexcept ValueError, e: print other.message\n",
        "from mine import ApiError\ntry: f()\nexcept ApiError, e: print e.message\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "try: f()\nexcept Exception, e: print e.message\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    "code",
    [
        "try: f()\nexcept Exception, e: print e.message\n",
        "try: f()\nexcept ValueError as e:\n  log(e.message)\n  log(e.message)\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]
