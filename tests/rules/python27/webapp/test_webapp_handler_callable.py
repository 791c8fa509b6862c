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
        "app = webapp.WSGIApplication([('/', 'main.H')] + MORE)\n",
        "app = webapp.WSGIApplication([('/', lambda request: 1)] + MORE)\n",
        "app = webapp.WSGIApplication([('/', lambda: H())] * 2)\n",
        "app = webapp.WSGIApplication(make([('/', lambda: H())]) + more([('/', lambda: H())]))\n",
        "URLS = URLS + MORE\napp = webapp.WSGIApplication(URLS)\n",
        "URLS = []\nURLS = [('/', lambda: H())]\napp = webapp.WSGIApplication(URLS + MORE)\n",
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
        "app = webapp.WSGIApplication([('/', lambda: H())] + MORE)\n",
        "app = webapp.WSGIApplication(MORE + [('/', lambda: H())])\n",
        "app = webapp.WSGIApplication(more() + ([('/', lambda: H())] + MORE) + [])\n",
        "app = webapp.WSGIApplication(([('/', lambda: H())]))\n",
        "URLS = [('/', lambda: H())]\napp = webapp.WSGIApplication(URLS + MORE)\n",
        "URLS = [('/', lambda: H())] + MORE\napp = webapp.WSGIApplication(URLS)\n",
        "URLS = [('/', lambda: H())]\nALL = MORE + URLS\napp = webapp.WSGIApplication(ALL)\n",
    ],
)
def test_functions_that_make_handlers(code: str) -> None:
    for app in (old, new):
        assert len(find(RULE, app(code))) == 1


def test_each_route_once() -> None:
    code = "URLS = [('/a', lambda: H())]\napp = webapp.WSGIApplication(URLS + [('/b', lambda: H())] + URLS)\n"
    assert [finding.place.start.line for finding in find(RULE, new(code))] == [2, 3]


def test_very_many_tables() -> None:
    code = f"app = webapp.WSGIApplication({'MORE + ' * 200}[('/', lambda: H())])\n"
    assert len(find(RULE, new(code))) == 1
