"""`webob-str-vars`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.webapp.handlers import new

RULE = "webob-str-vars"
CLASS = "class H(webapp.RequestHandler):\n  def get(self):\n"


def app(body: str, version: str = "1.2.3") -> dict[str, str | bytes]:
    files = new(f"{CLASS}    {body}\n")
    files["app.yaml"] = f"{files['app.yaml']}libraries:\n- name: webob\n  version: {version!r}\n"
    return files


@pytest.mark.parametrize(
    "body",
    [
        "self.request.GET",
        "x.str_GET",
        "self.response.str_GET",
        "x = 'a' in self.request.if_none_match",
        "self.request.charset = 'utf-8'",
        "x = self.request.charset",
        "x = self.request.range",
    ],
)
def test_leaves_alone(body: str) -> None:
    assert find(RULE, app(body)) == []


GONE = [
    "x = self.request.str_GET['x']",
    "x = self.request.str_cookies.get('x')",
    "x = self.request.if_none_match.weak_match('x')",
    "x = self.request.range.satisfiable(5)",
    "self.request.charset = 'iso-8859-1'",
]


@pytest.mark.parametrize("body", GONE)
def test_apps_with_the_old_version_are_left_alone(body: str) -> None:
    assert find(RULE, app(body, "1.1.1")) == []
    assert find(RULE, new(f"{CLASS}    {body}\n")) == []


@pytest.mark.parametrize("body", GONE)
def test_what_is_gone_is_reported(body: str) -> None:
    for version in ("1.2.3", "latest"):
        assert [finding.fix for finding in find(RULE, app(body, version))] == [None]
