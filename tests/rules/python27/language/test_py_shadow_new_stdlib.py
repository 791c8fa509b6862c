"""`py-shadow-new-stdlib`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-shadow-new-stdlib"


@pytest.mark.parametrize(
    "path", ["models.py", "util/json.py", "json/data.py", "code.py", "user.py", "lib/io.py"]
)
def test_leaves_alone(path: str) -> None:
    assert find(RULE, {**wsgi("app = 1\n"), path: "x = 1\n"}) == []


@pytest.mark.parametrize(
    "path", ["json.py", "io.py", "ast.py", "fractions.py", "abc/__init__.py", "numbers.py"]
)
def test_modules_at_the_root(path: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.path for finding in find(RULE, {**app("app = 1\n"), path: "x = 1\n"})] == [path]


def test_whether_the_app_imports_it_is_said() -> None:
    (finding,) = find(RULE, wsgi("import json\n", json="def read(x): pass\n"))
    assert "The app imports it." in finding.message


WEBAPP = "from google.appengine.ext import webapp\n"


@pytest.mark.parametrize(
    ("main", "path", "code"),
    [
        (WEBAPP, "json.py", "x = 1\n"),
        (WEBAPP, "importlib.py", "x = 1\n"),
        (WEBAPP, "ssl/__init__.py", ""),
        (WEBAPP, "numbers.py", "x = 1\n"),
        # They have what the runtime asks them for.
        (WEBAPP, "abc.py", "class ABCMeta(type):\n  pass\n"),
        (WEBAPP, "collections.py", "from _collections import deque, defaultdict\n"),
        (WEBAPP, "functools.py", "from _functools import *\n"),
        (
            WEBAPP,
            "functools.py",
            "try:\n  from _functools import partial\nexcept ImportError:\n  partial = None\n",
        ),
        (WEBAPP, "io.py", "from StringIO import StringIO as BytesIO\n"),
        # Nothing asks for it.
        ("app = 1\n", "io.py", "x = 1\n"),
        ("import mywebapp2, webobject\n# import webapp2\n", "io.py", "x = 1\n"),
        ("from lib import webapp2\n", "io.py", "x = 1\n"),
        ("if __name__ == '__main__':\n  import unittest, webapp2\n  unittest.main()\n", "io.py", "x = 1\n"),
    ],
)
def test_what_may_work_is_a_warning(main: str, path: str, code: str) -> None:
    (finding,) = find(RULE, {**wsgi(main), path: code})
    assert finding.severity is Severity.WARNING


def test_webapp_in_a_tool_asks_for_nothing() -> None:
    (finding,) = find(RULE, {**wsgi("app = 1\n"), "io.py": "x = 1\n", "tool.py": WEBAPP})
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("main", "path", "code"),
    [
        ("app = 1\n", "abc.py", "x = 1\n"),
        ("app = 1\n", "abc/__init__.py", ""),
        ("app = 1\n", "collections.py", "class OrderedDict(dict):\n  def f(self):\n    deque = 1\n"),
        ("app = 1\n", "functools.py", "def curry(f): pass\n"),
        (WEBAPP, "io.py", "def readFile(path): return open(path).read()\n"),
        ("import webapp2\n", "io.py", "x = 1\n"),
        ("import google.appengine.ext.webapp.util\n", "io.py", "x = 1\n"),
        ("from google.appengine.ext.webapp.util import run_wsgi_app\n", "io.py", "x = 1\n"),
        ("from google.appengine.ext.webapp import *\n", "io.py", "x = 1\n"),
        ("from webob.exc import HTTPFound\n", "io.py", "x = 1\n"),
        ("def f():\n  import webob\n", "io.py", "x = 1\n"),
    ],
)
def test_what_breaks_the_runtime_is_an_error(main: str, path: str, code: str) -> None:
    for app in (cgi, wsgi):
        (finding,) = find(RULE, {**app(main), path: code})
        assert finding.severity is Severity.ERROR
        assert finding.path == path


def test_webapp_in_another_module() -> None:
    (finding,) = find(RULE, {**wsgi("import views\n", views=WEBAPP), "io.py": "x = 1\n"})
    assert finding.severity is Severity.ERROR
    assert "webapp" in finding.message
