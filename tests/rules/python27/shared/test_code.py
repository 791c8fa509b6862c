"""What an expression means among the app's functions and classes."""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.reach.calls import mentions
from tests.rules.helpers import make_app
from tests.rules.python27.wsgi.scripts import wsgi

CLASS = "class Text(object):\n    def strip(self):\n        return self\n    def lower(self):\n        return self\n"


@pytest.mark.parametrize(
    "code",
    [
        "x = ''\nx = x.strip()\n",
        "x = ''\ny = x.strip()\nx = y.lower()\n",
        "x = x.strip()\nx = x.lower()\nx = x.strip()\n",
    ],
)
def test_a_name_whose_meaning_depends_on_itself(code: str) -> None:
    found = mentions(make_app(wsgi(CLASS + code + "app = 1\n"))).all
    assert {mention.sure for mention in found} == {()}
