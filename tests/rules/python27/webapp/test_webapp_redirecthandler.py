"""`webapp-redirecthandler`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-redirecthandler"


def app_of(route: str) -> str:
    return f"import webapp2\napp = webapp.WSGIApplication([{route}])\n"


@pytest.mark.parametrize(
    "route",
    [
        "('/', H)",
        "('/', H.new_factory(1))",
        "webapp2.Route('/', webapp.RedirectHandler, defaults={'_uri': '/x'})",
    ],
)
def test_leaves_alone(route: str) -> None:
    assert find(RULE, new(app_of(route))) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "('/old', webapp.RedirectHandler.new_factory('/new'))",
            "webapp2.Route('/old', webapp2.RedirectHandler, defaults={'_uri': '/new', '_permanent': False})",
        ),
        (
            "('/old', webapp.RedirectHandler.new_factory(URL, permanent=True))",
            "webapp2.Route('/old', webapp2.RedirectHandler, defaults={'_uri': URL, '_permanent': True})",
        ),
    ],
)
def test_a_route_redirects(before: str, after: str) -> None:
    assert fixed(RULE, new(app_of(before)))["main.py"] == HEAD + app_of(after)
    assert [finding.fix for finding in find(RULE, old(app_of(before)))] == [None]


def test_patterns_are_only_reported() -> None:
    route = "('/old/(.*)', webapp.RedirectHandler.new_factory('/new'))"
    assert [finding.fix for finding in find(RULE, new(app_of(route)))] == [None]
