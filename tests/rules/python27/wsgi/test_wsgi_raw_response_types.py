"""`wsgi-raw-response-types`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "wsgi-raw-response-types"


def application(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"def app(environ, start_response):\n{lines}"


@pytest.mark.parametrize(
    "body",
    [
        "start_response('200 OK', [('A', 'b'), ('C', str(3)), ('D', value)])\nreturn ['x']",
        "start_response('302 Found', [])\nreturn []",
        "start_response('599', headers)\nreturn 'text'",
        "start_response(status, list(headers), exc_info)\nreturn render()",
        "start_response('%d %s' % (code, text), headers.items())\nreturn [u'\\xe4'.encode('utf-8')]",
        "start_response('200 OK', [])\nyield 'x'\nreturn",
        "start_response('200 OK', [])\nraise ValueError",
        "return other(environ, start_response)",
        "if x:\n    return other(environ, start_response)\nstart_response('404 Not Found', [])\nreturn ['']",
        "def start(status, more):\n    return start_response(status, more)\nreturn other(environ, start)",
        "start_response('200 OK', [])\nf = lambda: u'x'\ndef g():\n    return\nreturn [g]",
    ],
)
def test_leaves_alone(body: str) -> None:
    assert find(RULE, wsgi(application(body))) == []


@pytest.mark.parametrize(
    "code",
    [
        "def apply(value, function):\n    function(value, [1])\n",
        "def app(environ, start_response, more):\n    start_response(u'x', {})\n",
        "def app(environ, start_response):\n    pass\n",
        "class H:\n    def get(self, a, b):\n        return u'x'\n",
        "app = django.core.handlers.wsgi.WSGIHandler()\n",
    ],
)
def test_other_functions_are_left_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("start_response(u'200 OK', [])\nreturn []", b"u'200 OK'"),
        ("start_response(200, [])\nreturn []", b"200"),
        ("start_response('OK', [])\nreturn []", b"'OK'"),
        ("start_response('', [])\nreturn []", b"''"),
        ("start_response('100 Continue', [])\nreturn []", b"'100 Continue'"),
        ("start_response('200 OK', (('A', 'b'),))\nreturn []", b"(('A', 'b'),)"),
        ("start_response('200 OK', {'A': 'b'})\nreturn []", b"{'A': 'b'}"),
        ("start_response('200 OK', [['A', 'b']])\nreturn []", b"['A', 'b']"),
        ("start_response('200 OK', [('A', 1)])\nreturn []", b"1"),
        ("start_response('200 OK', [('A', len(x))])\nreturn []", b"len(x)"),
        ("start_response('200 OK', [(u'A', x)])\nreturn []", b"u'A'"),
        ("start_response('200 OK', [('A', 'x' + u'b' % y)])\nreturn []", b"'x' + u'b' % y"),
        ("start_response('200 OK', [])\nreturn u'x'", b"u'x'"),
        ("start_response('200 OK', [])\nreturn ['a', u'x' % y]", b"u'x' % y"),
        ("start_response('200 OK', [])\nyield u'x'", b"u'x'"),
        ("start_response('200 OK', [])\nif x:\n    return\nreturn []", b"return"),
        ("start_response('200 OK', [])\nif x:\n    return None\nreturn []", b"return None"),
        ("write = start_response('200 OK', [])\nwrite('x')", b"app"),
    ],
)
def test_answers_that_the_runtime_refuses(body: str, place: bytes) -> None:
    assert [(f.place.snippet, f.severity) for f in find(RULE, wsgi(application(body)))] == [
        (place, Severity.ERROR)
    ]


def test_a_cgi_script_may_do_so_until_it_is_one_no_more() -> None:
    code = application("start_response('200 OK', [])\nreturn u'x'") + "run_wsgi_app(app)\n"
    (finding,) = find(RULE, cgi(code))
    assert finding.severity is Severity.WARNING
    assert "A CGI script may do so" in finding.message


def test_middleware_classes_and_modules_are_looked_at() -> None:
    code = """
        class Errors(object):
            def __init__(self, app):
                self.app = app
            def __call__(self, env, start):
                try:
                    return self.app(env, start)
                except ValueError:
                    start('500 Oops', [('Content-Type', u'text/plain')])
                    return ['oops']
        """
    found = find(RULE, wsgi("from errors import Errors\napp = Errors(x)\n", errors=code))
    assert [(f.place.path, f.place.snippet) for f in found] == [("errors.py", b"u'text/plain'")]


def test_unicode_literals_are_unicode() -> None:
    code = "from __future__ import unicode_literals\n"
    code += application("start_response(b'200 OK', [(b'A', b'b')])\nreturn ['x', b'y']")
    assert [f.place.snippet for f in find(RULE, wsgi(code))] == [b"'x'"]
