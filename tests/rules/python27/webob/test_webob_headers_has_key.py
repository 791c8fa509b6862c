"""`webob-headers-has-key`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new

RULE = "webob-headers-has-key"
CLASS = "class H(webapp.RequestHandler):\n  def get(self):\n"


def app(body: str, version: str = "1.2.3") -> dict[str, str | bytes]:
    files = new(f"{CLASS}    {body}\n")
    files["app.yaml"] = f"{files['app.yaml']}libraries:\n- name: webob\n  version: {version!r}\n"
    return files


@pytest.mark.parametrize(
    "body",
    [
        "'X' in self.request.headers",
        "self.response.headers.has_key('X')",
        "self.request.GET.has_key('X')",
        "x.has_key('X')",
        "f(self.request.headers).has_key('X')",
    ],
)
def test_leaves_alone(body: str) -> None:
    assert find(RULE, app(body)) == []


def test_apps_with_the_old_version_are_left_alone() -> None:
    body = "self.request.headers.has_key('X')"
    assert find(RULE, app(body, "1.1.1")) == []
    assert find(RULE, new(f"{CLASS}    {body}\n")) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = self.request.headers.has_key('X')", "x = 'X' in self.request.headers"),
        ("if self.request.cookies.has_key(n): pass", "if n in self.request.cookies: pass"),
        ("if not self.request.headers.has_key(n): pass", "if not (n in self.request.headers): pass"),
        ("x = self.request.headers.has_key('X') == y", "x = ('X' in self.request.headers) == y"),
        ("x = self.request.headers.has_key(a or b)", "x = (a or b) in self.request.headers"),
    ],
)
def test_in_takes_the_place_of_has_key(before: str, after: str) -> None:
    assert fixed(RULE, app(before), unsafe=False)["main.py"] == f"{HEAD}{CLASS}    {after}\n"
