"""`wsgi-cgihandler-page`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, cgi27, wsgi

RULE = "wsgi-cgihandler-page"

HEAD = """\
import wsgiref.handlers
from google.appengine.ext import webapp
from google.appengine.ext.webapp import template
"""
MAIN = """\
class Main(webapp.RequestHandler):
    def get(self):
        {write}

def main():
    application = webapp.WSGIApplication([('/', Main)])
    {run}

if __name__ == '__main__':
    main()
"""
WRITE = "self.response.out.write(template.render('a.html', {}))"
RUN = "wsgiref.handlers.CGIHandler().run(application)"
UTIL = "from google.appengine.ext.webapp.util import run_wsgi_app\n"


def script(write: str = WRITE, run: str = RUN, head: str = HEAD) -> str:
    """The source of a script that writes something, and is run in some way."""
    return head + MAIN.format(write=write, run=run)


def stuck(files: dict[str, str | bytes]) -> dict[str, str | bytes]:
    """The same app with a script that is not there, so that all stay CGI."""
    return {**files, "app.yaml": str(files["app.yaml"]) + "- url: /gone\n  script: gone.py\n"}


@pytest.mark.parametrize(
    "write",
    [
        "self.response.out.write('<p>')",
        "self.response.out.write('<p>' + template.render('a.html', {}))",
        "self.response.out.write('%s' % template.render('a.html', {}))",
        "self.response.out.write(str(template.render('a.html', {})))",
        "self.response.out.write(self.page())",
        "page = template.render('a.html', {}); page = page + 'x'; self.response.out.write(page)",
        "open('x', 'w').write(template.render('a.html', {}))",
        "template.render('a.html', {})",
    ],
)
def test_what_is_no_rendered_page_is_left_alone(write: str) -> None:
    assert find(RULE, stuck(cgi27(script(write)))) == []


@pytest.mark.parametrize(
    "run",
    [
        "webapp.util.run_wsgi_app(application)",
        "application.run()",
        "wsgiref.handlers.CGIHandler().run(wrap(application))",
        "wsgiref.handlers.CGIHandler().run(other)",
        "Own().run(application)",
    ],
)
def test_what_is_not_run_by_wsgiref_is_left_alone(run: str) -> None:
    assert find(RULE, stuck(cgi27(script(run=run)))) == []


def test_wsgi_applications_are_left_alone() -> None:
    assert find(RULE, wsgi(script().replace("    application", "app = application"))) == []
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": script()}) == []


def test_a_script_that_becomes_an_application_with_the_switch_is_left_alone() -> None:
    assert find(RULE, cgi(script())) == []


def test_pages_of_another_script_are_left_alone() -> None:
    files = cgi27(
        script("self.response.out.write('x')"), other=script(run="webapp.util.run_wsgi_app(application)")
    )
    files["app.yaml"] = str(files["app.yaml"]) + "- url: /other\n  script: other.py\n"
    assert find(RULE, stuck(files)) == []


@pytest.mark.parametrize(
    "write",
    [
        WRITE,
        "self.response.write(template.render('a.html', {}))",
        "page = template.render('a.html', {}); self.response.out.write(page)",
        "out = self.response.out; self.response.out.write(template.render('a.html', {}))",
        "self.response.out.write(self.page())\n    def page(self):\n        return template.render('a.html', {})",
        "self.response.out.write(page())\ndef page():\n    return template.render('a.html', {})\nclass X: pass",
    ],
)
def test_a_page_that_wsgiref_refuses(write: str) -> None:
    [finding] = find(RULE, stuck(cgi27(script(write))))
    assert finding.place.snippet.decode() == RUN
    assert finding.fix is not None
    assert len(find(RULE, stuck(cgi(script(write))))) == 1


def test_a_page_that_an_imported_module_writes() -> None:
    pages = f"{HEAD}class Page(webapp.RequestHandler):\n    def get(self):\n        {WRITE}\n"
    main = script("pass").replace("('/', Main)", "('/', pages.Page)")
    [finding] = find(RULE, stuck(cgi27(f"import pages\n{main}", pages=pages)))
    assert [related.place.path for related in finding.related] == ["pages.py"]


def test_a_script_that_can_be_converted_is_converted() -> None:
    [finding] = find(RULE, cgi27(script()))
    assert finding.fix is not None
    assert "script: main.a" in fixed(RULE, cgi27(script()))["app.yaml"]


@pytest.mark.parametrize(
    ("head", "call", "after"),
    [
        (HEAD, "run_wsgi_app", UTIL + HEAD),
        (HEAD + UTIL, "run_wsgi_app", HEAD + UTIL),
        (f"{HEAD}from google.appengine.ext.webapp import util\n", "util.run_wsgi_app", ""),
    ],
)
def test_the_application_is_run_by_webapp(head: str, call: str, after: str) -> None:
    made = fixed(RULE, stuck(cgi27(script(head=head))), unsafe=False)["main.py"]
    assert made == script(run=f"{call}(application)", head=after or head)


def test_middleware_is_not_added() -> None:
    config = "def webapp_add_wsgi_middleware(app):\n    return app\n"
    made = fixed(RULE, stuck(cgi27(script(), appengine_config=config)), unsafe=False)["main.py"]
    assert "    run_bare_wsgi_app(application)\n" in made


@pytest.mark.parametrize(
    ("head", "run"),
    [
        (HEAD, "handler = wsgiref.handlers.CGIHandler(); handler.run(application)"),
        (HEAD, "wsgiref.handlers.BaseCGIHandler(i, o, e, {}).run(application)"),
        (f"{HEAD}def run_wsgi_app(x): pass\n", RUN),
    ],
)
def test_what_is_only_reported(head: str, run: str) -> None:
    findings = find(RULE, stuck(cgi27(script(head=head, run=run))))
    assert [finding.fix for finding in findings] == [None]


@pytest.mark.parametrize(
    ("line", "run"),
    [
        ("from wsgiref.handlers import CGIHandler as H\n", "H().run(application)"),
        ("from wsgiref import handlers\n", "handlers.CGIHandler().run(application)"),
    ],
)
def test_the_handler_by_another_name(line: str, run: str) -> None:
    assert len(find(RULE, stuck(cgi27(script(head=HEAD + line, run=run))))) == 1
