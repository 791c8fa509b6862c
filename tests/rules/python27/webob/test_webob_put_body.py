"""`webob-put-body`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.webapp.handlers import new, old

RULE = "webob-put-body"


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("post", "self.request.get('x')"),
        ("put", "self.request.body"),
        ("put", "self.request.GET['x']"),
        ("put", "self.request.headers.get('X')"),
        ("put", "x.get('y')"),
        ("puts", "self.request.get('x')"),
    ],
)
def test_leaves_alone(method: str, body: str) -> None:
    assert find(RULE, new(f"class H(webapp.RequestHandler):\n  def {method}(self):\n    {body}\n")) == []


def test_other_classes_are_left_alone() -> None:
    assert find(RULE, new("class M(db.Model):\n  def put(self):\n    self.request.get('x')\n")) == []


def test_an_app_is_told_once() -> None:
    code = "class H(webapp.RequestHandler):\n  def put(self):\n    self.request.get('x'); self.request.POST\n"
    for app in (old, new):
        (finding,) = find(RULE, app(code))
        assert (finding.severity, finding.fix, len(finding.related)) == (Severity.NOTE, None, 1)
