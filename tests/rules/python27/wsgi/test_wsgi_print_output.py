"""`wsgi-print-output`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Finding, Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, cgi27, wsgi

RULE = "wsgi-print-output"

ADAPTED = """
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app
{more}
application = webapp.WSGIApplication([])
def main():
    run_wsgi_app(application)
if __name__ == '__main__':
    main()
"""


def shown(files: dict[str, str | bytes]) -> list[tuple[str, int, Severity]]:
    return [_short(finding) for finding in find(RULE, files)]


def _short(finding: Finding) -> tuple[str, int, Severity]:
    return finding.place.path, finding.place.start.line, finding.severity


@pytest.mark.parametrize(
    "code",
    [
        "class H:\n    def get(self):\n        print >>self.response.out, 'hello'\n",
        "import sys\nprint >>sys.stderr, 'oops'\nsys.stderr.write('oops')\n",
        "from __future__ import print_function\nimport sys\nprint('x', file=sys.stderr)\n",
        "import sys\nlog = sys.stdout\n",
        "import pprint\npprint.pprint({}, open('x'))\npprint.pformat({})\n",
        "x = 'print me'\n# print 'Content-Type: text/plain'\n",
        "def show():\n    '''print'''\n",
        "import sys\ndef run(code):\n    sys.stdout = Catcher()\n    print 'caught'\n",
        "def print_me(x): pass\nprint_me(1)\n",
        "def write(): pass\nwrite('<p>')\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert shown(wsgi(code)) == []
    assert shown(cgi(ADAPTED.format(more=code))) == []


@pytest.mark.parametrize("path", ["tool.py", "tests/test_main.py", "setup.py", "tools/load.py"])
def test_files_that_no_script_leads_to_are_left_alone(path: str) -> None:
    tool = "if __name__ == '__main__':\n    print 'Content-Type: text/plain'\n"
    assert shown({**wsgi("app = None\n"), path: tool}) == []


def test_the_command_line_of_a_module_is_left_alone() -> None:
    helper = """
        def page(): return ''
        def usage(): print '<p>usage: helper'
        def main(argv):
            usage()
        if __name__ == '__main__':
            main([])
        """
    assert shown(wsgi("import helper\n", helper=helper)) == []
    assert shown(cgi("import helper\n", helper=helper)) == []


def test_a_cgi_script_that_prints_works_on_as_cgi() -> None:
    code = "import cgi\nprint 'Content-Type: text/html'\nprint\nprint '<h1>Hi</h1>'\n"
    for app in (cgi(code), cgi27(code)):
        assert shown(app) == [("main.py", 2, Severity.WARNING)]
        (finding,) = find(RULE, app)
        assert "here 3 times" in finding.message
        assert "`threadsafe: false`" in finding.message


@pytest.mark.parametrize(
    "statement",
    [
        "print",
        "print 'x'",
        "print('x')",
        "print >>sys.stdout, 'x'",
        "sys.stdout.write('x')",
        "out('x')",
        "cgi.print_environ()",
        "cgi.test()",
        "pprint.pprint(x)",
    ],
)
def test_every_way_to_write_counts(statement: str) -> None:
    code = f"import cgi, pprint, sys\nfrom sys import stdout\nout = stdout.write\n{statement}\n"
    assert shown(cgi(code)) == [("main.py", 4, Severity.WARNING)]


def test_a_module_that_prints_for_a_cgi_script_counts_too() -> None:
    app = cgi("from views import page\npage()\n", views="def page():\n    print 'hello'\n")
    assert shown(app) == [("views.py", 2, Severity.WARNING)]
    assert "`main.py` is a CGI script" in find(RULE, app)[0].message


@pytest.mark.parametrize(
    "line", ["print 'Content-Type: image/png'", "print '<p>%s' % 1", "print 'Status: 404'"]
)
def test_an_answer_that_is_printed_from_a_handler(line: str) -> None:
    handler = f"class H(webapp.RequestHandler):\n    def get(self):\n        print 1\n        {line}\n"
    assert shown(cgi(ADAPTED.format(more=handler))) == [("main.py", 7, Severity.WARNING)]
    assert shown(wsgi(ADAPTED.format(more=handler))) == [("main.py", 7, Severity.ERROR)]


COOKIE = """
import Cookie, sys
class H(webapp.RequestHandler):
    def get(self):
        self.cookie = cookie = Cookie.SimpleCookie()
        {line}
