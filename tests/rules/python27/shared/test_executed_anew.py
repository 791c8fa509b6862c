"""Scripts that stay CGI: those without `main()` are executed anew for each request and keep nothing."""

from __future__ import annotations

import pytest

from gaebot.engine import check
from tests.rules.helpers import make_app, rule
from tests.rules.python27.threads.apps import RULES
from tests.rules.python27.wsgi.scripts import cgi, cgi27

SCRIPT = """\
n = 0
def count():
    global n
    n += 1
    print 'Content-Type: text/plain'
    print
    print n
actions = {'count': count}
"""
MAIN = "def main(%s):\n    actions['count']()\nif __name__ == '__main__':\n    main(%s)\n"
PAGE = "import actions\nprint 'Content-Type: text/plain'\nprint\nactions.actions['count']()\n"


def told(files: dict[str, str | bytes]) -> list[str]:
    """The rules and grades of all findings about shared state."""
    report = check(make_app(files), [rule(rule_id) for rule_id in RULES])
    assert not report.failures, report.failures
    return [f"{finding.rule} {finding.severity.value}" for finding in report.findings]


@pytest.mark.parametrize("end", ["actions['count']()\n", MAIN % ("argv", "[]")])
def test_a_script_that_is_executed_anew_keeps_nothing(end: str) -> None:
    assert told(cgi(SCRIPT + end)) == []
    assert told(cgi27(SCRIPT + end)) == []


@pytest.mark.parametrize("end", [MAIN % ("", ""), MAIN % ("argv=None", "")])
def test_one_with_main_stays_loaded(end: str) -> None:
    assert told(cgi(SCRIPT + end)) == ["ts-counter note"]
    assert told(cgi27(SCRIPT + end)) == ["ts-counter note"]


def test_so_do_the_modules_that_a_script_imports() -> None:
    assert told(cgi(PAGE, actions=SCRIPT)) == ["ts-counter note"]
    assert told(cgi27(PAGE, actions=SCRIPT)) == ["ts-counter note"]


def test_a_script_that_becomes_a_wsgi_application_will_stay_loaded() -> None:
    code = """\
import webapp2
from google.appengine.ext.webapp.util import run_wsgi_app
n = 0
class Main(webapp2.RequestHandler):
    def get(self):
        global n
        n += 1
app = webapp2.WSGIApplication([('/', Main)])
run_wsgi_app(app)
"""
    assert told(cgi(code)) == ["ts-counter warning"]
    assert told(cgi27(code)) == ["ts-counter note"]
