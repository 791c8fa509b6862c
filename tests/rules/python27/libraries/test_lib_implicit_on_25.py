"""`lib-implicit-on-25`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-implicit-on-25"


@pytest.mark.parametrize(
    "code",
    [
        "import os, yaml, webob\n",
        "try:\n  import ipaddr\nexcept ImportError:\n  ipaddr = None\n",
        "from mine import ipaddr\n",
        "ipaddr = 1\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "import ipaddr\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    "code",
    [
        "import ipaddr\n",
        "import fancy_urllib as f\n",
        "from antlr3 import exceptions\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]


def test_what_the_app_carries_along_is_left_alone() -> None:
    assert find(RULE, {**wsgi("import ipaddr\n"), "ipaddr.py": ""}) == []
    assert find(RULE, {**wsgi("import ipaddr\n"), "lib/ipaddr/__init__.py": ""}) == []