"""


@pytest.mark.parametrize(
    "line",
    [
        "print 'cookie:', cookie",
        "print 'cookie: %s' % cookie",
        "print len(cookie)",
        "print cookie.keys()",
        "print cookie['a'].value",
        "print cookie['a'].OutputString()",
        "print cookie.output(header='')",
        "print cookie.output([], 'got')",
        "print self.cookies",
        "print other",
        "print other.output()",
        "print self.request.cookies",
        "print cookie is None",
        "print 'Expires: %s' % self",
        "print 'Pragmatic: yes'",
    ],
)
def test_what_is_no_cookie_is_only_a_note(line: str) -> None:
    for app in (cgi, wsgi):
        found = shown(app(ADAPTED.format(more=COOKIE.format(line=line))))
        assert found == [("main.py", 9, Severity.NOTE)]


def test_another_cookie_is_only_a_note() -> None:
    code = COOKIE.format(line="print cookie").replace("import Cookie, sys", "from shop import Cookie")
    assert [severity for _, _, severity in shown(wsgi(ADAPTED.format(more=code)))] == [Severity.NOTE]


@pytest.mark.parametrize(
    "line",
    [
        "print cookie",
        "print(cookie)",
        "print (cookie)",
        "print cookie['a']",
        "print self.cookie",
        "print self.cookie[NAME]",
        "print cookie.output()",
        "print self.cookie['a'].output()",
        "print cookie.output(header='Set-Cookie:')",
        "print str(cookie)",
        "print >>sys.stdout, cookie",
        "print Cookie.SmartCookie('a=b')",
        "sys.stdout.write(cookie.output())",
        "print 'Cache-Control: no-store, no-cache, must-revalidate'",
        "print 'Pragma: no-cache'",
        "print 'Content-Disposition: attachment'",
        "print 'Expires: Tue, 03 Jul 2001 06:00:00 GMT'",
    ],
)
def test_a_printed_cookie_is_an_answer(line: str) -> None:
    code = ADAPTED.format(more=COOKIE.format(line=line))
    assert shown(cgi(code)) == [("main.py", 9, Severity.WARNING)]
    assert shown(wsgi(code)) == [("main.py", 9, Severity.ERROR)]


def test_a_cookie_that_a_method_prints_and_another_makes() -> None:
    code = """
from Cookie import SimpleCookie
class Flash(object):
    def __init__(self, cookie=None):
        if cookie is None:
            self.cookie = SimpleCookie()
        else:
            self.cookie = cookie
    def show(self):
        print self.cookie
"""
    app = wsgi(ADAPTED.format(more="from flash import Flash"), flash=code)
    assert shown(app) == [("flash.py", 10, Severity.ERROR)]


@pytest.mark.parametrize("line", ["print 'got', self", "print 'Status: done'", "print '<- here'"])
def test_debugging_is_only_a_note(line: str) -> None:
    handler = f"class H(webapp.RequestHandler):\n    def get(self):\n        {line}\n"
    assert shown(cgi(ADAPTED.format(more=handler))) == [("main.py", 6, Severity.NOTE)]
    assert shown(wsgi(ADAPTED.format(more=handler))) == [("main.py", 6, Severity.NOTE)]


def test_what_a_profiling_main_prints_is_another_rules_business() -> None:
    more = "import cProfile\ndef profile_main():\n    cProfile.run('x')\n    print '<pre>'\n"
    assert shown(cgi(ADAPTED.format(more=more))) == []


def test_dead_cgi_code_of_a_wsgi_application_is_left_alone() -> None:
    assert shown(wsgi("app = 1\ndef main():\n    print 'x'\nif __name__ == '__main__':\n    main()\n")) == []
