"""`webob-body-file`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webob-body-file"
CLASS = "class H(webapp.RequestHandler):\n  def post(self):\n"


@pytest.mark.parametrize(
    "body",
    [
        "self.request.body",
        "self.request.body_file.read()",
        "f(self.request.body_file)",
        "for x in self.request.body_file.readlines(): pass",
        "for x in y: f(self.request.body_file)",
        "json.load(self.request.body_file)",
        "x.body_file.getvalue()",
    ],
)
def test_leaves_alone(body: str) -> None:
    assert find(RULE, new(f"{CLASS}    {body}\n")) == []


def test_the_whole_body_is_taken() -> None:
    for app in (old, new):
        made = fixed(RULE, app(f"{CLASS}    x = self.request.body_file.getvalue()\n"), unsafe=False)[
            "main.py"
        ]
        assert made == f"{HEAD}{CLASS}    x = self.request.body\n"


@pytest.mark.parametrize(
    "body",
    [
        "for line in self.request.body_file: pass",
        "x = [line for line in self.request.body_file]",
        "import csv; x = csv.reader(self.request.body_file)",
        "x = self.request.body_file.next()",
    ],
)
def test_the_file_of_webob_11_is_no_iterator(body: str) -> None:
    files = new(f"{CLASS}    {body}\n")
    assert [finding.fix for finding in find(RULE, files)] == [None]
    files["app.yaml"] = str(files["app.yaml"]) + 'libraries:\n- name: webob\n  version: "1.2.3"\n'
    assert find(RULE, files) == []


@pytest.mark.parametrize("member", ["seek(0)", "tell()", "len"])
def test_the_rest_is_reported(member: str) -> None:
    findings = find(RULE, new(f"{CLASS}    x = self.request.body_file.{member}\n"))
    assert [finding.fix for finding in findings] == [None]
