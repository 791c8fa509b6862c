"""Which classes are request handlers, and where they use requests and responses."""

from __future__ import annotations

import pytest

from gaebot.app import App
from gaebot.rules.python27.shared.scripts.handler_scripts import request_files
from gaebot.rules.python27.shared.webapp.handler_classes import handler_classes
from gaebot.rules.python27.shared.webapp.messages import request_uses, response_uses
from tests.rules.helpers import APP_YAML, make_app

HEAD = "from google.appengine.ext import webapp\n"


def app_of(main: str, **others: str) -> App:
    files = {f"{name.replace('__', '/')}.py": code for name, code in others.items()}
    return make_app({"app.yaml": APP_YAML, "main.py": main, **files})


def names(main: str, **others: str) -> list[str]:
    return [handler.name for handler in handler_classes(app_of(main, **others))]


@pytest.mark.parametrize(
    "main",
    [
        "class H(object): pass\n",
        "class H: pass\n",
        "class RequestHandler: pass\nclass H(RequestHandler): pass\n",
        "from django.views import RequestHandler\nclass H(RequestHandler): pass\n",
        "class A(B): pass\nclass B(A): pass\n",
        "from tornado import web\nclass H(web.RequestHandler): pass\n",
    ],
)
def test_other_classes(main: str) -> None:
    assert names(main) == []


@pytest.mark.parametrize(
    "main",
    [
        HEAD + "class H(webapp.RequestHandler): pass\n",
        "import webapp2\nclass H(webapp2.RequestHandler): pass\n",
        "from google.appengine.ext.webapp import *\nclass H(RequestHandler): pass\n",
        HEAD + "class H(object, webapp.RequestHandler): pass\n",
        (
            "from google.appengine.ext.webapp import mail_handlers\n"
            "class H(mail_handlers.InboundMailHandler): pass\n"
        ),
        (
            "from google.appengine.ext.webapp.mail_handlers import InboundMailHandler\n"
            "class H(InboundMailHandler): pass\n"
        ),
        HEAD + "def f():\n  class H(webapp.RequestHandler): pass\n",
        HEAD + "if 1:\n  class H(webapp.RequestHandler): pass\n",
        "from base import Base\nclass H(Base): pass\n",
        "import base\nclass H(base.Base): pass\n",
        "from base import *\nclass H(Base): pass\n",
        "from base import webapp\nclass H(webapp.RequestHandler): pass\n",
    ],
)
def test_handlers(main: str) -> None:
    base = HEAD + "class Base(webapp.RequestHandler): pass\n"
    assert "H" in names(main, base=base)


def test_methods_come_from_the_classes_above() -> None:
    base = HEAD + "class Base(webapp.RequestHandler):\n  def get(self): pass\n  def put(self): pass\n"
    app = app_of("from base import Base\nclass H(Base):\n  @x\n  def get(self): pass\n", base=base)
    handler = next(each for each in handler_classes(app) if each.name == "H")
    assert [each.name for each in handler.lineage] == ["H", "Base"]
    get, put = handler.method("get"), handler.method("put")
    assert get is not None
    assert get[0].name == "H"
    assert put is not None
    assert put[0].name == "Base"
    assert handler.method("post") is None


def used(body: str, head: str = HEAD) -> tuple[list[str], list[str]]:
    """The members of requests and of responses that a handler's `get` uses."""
    app = app_of(f"{head}class H(webapp.RequestHandler):\n  def get(self):\n{body}")
    files = request_files(app)
    requests, responses = request_uses(app, files), response_uses(app, files)
    return [use.member_name for use in requests], [use.member_name for use in responses]


@pytest.mark.parametrize(
    ("body", "requests", "responses"),
    [
        ("    request.get('x')\n", [], []),
        ("    other.request.get('x')\n", [], []),
        ("    self.request_get('x')\n", [], []),
        ("    self.request.get('x')\n", ["get"], []),
        ("    self.response.out.write('x')\n", [], ["out"]),
        ("    r = self.request\n    r.get('x')\n", ["", "get"], []),
        ("    r = self.request\n    r = 2\n    r.get('x')\n", [""], []),
        ("    f(self.response)\n", [], [""]),
        ("    def inner():\n      self.request.get('x')\n", ["get"], []),
        ("    def inner(self):\n      self.request.get('x')\n", [], []),
        ("    self = 1\n    self.request.get('x')\n", [], []),
    ],
)
def test_uses(body: str, requests: list[str], responses: list[str]) -> None:
    assert used(body) == (requests, responses)


def test_the_wrapper_of_a_decorator_is_looked_into() -> None:
    head = HEAD + "def dec(f):\n  def wrapper(self, *args):\n    self.request.get('x')\n  return wrapper\n"
    app = app_of(head + "class H(webapp.RequestHandler):\n  @dec\n  def get(self): pass\n")
    assert [(use.handler, use.member_name) for use in request_uses(app, request_files(app))] == [
        (None, "get")
    ]


def test_static_methods_and_other_classes_are_not() -> None:
    code = "class A(object):\n  def get(self): self.request.get('x')\n"
    code += "class H(webapp.RequestHandler):\n  @staticmethod\n  def f(self): self.request.get('x')\n"
    app = app_of(HEAD + code)
    assert list(request_uses(app, request_files(app))) == []
