"""`deploy-tests`: what it leaves alone and finds."""

from __future__ import annotations

from tests.rules.helpers import find

RULE = "deploy-tests"

YAML = "runtime: {}\napi_version: 1\nhandlers:\n- url: /_ah/mail/.+\n  script: main.py\n- url: /.*\n  script: main.py\n"
CODE = """\
from google.appengine.api import memcache
from google.appengine.ext import webapp
class H(webapp.RequestHandler):
    def get(self): self.redirect(self.request.get('next'))
    def post(self): pass
"""


def test_leaves_alone() -> None:
    assert find(RULE, {"app.yaml": YAML.format("python27"), "main.py": CODE}) == []
    assert find(RULE, {"app.yaml": YAML.format("go"), "main.py": CODE}) == []
    assert find(RULE, {"app.yaml.example": YAML.format("python"), "main.py": CODE}) == []
    plain = "runtime: python\nhandlers:\n- url: /.*\n  script: main.py\n"
    assert find(RULE, {"app.yaml": plain, "main.py": "print 'Content-Type: text/plain'\n"}) == []


def test_the_list_is_that_of_the_app() -> None:
    files = {"app.yaml": YAML.format("python"), "main.py": CODE, "cron.yaml": "cron:\n"}
    (finding,) = find(RULE, {**files, "other.yaml": YAML.format("python")})
    for what in (
        "2 URL patterns",
        "2 methods of a handler",
        "redirects",
        "memcache",
        "incoming mail",
        "cron.yaml",
    ):
        assert what in finding.message
    (finding,) = find(RULE, {"app.yaml": YAML.format("python"), "main.py": "x = 1\n"})
    assert "memcache" not in finding.message


def test_redirects_within_the_app_are_not_listed() -> None:
    code = CODE.replace("self.request.get('next')", "'/' + name")
    (finding,) = find(RULE, {"app.yaml": YAML.format("python"), "main.py": code})
    assert "redirects" not in finding.message


def test_one_method_is_no_methods() -> None:
    (finding,) = find(
        RULE, {"app.yaml": YAML.format("python"), "main.py": CODE.rpartition("    def post")[0]}
    )
    assert "; 1 method of a handler, " in finding.message
