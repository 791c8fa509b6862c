"""`webapp-url-mapping-kwarg`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-url-mapping-kwarg"


@pytest.mark.parametrize(
    "code",
    [
        "app = webapp.WSGIApplication([], debug=True)\n",
        "app = webapp.WSGIApplication(routes=[])\n",
        "def WSGIApplication(url_mapping): pass\napp = WSGIApplication(url_mapping=[])\n",
        "from mine import Application\napp = Application(url_mapping=[])\n",
        "url_mapping = []\napp = webapp.WSGIApplication(url_mapping)\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, new(code)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("app = webapp.WSGIApplication(url_mapping=URLS)\n", "app = webapp.WSGIApplication(URLS)\n"),
        (
            "app = webapp.WSGIApplication(\n  url_mapping = [], debug=1)\n",
            "app = webapp.WSGIApplication(\n  [], debug=1)\n",
        ),
        (
            "def main():\n  a = webapp.WSGIApplication(url_mapping=U)\nmain()\n",
            "def main():\n  a = webapp.WSGIApplication(U)\nmain()\n",
        ),
    ],
)
def test_the_keyword_goes_where_it_comes_first(before: str, after: str) -> None:
    for app in (old, new):
        assert fixed(RULE, app(before), unsafe=False)["main.py"] == HEAD + after


def test_elsewhere_it_is_called_routes_after_the_switch() -> None:
    code = "app = webapp.WSGIApplication(debug=True, url_mapping=URLS)\n"
    assert [finding.fix for finding in find(RULE, old(code))] == [None]
    assert fixed(RULE, new(code), unsafe=False)["main.py"] == HEAD + code.replace("url_mapping", "routes")
