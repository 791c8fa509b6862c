"""`webapp-missing-names`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-missing-names"


@pytest.mark.parametrize(
    "code",
    [
        "x = webapp.RequestHandler, webapp.Request, webapp.WSGIApplication\n",
        "class Error(Exception): pass\ntry: f()\nexcept Error: pass\n",
        "from mine import webapp\nx = webapp.Error\n",
        "class H(webapp.RequestHandler):\n  def get_url(self): pass\n  def get(self): self.get_url()\n",
        "class X(object):\n  @classmethod\n  def new_factory(cls): pass\nX.new_factory()\n",
        "x.get_url()\n",
        "# webapp.Error\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    head = "" if "mine" in code else HEAD
    files = new(code)
    assert find(RULE, {**files, "main.py": head + code}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("try:\n  f()\nexcept webapp.Error, e:\n  pass\n", "try:\n  f()\nexcept Exception, e:\n  pass\n"),
        ("raise webapp.Error('x')\n", "raise Exception('x')\n"),
        ("class E(webapp.Error): pass\n", "class E(Exception): pass\n"),
    ],
)
def test_exception_takes_the_place_of_error(before: str, after: str) -> None:
    for app in (old, new):
        assert fixed(RULE, app(before))["main.py"] == HEAD + after


@pytest.mark.parametrize(
    "code",
    [
        "try:\n  f()\nexcept webapp.NoUrlFoundError:\n  pass\n",
        "x = webapp.StringIO.StringIO()\n",
        "webapp.wsgiref.handlers\n",
        "class H(webapp.RequestHandler): pass\nx = H.get_url('a')\n",
        "class H(webapp.RequestHandler):\n  def get(self): self.redirect(self.get_url('a'))\n",
        "class H(webapp.RequestHandler): pass\napp = webapp.WSGIApplication([('/', H.new_factory(1))])\n",
    ],
)
def test_what_else_is_gone(code: str) -> None:
    for app in (old, new):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]


@pytest.mark.parametrize(
    "code",
    [
        "from google.appengine.ext import webapp as w\nraise w.Error\n",
        "from google.appengine.ext import webapp\nw = webapp\nx = w.StringIO\n",
    ],
)
def test_the_module_by_another_name(code: str) -> None:
    assert [finding.place.path for finding in find(RULE, new("import other\n", other=code))] == ["other.py"]
