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
        ("    x = key = urllib.unquote(key)\n    f(x)\n", "    x = key = key\n    f(x)\n"),
        ("    key, x = urllib.unquote(key), 1\n    f(key)\n", "    key, x = key, 1\n    f(key)\n"),
        ("    other = urllib.unquote(key)\n    f(other)\n", "    other = key\n    f(other)\n"),
        ("    key = urllib.unquote(key) or 'x'\n    f(key)\n", "    key = key or 'x'\n    f(key)\n"),
    ],
)
def test_the_decoding_goes_after_the_switch(before: str, after: str) -> None:
    assert [finding.fix for finding in find(RULE, old(CLASS + before))] == [None]
    assert fixed(RULE, new(CLASS + before))["main.py"] == HEAD + CLASS + after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    key = urllib.unquote(key)\n    f(key)\n", "    f(key)\n"),
        ("    f(1)\n    key = (urllib.unquote(key))  # 'a b'\n    f(key)\n", "    f(1)\n    f(key)\n"),
        ("    key = urllib.unquote(key); f(key)\n", "    f(key)\n"),
        ("    '''Doc.'''\n    key = urllib.unquote(key)\n", "    '''Doc.'''\n"),
        (
            "    key = urllib.unquote(key)\n    other = unquote_plus(other)\n    f(key)\n",
            "    f(key)\n",
        ),
        # A block has to hold something.
        ("    key = urllib.unquote(key)\n", "    pass\n"),
        ("    # it is quoted\n    key = urllib.unquote(key)\n", "    # it is quoted\n    pass\n"),
        ("    if key: key = urllib.unquote(key)\n    f(key)\n", "    if key: pass\n    f(key)\n"),
        (
            "    if key:\n      key = urllib.unquote(key)\n      other = unquote_plus(other)\n    f(key)\n",
            "    if key:\n      pass\n      pass\n    f(key)\n",
        ),
    ],
)
def test_what_would_only_give_a_name_its_own_value_goes(before: str, after: str) -> None:
    assert fixed(RULE, new(CLASS + before))["main.py"] == HEAD + CLASS + after


def test_in_a_module_that_says_neither_name_of_webapp() -> None:
    pages = "from base import Page\nfrom urllib import unquote as plain\nclass H(Page):\n  def get(self, key):\n    plain(key)\n"
    base = f"{HEAD}Page = webapp.RequestHandler\n"
    (finding,) = find(RULE, new("import pages\n", pages=pages, base=base))
    assert finding.place.path == "pages.py"
