"""`wsgi-middleware-twice`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "wsgi-middleware-twice"

CONFIG = """
from sessions import SessionMiddleware
def webapp_add_wsgi_middleware(app):
    app = SessionMiddleware(app, key='x')
    return app
"""
HEAD = """
import webapp2
from google.appengine.ext.webapp import util
from sessions import SessionMiddleware
app = webapp2.WSGIApplication([])
"""


@pytest.mark.parametrize(
    "code",
    [
        "from other import OtherMiddleware\napp = OtherMiddleware(app)\n",
        "SessionMiddleware()\n",
        "wrap = SessionMiddleware\n",
        "def add_wsgi_middleware(app): return app\napp = add_wsgi_middleware(app)\n",
        "if __name__ == '__main__':\n    app = util.add_wsgi_middleware(app)\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(HEAD + code, appengine_config=CONFIG)) == []


@pytest.mark.parametrize("config", [None, "x = 1\n", "# webapp_add_wsgi_middleware\n"])
def test_without_configured_middleware_nothing_is_twice(config: str | None) -> None:
    modules = {"appengine_config": config} if config else {}
    assert find(RULE, wsgi(HEAD + "app = util.add_wsgi_middleware(app)\n", **modules)) == []


@pytest.mark.parametrize(
    "run", ["wsgiref.handlers.CGIHandler().run(app)", "util.run_bare_wsgi_app(app)", "app.cgirun()"]
)
def test_by_hand_is_the_only_time_for_some_cgi_scripts(run: str) -> None:
    code = f"import wsgiref.handlers\n{HEAD}app = util.add_wsgi_middleware(app)\n{run}\n"
    assert find(RULE, cgi(code, appengine_config=CONFIG)) == []


@pytest.mark.parametrize(
    "line",
    [
        "app = util.add_wsgi_middleware(app)\n",
        "app = SessionMiddleware(app, key='y')\n",
        "app = SessionMiddleware(\n    app,\n    key='y',  # secret\n)\n",
    ],
)
def test_the_second_wrapping_is_removed(line: str) -> None:
    files = wsgi(HEAD + line + "x = 1\n", appengine_config=CONFIG)
    assert fixed(RULE, files)["main.py"] == HEAD + "x = 1\n"


def test_run_wsgi_app_adds_it_to_cgi_scripts() -> None:
    code = HEAD + "def main():\n    {}\n    util.run_wsgi_app({})\n"
    files = cgi(code.format("a = util.add_wsgi_middleware(app)", "a"), appengine_config=CONFIG)
    assert fixed(RULE, files)["main.py"] == code.format("a = app", "a")


def test_wrapping_in_an_expression_is_unwrapped() -> None:
    code = "from appengine_config import webapp_add_wsgi_middleware as add\nimport webapp2\n"
    files = wsgi(code + "app = add(webapp2.WSGIApplication([]))\n", appengine_config=CONFIG)
    assert fixed(RULE, files)["main.py"] == code + "app = webapp2.WSGIApplication([])\n"


def test_a_block_is_never_left_empty() -> None:
    code = HEAD + "if PRODUCTION:\n    app = {}\n"
    files = wsgi(code.format("util.add_wsgi_middleware(app)"), appengine_config=CONFIG)
    assert fixed(RULE, files)["main.py"] == code.format("app")
