"""`webapp-header-missing-key`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-header-missing-key"
CLASS = "class H(webapp.RequestHandler):\n  def get(self):\n"


@pytest.mark.parametrize(
    "body",
    [
        "    self.response.headers['X'] = 'y'\n",
        "    self.response.headers['X'] += 'y'\n",
        "    self.response.headers.get('X')\n",
        "    y = self.response.headers['Content-Type']\n",
        "    y = self.request.headers['X']\n",
        "    self.response.headers['X'] = 'y'\n    z = self.response.headers['X']\n",
        "    if 'X' in self.response.headers:\n      del self.response.headers['X']\n",
        "    try:\n      y = self.response.headers['X']\n    except KeyError:\n      y = 1\n",
        "    y = self.response.headers[name]\n",
        "    self.redirect('/')\n    y = self.response.headers['Location']\n",
        "    if 'x' not in self.response.headers: return\n    y = self.response.headers['X']\n",
        "    self.response.headers.add_header('X', 'y')\n    y = self.response.headers['X']\n",
        "    if self.response.headers.has_key('X'): del self.response.headers['X']\n",
        "    y = response.headers['X']\n",
    ],
)
def test_leaves_alone(body: str) -> None:
    assert find(RULE, new(CLASS + body)) == []


def test_reading() -> None:
    for app in (old, new):
        made = fixed(RULE, app(CLASS + "    y = self.response.headers['X']\n"), unsafe=False)["main.py"]
        assert made == HEAD + CLASS + "    y = self.response.headers.get('X')\n"


def test_deleting_after_the_switch() -> None:
    body = "    del self.response.headers['X']\n"
    assert [finding.fix for finding in find(RULE, old(CLASS + body))] == [None]
    made = fixed(RULE, new(CLASS + body), unsafe=False)["main.py"]
    assert made == HEAD + CLASS + "    self.response.headers.pop('X', None)\n"
