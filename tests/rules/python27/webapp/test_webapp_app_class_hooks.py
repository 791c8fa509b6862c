"""`webapp-app-class-hooks`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-app-class-hooks"


@pytest.mark.parametrize(
    "code",
    [
        "class A(webapp.WSGIApplication):\n  response_class = R\n",
        "class A(webapp.WSGIApplication):\n  response_class = RESPONSE_CLASS = R\n",
        "class A(object):\n  RESPONSE_CLASS = R\n",
        "RESPONSE_CLASS = R\n",
        "class A(webapp.WSGIApplication):\n  def f(self):\n    RESPONSE_CLASS = 1\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, new(code)) == []


def test_both_names_are_given() -> None:
    code = "class A(webapp.WSGIApplication):\n  REQUEST_CLASS = R  # mine\n  RESPONSE_CLASS = S\n"
    after = code.replace("REQUEST_CLASS", "request_class = REQUEST_CLASS")
    after = after.replace("RESPONSE_CLASS", "response_class = RESPONSE_CLASS")
    for app in (old, new):
        assert fixed(RULE, app(code), unsafe=False)["main.py"] == HEAD + after
