"""`webob-12-request`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new

RULE = "webob-12-request"
CLASS = "class H(webapp.RequestHandler):\n  def get(self):\n"


def app(body: str, version: str = "1.2.3") -> dict[str, str | bytes]:
    files = new(f"{CLASS}    {body}\n")
    files["app.yaml"] = f"{files['app.yaml']}libraries:\n- name: webob\n  version: {version!r}\n"
    return files


@pytest.mark.parametrize(
    "body",
    ["self.request.GET", "'X' in self.request.headers", "self.response.headers.has_key('X')", "x.str_GET"],
)
def test_leaves_alone(body: str) -> None:
    assert find(RULE, app(body)) == []


def test_apps_with_the_old_version_are_left_alone() -> None:
    assert find(RULE, app("self.request.str_GET['x']", "1.1.1")) == []
    assert find(RULE, new(f"{CLASS}    self.request.headers.has_key('X')\n")) == []


def test_gone_names_are_reported() -> None:
    for version in ("1.2.3", "latest"):
        assert [finding.fix for finding in find(RULE, app("x = self.request.str_GET['x']", version))] == [
            None
        ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = self.request.headers.has_key('X')", "x = 'X' in self.request.headers"),
        ("if not self.request.headers.has_key(n): pass", "if not (n in self.request.headers): pass"),
    ],
)
def test_in_takes_the_place_of_has_key(before: str, after: str) -> None:
    assert fixed(RULE, app(before), unsafe=False)["main.py"] == f"{HEAD}{CLASS}    {after}\n"
