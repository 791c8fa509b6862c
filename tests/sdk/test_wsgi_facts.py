"""What the pages of the `wsgi` rules say about python27, asked of Google's own runtime."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gaebot.prove.python27 import ask
from tests.trees import write_tree

# Python 2 code. Runs one request through the runtime: the handler is a script string of app.yaml.
RUNTIME = r"""
import json, os, sys
sdk, app = sys.argv[1:3]
sys.path.insert(0, sdk)
import dev_appserver
dev_appserver.fix_sys_path()
sys.path.insert(0, app)
os.chdir(app)
from google.appengine.runtime import request_environment, runtime
request_environment.PatchOsEnviron()
answers, sys.stdout = sys.stdout, sys.stderr
this = sys.modules['__main__']  # a CGI script takes its place, and it must outlive that
for handler in sys.stdin.read().split('\0'):
    environ = {'REQUEST_METHOD': 'POST'}
    answer = runtime.HandleRequest(environ, handler, 'http://localhost/x', 'a=1', app, sdk)
    answers.write(json.dumps({'body': answer.get('body'), 'error': answer.get('error', 0)}) + '\n')
    answers.flush()
"""

FILES = {
    "m.py": """
import __main__, cgi, os, sys
OK = '200 OK'

def good(environ, start):
    start(OK, [('A', 'b')])
    return ['good']

def number_only(environ, start):
    start('200', [])
    return 'good'

def prints(environ, start):
    start(OK, [])
    print 'lost'
    return []

def form(environ, start):
    start(OK, [])
    default = cgi.FieldStorage(environ=environ).getvalue('a')
    given = cgi.FieldStorage(fp=environ['wsgi.input'], environ=environ).getvalue('a')
    return ['%s %s' % (default, given)]

def stdin(environ, start):
    start(OK, [])
    return [sys.stdin.read()]

def identity(environ, start):
    start(OK, [])
    return ['%s %s' % (hasattr(__main__, 'identity'), sys.argv[0] == __file__)]

def exits(environ, start):
    start(OK, [])
    sys.exit(0)

def nothing(environ, start):
    write = start(OK, [])
    write('x')

def unicode_body(environ, start):
    start(OK, [])
    return [u'x']

def unicode_text(environ, start):
    start(OK, [])
    return u'x'

def unicode_status(environ, start):
    start(u'200 OK', [])
    return []

def no_number(environ, start):
    start('OK', [])
    return []

def low_number(environ, start):
    start('100 Continue', [])
    return []

def headers_in_tuple(environ, start):
    start(OK, (('A', 'b'),))
    return []

def header_as_list(environ, start):
    start(OK, [['A', 'b']])
    return []

def number_in_header(environ, start):
    start(OK, [('A', 1)])
    return []

def unicode_in_header(environ, start):
    start(OK, [(u'A', 'b')])
    return []
""",
    "appengine_config.py": """
def webapp_add_wsgi_middleware(app):
    def middleware(environ, start):
        return ['<'] + list(app(environ, start)) + ['>']
    return middleware
""",
    "script.py": """
import cgi, os, sys, __main__
print 'Content-Type: text/plain'
print
print cgi.FieldStorage().getvalue('a'), os.environ['PATH_TRANSLATED'] == __file__,
print sys.argv[0] == __file__, hasattr(__main__, 'cgi')
""",
    "exit.py": "import sys\nprint 'Content-Type: text/plain'\nprint\nsys.exit(0)\n",
    "fresh.py": """
import glob
glob.n = getattr(glob, 'n', 0) + 1
print 'A: b'
print
print glob.n
""",
    "kept.py": """
import glob
glob.k = getattr(glob, 'k', 0) + 1
def main():
    print 'A: b'
    print
    print glob.k
main()
""",
    "bare.py": """
from google.appengine.ext.webapp.util import run_bare_wsgi_app
import m
run_bare_wsgi_app(m.good)
""",
    "wrapped.py": """
from google.appengine.ext.webapp.util import run_wsgi_app
import m
run_wsgi_app(m.good)
""",
    "lenient.py": """
from google.appengine.ext.webapp.util import run_bare_wsgi_app
import m
run_bare_wsgi_app(m.nothing)
""",
}


@pytest.fixture(scope="module")
def serve(python27: Path, sdk: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Ask the runtime for the answers of some scripts, in this order."""
    app = write_tree(tmp_path_factory.mktemp("facts"), FILES)

    def answers(*scripts: str) -> list[dict[str, Any]]:
        said = ask(python27, RUNTIME, [str(sdk), str(app)], [script.encode() for script in scripts])
        return [json.loads(answer or "null") for answer in said]

    return answers


@pytest.mark.parametrize(
    ("script", "body"),
    [
        ("m.good", "<good>"),
        ("m.number_only", "<good>"),
        ("m.prints", "<>"),
        ("m.form", "<None 1>"),
        ("m.stdin", "<>"),
        ("m.identity", "<False False>"),
        ("script.py", "1 True False True\n"),
        ("wrapped.py", "<good>"),
        ("bare.py", "good"),
        ("lenient.py", "x"),
    ],
)
def test_answers(serve: Any, script: str, body: str) -> None:
    assert serve(script) == [{"body": body, "error": 0}]


@pytest.mark.parametrize(
    "script",
    [
        "exit.py",
        "m.exits",
        "m.header_as_list",
        "m.headers_in_tuple",
        "m.low_number",
        "m.no_number",
        "m.nothing",
        "m.number_in_header",
        "m.unicode_body",
        "m.unicode_in_header",
        "m.unicode_status",
        "m.unicode_text",
    ],
)
def test_errors(serve: Any, script: str) -> None:
    assert [answer["error"] for answer in serve(script)] == [1]


def test_only_a_script_with_main_stays_loaded(serve: Any) -> None:
    assert [answer["body"].strip() for answer in serve("fresh.py", "fresh.py")] == ["1", "2"]
    assert [answer["body"].strip() for answer in serve("kept.py", "kept.py")] == ["1", "1"]
