"""`webapp-path-unquoted`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-path-unquoted"
CLASS = "import urllib\nfrom urllib import unquote_plus\nclass H(webapp.RequestHandler):\n  def get(self, key, other=None):\n"


@pytest.mark.parametrize(
    "code",
    [
        CLASS + "    urllib.quote(key)\n",
        CLASS + "    urllib.unquote(self.request.get('x'))\n",
        CLASS + "    urllib.unquote(self.request.path)\n",
        CLASS + "    for key in x:\n      urllib.unquote(key)\n",
        CLASS + "    unquote(key)\n",
        CLASS + "    pass\n  def helper(self, key):\n    urllib.unquote(key)\n",
        "import urllib\ndef get(self, key):\n  urllib.unquote(key)\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, new(code)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    f(urllib.unquote(key))\n", "    f(key)\n"),
        ("    key = urllib.unquote_plus(key).decode('utf-8')\n", "    key = key.decode('utf-8')\n"),
        ("    x = unquote_plus(other)\n", "    x = other\n"),
    ],
)
def test_the_decoding_goes_after_the_switch(before: str, after: str) -> None:
    assert [finding.fix for finding in find(RULE, old(CLASS + before))] == [None]
    assert fixed(RULE, new(CLASS + before))["main.py"] == HEAD + CLASS + after


def test_in_a_module_that_says_neither_name_of_webapp() -> None:
    pages = "from base import Page\nfrom urllib import unquote as plain\nclass H(Page):\n  def get(self, key):\n    plain(key)\n"
    base = f"{HEAD}Page = webapp.RequestHandler\n"
    (finding,) = find(RULE, new("import pages\n", pages=pages, base=base))
    assert finding.place.path == "pages.py"
