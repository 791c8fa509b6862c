"""Which names hold a WSGI application."""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.scripts.applications import wsgi_objects
from tests.rules.helpers import make_app


def names(source: str, **others: str) -> list[str]:
    """The names of main.py that hold an application; `others` are further modules."""
    files: dict[str, str | bytes] = {f"{name}.py": text for name, text in others.items()}
    app = make_app({**files, "main.py": source})
    file = app.python("main.py")
    assert file is not None
    return list(wsgi_objects(file, app))


@pytest.mark.parametrize(
    "source",
    [
        "",
        "app = None\n",
        "urls = [('/', Page)]\n",
        "from google.appengine.ext import webapp\ndef main():\n  app = webapp.WSGIApplication([])\n",
        "import webapp2\nif __name__ == '__main__':\n  app = webapp2.WSGIApplication([])\n",
        "import webapp2\ndef main():\n  global app\n  app = webapp2.WSGIApplication([])\n",
        "from protorpc.webapp import service_handlers\nmappings = service_handlers.service_mapping([])\n",
        "def add(a, b):\n  return max(a, b)\n",
        "def page(request, start_response, more):\n  start_response('200 OK', [])\n",
        "class Handler:\n  def __call__(self): pass\nhandler = Handler()\n",
        "import WSGIApplication\nx = WSGIApplication.Thing()\n",
        "app = app2\napp2 = app\n",
    ],
)
def test_left_out(source: str) -> None:
    assert names(source) == []


@pytest.mark.parametrize(
    "extension",
    ["from flaskext.sqlalchemy import SQLAlchemy\ndb = SQLAlchemy(app)\n", "manager = Manager(app)\n"],
)
def test_an_extension_of_flask_is_no_application(extension: str) -> None:
    assert names(f"from flask import Flask\napp = Flask(__name__)\n{extension}") == ["app"]


@pytest.mark.parametrize(
    "source",
    [
        "from google.appengine.ext import webapp\napp = webapp.WSGIApplication([])\n",
        "from google.appengine.ext.webapp import WSGIApplication as W\napp = W([])\n",
        "from google.appengine.ext.webapp import *\napp = WSGIApplication([])\n",
        "import google.appengine.ext.webapp\napp = google.appengine.ext.webapp.WSGIApplication([])\n",
        "import webapp2 as webapp\napp = webapp.WSGIApplication([])\n",
        "import django.core.handlers.wsgi\napp = django.core.handlers.wsgi.WSGIHandler()\n",
        "from django.core.wsgi import get_wsgi_application\napp = get_wsgi_application()\n",
        "from flask import Flask\napp = Flask(__name__)\n",
        "from lib.flask import Flask\napp = Flask(__name__)\n",
        "import bottle\napp = bottle.default_app()\n",
        "from bottle import Bottle\napp = Bottle()\n",
        "from google.appengine.ext.appstats.ui import app\n",
        "import web\napp = web.application(urls, globals()).wsgifunc()\n",
        "from protorpc.wsgi import service\napp = service.service_mappings([])\n",
        "import endpoints\napp = endpoints.api_server([Api])\n",
        "import tornado.wsgi\napp = tornado.wsgi.WSGIApplication([])\n",
        "import webapp2 as w\nif D:\n  app = w.WSGIApplication([])\nelse:\n  app = w.WSGIApplication([1])\n",
        "import webapp2\napp = (DEBUG and webapp2.WSGIApplication([]) or webapp2.WSGIApplication([1]))\n",
        "def app(environ, start_response):\n  start_response('200 OK', [])\n  return []\n",
        "def app(env, start):\n  if env:\n    start('200 OK', [])\n  return []\n",
        "def app(environ, start_response):\n  return other(environ, start_response)\n",
        "app = lambda env, start: start('200 OK', []) or []\n",
        "class Page(object):\n  def __call__(self, environ, start_response): pass\napp = Page()\n",
        "class app:\n  def __init__(self, environ, start_response): pass\n  def __iter__(self): yield ''\n",
        "import webapp2\nclass Mine(webapp2.WSGIApplication): pass\napp = Mine([])\n",
        "import webapp2\ndef make():\n  made = webapp2.WSGIApplication([])\n  return made\napp = make()\n",
        "import webapp2\nfrom x import Wrap\napp = Wrap(webapp2.WSGIApplication([]))\n",
    ],
)
def test_applications(source: str) -> None:
    assert names(source) == ["app"]


def test_middleware_wraps_and_the_last_binding_counts() -> None:
    source = "import webapp2\nfrom x import S\napp = webapp2.WSGIApplication([])\napp = S(app, key='k')\n"
    app = make_app({"main.py": source})
    file = app.python("main.py")
    assert file is not None
    assert wsgi_objects(file)["app"].statement.start_point.row == 3
    wrapped = "import webapp2\na = webapp2.WSGIApplication([])\nsite = SessionMiddleware(a)\n"
    assert names(wrapped) == ["a", "site"]


def test_several_names_for_one() -> None:
    assert names("import webapp2\nfirst = second = webapp2.WSGIApplication([])\nthird = first\n") == [
        "first",
        "second",
        "third",
    ]


def test_imported_names_are_followed_in_the_app() -> None:
    shop = "import webapp2\nsite = webapp2.WSGIApplication([])\n"
    assert names("from shop import site\n", shop=shop) == ["site"]
    assert names("from shop import site as app\n", shop=shop) == ["app"]
    assert names("import shop\napp = shop.site\n", shop=shop) == ["app"]
    assert names("from elsewhere import site\n", shop=shop) == []
    again = "from shop import site as again\n"
    assert names("from middle import again\n", shop=shop, middle=again) == ["again"]


def test_modules_that_import_each_other_come_to_an_end() -> None:
    assert names("from shop import app\n", shop="from main import app\n") == []


def test_classes_and_factories_of_other_modules_are_followed() -> None:
    base = "import webapp2\nclass Site(webapp2.WSGIApplication): pass\ndef make():\n  return Site([])\n"
    assert names("from base import Site\napp = Site([])\n", base=base) == ["app"]
    assert names("import base\napp = base.make()\n", base=base) == ["app"]
