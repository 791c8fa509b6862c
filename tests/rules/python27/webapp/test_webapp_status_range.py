"""`webapp-status-range`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.webapp.handlers import new, old

RULE = "webapp-status-range"
CLASS = "class H(webapp.RequestHandler):\n  def get(self):\n"


@pytest.mark.parametrize(
    "call", ["set_status(200)", "set_status(599, 'x')", "set_status(code)", "status(100)"]
)
def test_leaves_alone(call: str) -> None:
    assert find(RULE, new(f"{CLASS}    self.response.{call}\n")) == []


@pytest.mark.parametrize("code", ["self.error(404)", "other.error(100)", "x = self.error", "error(100)"])
def test_other_errors_are_left_alone(code: str) -> None:
    assert find(RULE, new(f"{CLASS}    {code}\n")) == []


def test_errors_of_the_handler() -> None:
    assert len(find(RULE, new(f"{CLASS}    self.error(100)\n"))) == 1


@pytest.mark.parametrize("code", ["100", "199", "600", "999"])
def test_other_codes(code: str) -> None:
    for app in (old, new):
        assert len(find(RULE, app(f"{CLASS}    self.response.set_status({code}, 'x')\n"))) == 1


@pytest.mark.parametrize("code", ["self.error(100)", "r = self.response; r.set_status(600)"])
def test_wrappers_around_methods_in_another_module(code: str) -> None:
    guard = f"def guard(method):\n  def inner(self):\n    {code}\n  return inner\n"
    main = "from guards import guard\nclass H(webapp.RequestHandler):\n  @guard\n  def get(self): pass\n"
    assert [finding.place.path for finding in find(RULE, new(main, guards=guard))] == ["guards.py"]
