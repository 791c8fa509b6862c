"""`webapp-reserved-handler-names`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.webapp.handlers import new, old

RULE = "webapp-reserved-handler-names"
CLASS = "class H(webapp.RequestHandler):\n"


@pytest.mark.parametrize(
    "code",
    [
        CLASS + "  def get(self):\n    app = 1\n",
        CLASS + "  def dispatch(self):\n    super(H, self).dispatch()\n",
        CLASS + "  def get(self):\n    self.app.config\n",
        "class X(object):\n  app = 1\n  def dispatch(self): pass\n",
        "app = 1\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, new(code)) == []


def test_files_that_know_webapp2_are_left_alone() -> None:
    assert find(RULE, new("import webapp2\n" + CLASS + "  def dispatch(self): pass\n")) == []


@pytest.mark.parametrize(
    "body", ["  app = 'x'\n", "  def app(self): pass\n", "  def dispatch(self, x): pass\n"]
)
def test_names_that_webapp2_uses(body: str) -> None:
    for app in (old, new):
        assert len(find(RULE, app(CLASS + body))) == 1
