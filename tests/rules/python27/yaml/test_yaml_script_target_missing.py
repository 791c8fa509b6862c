"""`yaml-script-target-missing`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed, make_app
from tests.rules.helpers import rule as rule_of

RULE = "yaml-script-target-missing"
MAIN = "import webapp2\napplication = webapp2.WSGIApplication([])\n"


def service(script: str) -> str:
    return f"runtime: python27\nthreadsafe: true\nhandlers:\n- url: /.*\n  script: {script}\n"


@pytest.mark.parametrize(
    "script",
    [
        "main.application",
        "main.py",
        "missing.py",
        r"\1.app",
        "google.appengine.ext.deferred.application",
        "google.appengine.ext.anything.application",
        "webapp2_extras.thing",
        "main",
    ],
)
def test_leaves_scripts_alone(script: str) -> None:
    assert find(RULE, {"app.yaml": service(script), "main.py": MAIN}) == []


@pytest.mark.parametrize(
    "source",
    [
        "from web import *\n",
        "globals()['app'] = 1\n",
        "app = make()\n",
        "from elsewhere import app\n",
        "try:\n  from a import app\nexcept ImportError:\n  app = None\n",
        "def app(environ, start_response): return []\n",
        "def app(*args): return []\n",
        "def app(environ, start_response, more=None): return []\n",
        "@decorated\ndef app(): return []\n",
        "class app(object):\n  def __init__(self, e, s): pass\n  def __iter__(self): yield ''\n",
        "from web import Base\nclass app(Base): pass\n",
        "class app:\n  __metaclass__ = Magic\n",
        "if DEBUG:\n  app = []\n",
    ],
)
def test_leaves_objects_alone(source: str) -> None:
    assert find(RULE, {"app.yaml": service("main.app"), "main.py": source}) == []


@pytest.mark.parametrize("script", ["main.app", "main.main", "main.Page", "main.urls", "main.PAGE_SIZE"])
def test_the_only_application_is_named(script: str) -> None:
    source = f"{MAIN}class Page(webapp2.RequestHandler): pass\ndef main(): pass\nurls = []\nPAGE_SIZE = 3\n"
    after = fixed(RULE, {"app.yaml": service(script), "main.py": source}, unsafe=False)
    assert after["app.yaml"] == service("main.application")


def test_of_several_applications_none_is_chosen() -> None:
    (finding,) = find(RULE, {"app.yaml": service("main.app"), "main.py": f"{MAIN}other = application\n"})
    assert finding.fix is None
    assert "`main.application`, `main.other`" in finding.message


def test_a_missing_module_is_named() -> None:
    (finding,) = find(RULE, {"app.yaml": service("shop.views.app"), "shop/__init__.py": "", "main.py": MAIN})
    assert "no module `shop.views`" in finding.message
    assert finding.fix is None


def test_a_module_that_is_not_uploaded() -> None:
    app = make_app({"app.yaml": service("tools.app")})
    app.skipped = frozenset({"tools.py"})
    (finding,) = rule_of(RULE).check(app)
    assert "skip_files" in finding.message


def test_what_only_main_binds_is_not_there() -> None:
    source = "import webapp2\ndef main():\n  app = webapp2.WSGIApplication([])\n  run(app)\n"
    (finding,) = find(RULE, {"app.yaml": service("main.app"), "main.py": source})
    assert "binds no `app` at module level" in finding.message
    assert finding.fix is None


def test_names_of_the_sdk_that_look_right() -> None:
    files = {"app.yaml": service("google.appengine.ext.deferred.handler.application")}
    assert fixed(RULE, files)["app.yaml"] == service("google.appengine.ext.deferred.application")
    assert find(RULE, {"app.yaml": service("django.core.handlers.wsgi.WSGIHandler")})[0].fix is None


def test_an_imported_class_says_nothing_of_the_applications_beside_it() -> None:
    files = {
        "app.yaml": service("main.Page"),
        "main.py": "from pages import Page\n",
        "pages.py": f"{MAIN}class Page(webapp2.RequestHandler): pass\n",
    }
    (finding,) = find(RULE, files)
    assert finding.fix is None


def test_quotes_and_comments_stay() -> None:
    after = fixed(RULE, {"app.yaml": service("'main.app' # all"), "main.py": MAIN})
    assert after["app.yaml"] == service("'main.application' # all")
