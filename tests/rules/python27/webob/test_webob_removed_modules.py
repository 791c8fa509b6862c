"""`webob-removed-modules`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "webob-removed-modules"


@pytest.mark.parametrize(
    "code",
    [
        "import webob\n",
        "from webob import Request, Response, exc, multidict\n",
        "from webob.multidict import MultiDict\n",
        "from webob.headers import ResponseHeaders\n",
        "try:\n  from webob import MultiDict\nexcept ImportError:\n  pass\n",
        "from mine import MultiDict\n",
        "import webob.multidict\nx = webob.multidict.MultiDict()\n",
        "import webob.headers as headerdict\n",
        "import webob\ntry:\n  x = webob.MultiDict\nexcept AttributeError:\n  x = None\n",
        "import mine as webob\nx = webob.MultiDict()\n",
        "x.webob.MultiDict()\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_apps_with_a_copy_are_left_alone() -> None:
    assert find(RULE, {**wsgi("from webob import MultiDict\n"), "webob/__init__.py": ""}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from webob import MultiDict\n", "from webob.multidict import MultiDict\n"),
        (
            "from webob import NoVars as N, Request\n",
            "from webob.multidict import NoVars as N\nfrom webob import Request\n",
        ),
        (
            "import webob\nx = webob.MultiDict(webob.NoVars)\n",
            "import webob\nx = webob.multidict.MultiDict(webob.multidict.NoVars)\n",
        ),
        (
            "import webob as w\nx = w.Accept('a', 'b')\n",
            "import webob as w\nx = w.acceptparse.Accept('a', 'b')\n",
        ),
        ("from webob import CacheControl\n", "from webob.cachecontrol import CacheControl\n"),
    ],
)
def test_names_that_both_have(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=False)["main.py"] == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from webob.headerdict import HeaderDict\n",
            "from webob.headers import ResponseHeaders as HeaderDict\n",
        ),
        ("from webob import HeaderDict as H\n", "from webob.headers import ResponseHeaders as H\n"),
        ("from webob import status_reasons\n", "from webob.util import status_reasons\n"),
        ("from webob.statusreasons import status_reasons\n", "from webob.util import status_reasons\n"),
    ],
)
def test_modules_that_moved(before: str, after: str) -> None:
    assert [finding.fix for finding in find(RULE, cgi(before))] == [None]
    assert fixed(RULE, wsgi(before))["main.py"] == after


@pytest.mark.parametrize(
    "code",
    [
        "import webob.headerdict\n",
        "import webob.statusreasons as reasons\n",
        "import os, webob.updatedict\n",
        "from webob import StringIO\n",
        "from webob import Request, cgi\n",
        "from webob import headerdict\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    assert [finding.fix for finding in find(RULE, wsgi(code))] == [None]


def test_modules_without_a_successor() -> None:
    assert [finding.fix for finding in find(RULE, wsgi("from webob.util.dictmixin import DictMixin\n"))] == [
        None
    ]
