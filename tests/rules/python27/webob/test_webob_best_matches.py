"""`webob-best-matches`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.webapp.handlers import new, old

RULE = "webob-best-matches"
CLASS = "class H(webapp.RequestHandler):\n  def get(self):\n"
WEBOB = 'libraries:\n- name: webob\n  version: "1.2.3"\n'


@pytest.mark.parametrize(
    "body",
    [
        "self.request.accept_language.best_match(['en'])",
        "self.request.accept.first_match(['text/html'])",
        "accept_language.best_matches('en')",
        "self.request.accept_language.best_matches()",
        "f = self.request.accept_language.best_matches",
    ],
)
def test_leaves_alone(body: str) -> None:
    assert find(RULE, new(f"{CLASS}    {body}\n")) == []


def test_what_has_changed() -> None:
    code = f"{CLASS}    x = self.request.accept_language.best_matches('en')\n"
    for app in (old, new):
        assert [finding.severity for finding in find(RULE, app(code))] == [Severity.WARNING]
    files = new(code.replace("best_matches", "first_match"))
    files["app.yaml"] = str(files["app.yaml"]) + WEBOB
    assert [finding.severity for finding in find(RULE, files)] == [Severity.ERROR]
