"""`webob-charset-upper`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webob-charset-upper"
CLASS = "class H(webapp.RequestHandler):\n  def get(self):\n"


@pytest.mark.parametrize(
    "body",
    [
        "self.request.charset == 'UTF-8'",
        "self.request.charset.lower() == 'utf-8'",
        "self.request.charset == other",
        "self.response.charset == 'utf-8'",
        "self.request.charset = 'utf-8'",
    ],
)
def test_leaves_alone(body: str) -> None:
    assert find(RULE, new(f"{CLASS}    {body}\n")) == []


def test_small_letters_are_compared() -> None:
    for app in (old, new):
        made = fixed(RULE, app(f"{CLASS}    x = 'utf-8' == self.request.charset\n"), unsafe=False)["main.py"]
        assert made == f"{HEAD}{CLASS}    x = 'utf-8' == (self.request.charset or '').lower()\n"
