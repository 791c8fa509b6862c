"""`webapp-routes-not-tuples`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-routes-not-tuples"


@pytest.mark.parametrize(
    "code",
    [
        "app = webapp.WSGIApplication([('/', A)])\n",
        "app = webapp.WSGIApplication((('/', A),))\n",
        "app = webapp.WSGIApplication([])\n",
        "app = webapp.WSGIApplication(routes())\n",
        "x = [['/', A]]\n",
        "app = webapp.WSGIApplication([('/', A)] + MORE)\n",
        "app = webapp.WSGIApplication([('/', A)] + [(['/', B])[0]])\n",
        "app = webapp.WSGIApplication(routes([['/', A]]) + MORE)\n",
        "app = mine.WSGIApplication([['/', A]])\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, new(code)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "app = webapp.WSGIApplication([['/', A], ('/b', B), ['/c', C]])\n",
            "app = webapp.WSGIApplication([('/', A), ('/b', B), ('/c', C)])\n",
        ),
        (
            "URLS = [\n  ['/', A],  # home\n]\napp = webapp.WSGIApplication(URLS)\n",
            "URLS = [\n  ('/', A),  # home\n]\napp = webapp.WSGIApplication(URLS)\n",
        ),
        (
            "app = webapp.WSGIApplication(url_mapping=[['/', A]])\n",
            "app = webapp.WSGIApplication(url_mapping=[('/', A)])\n",
        ),
        (
            "app = webapp.WSGIApplication([['/', A]] + MORE + [['/b', B]])\n",
            "app = webapp.WSGIApplication([('/', A)] + MORE + [('/b', B)])\n",
        ),
    ],
)
def test_routes_become_tuples(before: str, after: str) -> None:
    for app in (old, new):
        assert fixed(RULE, app(before), unsafe=False)["main.py"] == HEAD + after
