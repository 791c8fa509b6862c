"""`wsgi-middleware-now-everywhere`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "wsgi-middleware-now-everywhere"

CONFIG = "def webapp_add_wsgi_middleware(app):\n    return Sessions(app)\n"
HEAD = """
import webapp2, wsgiref.handlers
from google.appengine.ext.webapp import util
app = webapp2.WSGIApplication([])
"""
BARE = HEAD + "wsgiref.handlers.CGIHandler().run(app)\n"


@pytest.mark.parametrize(
    "run", ["util.run_wsgi_app(app)", "app.run()", "util.run_bare_wsgi_app(util.add_wsgi_middleware(app))"]
)
def test_scripts_that_have_the_middleware_are_left_alone(run: str) -> None:
    assert find(RULE, cgi(f"{HEAD}{run}\n", appengine_config=CONFIG)) == []


def test_apps_without_middleware_are_left_alone() -> None:
    assert find(RULE, cgi(BARE)) == []
    assert find(RULE, cgi(BARE, appengine_config="webapp_django_version = '1.2'\n")) == []


def test_wsgi_applications_and_tools_are_left_alone() -> None:
    guarded = f"{HEAD}if __name__ == '__main__':\n    wsgiref.handlers.CGIHandler().run(app)\n"
    assert find(RULE, wsgi(guarded, appengine_config=CONFIG)) == []
    assert find(RULE, {**wsgi("app = 1\n", appengine_config=CONFIG), "tool.py": BARE}) == []


@pytest.mark.parametrize(
    "run",
    [
        "wsgiref.handlers.CGIHandler().run(app)",
        "util.run_bare_wsgi_app(app)",
        "app.run(bare=True)",
        "app.run(True)",
    ],
)
def test_scripts_that_get_middleware_are_found(run: str) -> None:
    (finding,) = find(RULE, cgi(f"{HEAD}{run}\n", appengine_config=CONFIG))
    assert (finding.place.snippet.decode(), finding.severity) == (run, Severity.WARNING)
    assert [related.place.path for related in finding.related] == ["appengine_config.py"]


REMOTE_API = "$PYTHON_LIB/google/appengine/ext/remote_api/handler.py"


@pytest.mark.parametrize(
    "script",
    [
        "$PYTHON_LIB/google/appengine/ext/deferred/handler.py",
        "$PYTHON_LIB/google/appengine/ext/appstats/ui.py",
        "google.appengine.ext.remote_api.handler.application",
    ],
)
def test_scripts_of_the_sdk_that_have_it_are_left_alone(script: str) -> None:
    yaml = f"runtime: python27\nhandlers:\n- url: /x\n  script: {script}\n"
    assert find(RULE, {"app.yaml": yaml, "appengine_config.py": CONFIG}) == []


def test_remote_api_gets_it() -> None:
    yaml = f"runtime: python\nhandlers:\n- url: /remote_api\n  script: {REMOTE_API}\n"
    (finding,) = find(RULE, {"app.yaml": yaml, "appengine_config.py": CONFIG})
    assert (finding.place.snippet.decode(), finding.severity) == (REMOTE_API, Severity.NOTE)
    assert find(RULE, {"app.yaml": yaml}) == []
