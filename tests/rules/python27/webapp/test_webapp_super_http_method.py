"""`webapp-super-http-method`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-super-http-method"
CLASS = "class H(webapp.RequestHandler):\n  def post(self):\n"


@pytest.mark.parametrize(
    "code",
    [
        CLASS + "    self.get()\n",
        CLASS + "    super(H, self).dispatch()\n",
        CLASS + "    self.request.get('x')\n",
        CLASS + "    super(H, self).error(404)\n",
        "class B(webapp.RequestHandler):\n  def get(self): pass\nclass H(B):\n  def get(self): super(H, self).get()\n",
        "class H(webapp.RequestHandler, Mixin):\n  def get(self): super(H, self).get()\n",
        "class H(object):\n  def get(self): super(H, self).get()\n",
        CLASS + "    memcache.get('x')\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, new(code)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    super(H, self).post()\n", "    self.error(405)\n"),
        ("    webapp.RequestHandler.post(self)\n", "    self.error(405)\n"),
        ("    return super(H, self).get(1, 2)\n", "    return self.error(405)\n"),
    ],
)
def test_the_error_is_said(before: str, after: str) -> None:
    for app in (old, new):
        assert fixed(RULE, app(CLASS + before), unsafe=False)["main.py"] == HEAD + CLASS + after
