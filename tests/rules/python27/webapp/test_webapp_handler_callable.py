"""`webapp-handler-callable`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.webapp.handlers import new, old

RULE = "webapp-handler-callable"


@pytest.mark.parametrize(
    "code",
    [
        "class H(webapp.RequestHandler): pass\napp = webapp.WSGIApplication([('/', H)])\n",
        "def view(request): pass\napp = webapp.WSGIApplication([('/', view)])\n",
        "def view(*args): pass\napp = webapp.WSGIApplication([('/', view)])\n",
        "app = webapp.WSGIApplication([('/', 'main.H')])\n",
        "app = webapp.WSGIApplication([('/', make())])\n",
        "app = webapp.WSGIApplication([('/', lambda request: 1)])\n",
        "def f(): pass\nx = [('/', f)]\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, new(code)) == []


@pytest.mark.parametrize(
    "code",
    [
        "def make(): return H()\napp = webapp.WSGIApplication([('/', make)])\n",
        "def make(): return H()\nURLS = [('/', make)]\napp = webapp.WSGIApplication(URLS)\n",
        "app = webapp.WSGIApplication([('/', lambda: H())])\n",
    ],
)
def test_functions_that_make_handlers(code: str) -> None:
    for app in (old, new):
        assert len(find(RULE, app(code))) == 1
