"""How statements look when they move out of a function, and which may not."""

from __future__ import annotations

import pytest
from tree_sitter import Node

from gaebot.rules.python27.shared.conversion.hoist import (
    dedented,
    is_provable,
    is_taken,
    names_in,
    renaming,
    why_not,
)
from gaebot.rules.python27.shared.scripts.entry import statements, top_level
from gaebot.syntax.python import PythonFile
from tests.rules.helpers import make_app


def function(source: str | bytes) -> tuple[PythonFile, list[Node]]:
    """A file, and the statements of the last function in it."""
    data = source.encode() if isinstance(source, str) else source
    file = make_app({"main.py": data}).python("main.py")
    assert file is not None
    return file, statements([n for n in top_level(file) if n.type == "function_definition"][-1])


def moved(source: str | bytes, index: int = 0) -> str | None:
    file, body = function(source)
    lines = dedented(file, body[index])
    return lines.decode("latin-1") if lines is not None else None


def against(statement: str, head: str = "import os, time\nfrom google.appengine.api import users\n") -> str:
    file, body = function(f"{head}def main(argv=None):\n    {statement}\n    done()\n")
    why = why_not(file, body[0], ["argv"])
    return why[0] if why is not None else ""


@pytest.mark.parametrize(
    "statement",
    [
        "return 1",
        "while True: pass",
        "print 'Content-Type: text/plain'",
        "exec code in names",
        "for x in xs:\n        yield x",
        "if x:\n        return",
        "user = users.get_current_user()",
        "host = os.environ['HTTP_HOST']",
        "host = os.environ.get('SERVER_NAME')",
        "host = os.getenv('REMOTE_ADDR')",
        "now = time.time()",
        "debug = argv",
        "names = locals()",
        "text = '%(a)s' % vars()",
        "a = 1; ",
        "if os.environ['HTTP_HOST'].startswith('api.'):\n        app = api",
    ],
)
def test_may_not_move(statement: str) -> None:
    assert against(statement) != ""


@pytest.mark.parametrize(
    "statement",
    [
        "a = 1",
        "import wsgiref.handlers",
        "from x import (a,\n        b)",
        "for x in xs:\n        routes.append(x)",
        "try:\n        import json\n    except ImportError:\n        json = None",
        "def inner():\n        return users.name",
        "class Inner(object):\n        def get(self):\n            print 1",
        "f = lambda: 1",
        "app_id = os.environ['APPLICATION_ID']",
        "debug = os.environ['SERVER_SOFTWARE'].startswith('Dev')",
        "debug = os.environ['HTTP_HOST'].startswith('localhost')",
        "debug = 'localhost' in os.environ.get('HTTP_HOST', '')",
        "assert os",
        "a = 1; b = 2",
    ],
)
def test_may_move(statement: str) -> None:
    assert against(statement) == ""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    a = 1\n", "a = 1"),
        ("\ta = 1\n", "a = 1"),
        ("  a = [\n    1,\n\n      2,\n  ]\n", "a = [\n  1,\n\n    2,\n]"),
        ("    a = [\n  1,\n]\n", "a = [\n  1,\n]"),
        ("    a = '''x\n    y\nz'''\n", "a = '''x\n    y\nz'''"),
        ("    a = \\\n  1\n", "a = \\\n  1"),
        (
            "    if a:\n        b = 1\n    # in between\n    else:\n        b = 2\n",
            "if a:\n    b = 1\n# in between\nelse:\n    b = 2",
        ),
        ("    # about it\n    a = 1  # one\n", "# about it\na = 1  # one"),
        ("    # first\n\n    # second\n    a = 1\n", "# first\n\n# second\na = 1"),
        ("    if a:\n# old = 1\n        b = 1\n", "if a:\n# old = 1\n    b = 1"),
        ("\tif a:\n\t\tb = 1\n", "if a:\n\tb = 1"),
        ("    a = f(1,\n          2)\n", "a = f(1,\n      2)"),
        ("    a = 1; b = 2\n", "a = 1"),
    ],
)
def test_lines_are_drawn_left(body: str, expected: str) -> None:
    assert (
        moved(
            f"def main():\n{body}    done()\n".replace(
                "    done()", body[: len(body) - len(body.lstrip())] + "done()"
            )
        )
        == expected
    )


def test_other_bytes_stay() -> None:
    assert moved(b"# coding: latin-1\r\ndef main():\r\n\ta = 'caf\xe9'\r\n\tdone()\r\n") == "a = 'caf\xe9'"
    assert moved(b"def main():\r\n    a = [\r\n        1]\r\n    done()\r\n") == "a = [\r\n    1]"


def test_lines_indented_in_two_ways_do_not_move() -> None:
    assert moved("def main():\n    if a:\n\tb = 1\n    done()\n") is None


def test_localhost_becomes_the_development_server() -> None:
    source = "import os\ndef main():\n  d = os.environ['HTTP_HOST'].startswith('localhost')\n  done()\n"
    assert moved(source) == "d = os.environ.get('SERVER_SOFTWARE', '').startswith('Dev')"


def test_names_of_modules_are_no_names() -> None:
    file, body = function(
        "def main():\n  from a.b import c as d, e\n  import f.g\n  import h as i\n  x.y(z=1)\n"
    )
    assert names_in(file, body[0]) == {"d", "e"}
    assert names_in(file, body[1]) == {"f"}
    assert names_in(file, body[2]) == {"i"}
    assert names_in(file, body[3]) == {"x"}


@pytest.mark.parametrize("name", ["list", "unicode", "reload", "os", "other", "Page", "somewhere"])
def test_taken_names(name: str) -> None:
    source = "import os\nother = 1\nclass Page: pass\ndef f(): return somewhere\ndef main():\n  free = 1\n"
    file, body = function(source)
    assert is_taken(file, name, outside=[body[0]])
    assert not is_taken(file, "free", outside=[body[0]])


def test_renaming_leaves_inner_functions_and_attributes_alone() -> None:
    source = "def main():\n    urls = f(lambda urls: urls, x.urls, urls=urls, g=[urls for a in urls])\n"
    file, body = function(source)
    text = file.source.apply(renaming(file, body[0], {"urls": "all_urls"})).data.decode()
    assert "all_urls = f(lambda urls: urls, x.urls, urls=all_urls, g=[all_urls for a in all_urls])" in text


@pytest.mark.parametrize(
    ("statement", "provable"),
    [
        ("app = webapp.WSGIApplication([('/', pages.Home)], debug=True)", True),
        ("app = WSGIHandler()", True),
        ("app = make()", False),
        ("app = webapp.WSGIApplication(routes())", False),
        ("from pages import Home", False),
        ("app = get_wsgi_application()", False),
    ],
)
def test_what_is_provable(statement: str, *, provable: bool) -> None:
    head = (
        "from google.appengine.ext import webapp\nfrom django.core.handlers.wsgi import WSGIHandler\n"
        "from django.core.wsgi import get_wsgi_application\n"
    )
    file, body = function(f"{head}def main():\n    {statement}\n    done()\n")
    assert is_provable(file, body[:1]) is provable
