"""`webob-queryvars`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webob-queryvars"
CLASS = "class H(webapp.RequestHandler):\n  def get(self):\n"


@pytest.mark.parametrize(
    "body", ["self.request.GET", "self.queryvars", "x.queryvars", "'queryvars'", "request.queryvars"]
)
def test_leaves_alone(body: str) -> None:
    assert find(RULE, new(f"{CLASS}    {body}\n")) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [("queryvars", "GET"), ("postvars", "POST"), ("str_queryvars", "str_GET"), ("str_postvars", "str_POST")],
)
def test_the_new_names(before: str, after: str) -> None:
    for app in (old, new):
        made = fixed(RULE, app(f"{CLASS}    x = self.request.{before}['a']\n"), unsafe=False)["main.py"]
        assert made == f"{HEAD}{CLASS}    x = self.request.{after}['a']\n"
