"""`wsgi-stdin-input`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "wsgi-stdin-input"


@pytest.mark.parametrize(
    "code",
    [
        "import cgi\ndef app(e, s):\n    f = cgi.FieldStorage(fp=e['wsgi.input'], environ=e)\n",
        "import cgi\nf = cgi.FieldStorage(stream)\n",
        "import cgi\nf = cgi.FieldStorage(*given)\n",
        "import cgi\nf = isinstance(x, cgi.FieldStorage)\n",
        "import cgi\ncgi.escape('x')\ncgi.parse_qs('a=b')\n",
        "from forms import FieldStorage\nFieldStorage()\n",
        "import sys\nsys.stdin = open('x')\n",
        "import sys\nsys.stdout.write(stdin)\n",
        "import sys\ndef load():\n    for line in sys.stdin: pass\nif __name__ == '__main__':\n    load()\n",
        "# cgi.FieldStorage()\nx = 'sys.stdin'\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": "import cgi\ncgi.FieldStorage()\n"}) == []


@pytest.mark.parametrize(
    "read",
    [
        "cgi.FieldStorage()",
        "cgi.FieldStorage(keep_blank_values=1)",
        "cgi.FieldStorage(environ=os.environ)",
        "FS()",
        "cgi.parse()",
        "sys.stdin.read()",
        "sys.stdin.readlines()",
        "stdin.read(10)",
        "json.load(sys.stdin)",
    ],
)
def test_reads_are_found_once(read: str) -> None:
    code = f"import cgi, sys, os\nfrom cgi import FieldStorage as FS\nfrom sys import stdin\nx = {read}\n"
    assert [(f.severity, f.place.start.line) for f in find(RULE, cgi(code))] == [(Severity.WARNING, 4)]
    assert [(f.severity, f.place.start.line) for f in find(RULE, wsgi(code))] == [(Severity.ERROR, 4)]


def test_the_two_situations_are_told_apart() -> None:
    code = "import cgi\ncgi.FieldStorage()\n"
    assert "which only a CGI script can" in find(RULE, cgi(code))[0].message
    assert "which is empty in a WSGI application" in find(RULE, wsgi(code))[0].message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("cgi.FieldStorage()", "cgi.FieldStorage(fp=env['wsgi.input'], environ=env)"),
        (
            "cgi.FieldStorage(keep_blank_values=True)",
            "cgi.FieldStorage(fp=env['wsgi.input'], environ=env, keep_blank_values=True)",
        ),
        ("cgi.FieldStorage(environ=env)", "cgi.FieldStorage(fp=env['wsgi.input'], environ=env)"),
        ("cgi.FieldStorage( )", "cgi.FieldStorage(fp=env['wsgi.input'], environ=env )"),
    ],
)
def test_functions_that_get_environ_are_patched(before: str, after: str) -> None:
    code = (
        "import cgi\ndef app(env, start):\n    form = {}\n    start('200 OK', [])\n    return [form['a']]\n"
    )
    files = wsgi(code.format(before))
    assert fixed(RULE, files)["main.py"] == code.format(after)


def test_methods_are_patched_and_other_functions_are_not() -> None:
    code = """
        import cgi
        class App(object):
            def __call__(self, environ, start_response):
                start_response('200 OK', [])
                return self.answer(cgi.FieldStorage())
            def answer(self, form):
                def inner(x, y):
                    return cgi.FieldStorage()
                return inner
        app = App()
        """
    assert [f.fix is not None for f in find(RULE, wsgi(code))] == [True, False]


@pytest.mark.parametrize(
    "code",
    [
        "from cgi import FieldStorage as Form\nx = Form()\n",
        "import cgi as c\nx = c.parse()\n",
        "from sys import stdin as lines\nx = lines.read()\n",
        "import sys as s\nlines = s.stdin\n",
    ],
)
def test_a_file_with_one_read_by_another_name(code: str) -> None:
    assert [f.place.start.line for f in find(RULE, cgi(code))] == [2]
