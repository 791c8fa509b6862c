"""`py-except-two-names`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-except-two-names"


@pytest.mark.parametrize(
    "code",
    [
        "try: pass\nexcept KeyError, e: pass\n",
        "try: pass\nexcept (KeyError, ValueError): pass\n",
        "try: pass\nexcept (KeyError, ValueError), e: pass\n",
        "try: pass\nexcept KeyError as ValueError: pass\n",
        "try: pass\nexcept: pass\n",
        "try: pass\nexcept KeyError, error: pass\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "try: f()\nexcept KeyError, ValueError: pass\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("try: f()\nexcept KeyError, ValueError: pass\n", "try: f()\nexcept (KeyError, ValueError): pass\n"),
        (
            "try:\n  f()\nexcept urlfetch.Error, DownloadError:\n  pass\n",
            "try:\n  f()\nexcept (urlfetch.Error, DownloadError):\n  pass\n",
        ),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=True)["main.py"] == after
