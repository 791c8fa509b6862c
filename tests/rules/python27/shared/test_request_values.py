"""What counts as data of a request, also by way of names and arguments."""

from __future__ import annotations

from textwrap import dedent

import pytest

from gaebot.app import App
from gaebot.rules.python27.shared.races.request_values import request_values
from gaebot.rules.python27.shared.reach.code import app_code
from tests.rules.helpers import make_app
from tests.rules.python27.threads.apps import HEAD, files
from tests.rules.python27.wsgi.scripts import wsgi


def source_in(app: App) -> str | None:
    """What of a request the argument of the call `sink(…)` comes from."""
    for file in app.python_files(b"sink"):
        for name in file.identifiers("sink"):
            call = name.parent
            function = app_code(app).around(file, name)
            if call is not None and call.type == "call" and function is not None:
                arguments = call.child_by_field_name("arguments")
                assert arguments is not None
                return request_values(app).source(function, arguments.named_children[0])
    raise AssertionError("no call of sink()")


def source(code: str, more: dict[str, str] | None = None) -> str | None:
    """The same in an app whose handler calls `work(self)`."""
    return source_in(make_app(files(code, more)))


def in_app(main: str) -> str | None:
    """The same in an app that is given as a whole."""
    return source_in(make_app(wsgi(HEAD + dedent(main))))


# -- what does not -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "1",
        "'x'",
        "None",
        "{}",
        "[1, 2]",
        "time.time()",
        "os.environ",
        "os.environ['SERVER_SOFTWARE']",
        "os.environ.get('APPLICATION_ID')",
        "os.path.dirname(__file__)",
        "db.get('conf')",
        "memcache.get('conf')",
        "urlfetch.fetch('http://example.com').content",
        "CONFIG",
        "CONFIG['request']",
        "Conf.user",
        "Conf().request",
        "compute(1)",
        "re.compile('request')",
        "lambda: h.request",
        "'%s' % CONFIG",
        "users",
        "webapp2.WSGIApplication([])",
    ],
)
def test_what_is_no_data_of_a_request(value: str) -> None:
    code = f"CONFIG = {{'request': 1}}\nclass Conf(object):\n    user = 1\ndef compute(x):\n    return x\ndef work(h):\n    sink({value})\n"
    assert source(code) is None


@pytest.mark.parametrize(
    "code",
    [
        "def work(h):\n    put(1)\ndef put(x):\n    sink(x)\n",
        "def work(h):\n    put(h, 1)\ndef put(h, x):\n    sink(x)\n",
        "def work(h):\n    put(x=1, y=h)\ndef put(y, x):\n    sink(x)\n",
        "def work(h):\n    put(h)\ndef put(h, x=None):\n    sink(x)\n",
        "def work(h):\n    x, y = 1, 2\n    sink(x)\n",
        "def work(h):\n    for x in range(3):\n        sink(x)\n",
        "def work(h):\n    x = 1\n    h.x = x\n    sink(x)\n",
        "def work(h):\n    put()\ndef put():\n    x = time.time()\n    sink(x)\n",
        # Callers that run on import, or not at all.
        "def put(x):\n    sink(x)\nput(os.environ.get('USER_EMAIL'))\ndef work(h):\n    put(1)\n",
        "def put(x):\n    sink(x)\ndef nobody(h):\n    put(users.get_current_user())\ndef work(h):\n    put(1)\n",
        # It calls itself.
        "def put(x, n):\n    if n:\n        put(x, n - 1)\n    sink(x)\ndef work(h):\n    put(1, 2)\n",
        "def one(x):\n    two(x)\ndef two(y):\n    one(y)\n    sink(y)\ndef work(h):\n    one(1)\n",
        # The arguments of an object that is called.
        "class memo(object):\n    def __init__(self, f):\n        self.f = f\n    def __call__(self, *args):\n        sink(args)\n"
        "@memo\ndef square(n):\n    return n\ndef work(h):\n    square(2)\n",
        "class S(type):\n    def __call__(cls, *args, **kw):\n        sink(super(S, cls).__call__(*args, **kw))\n"
        "class A(object):\n    __metaclass__ = S\ndef work(h):\n    A()\n",
        # `self` of other objects.
        "class A(object):\n    def put(self):\n        sink(self)\ndef work(h):\n    A().put()\n",
        "class A(object):\n    def put(self):\n        sink(self.user)\ndef work(h):\n    A().put()\n",
    ],
)
def test_names_and_arguments_that_hold_something_else(code: str) -> None:
    assert source(code) is None


@pytest.mark.parametrize(
    "value", ["self.title", "self.count + 1", "self.load()", "self.app", "Page", "self.settings['x']"]
)
def test_what_a_handler_has_for_all(value: str) -> None:
    code = f"class Page(webapp2.RequestHandler):\n    title = 'x'\n    def get(self):\n        sink({value})\ndef work(h):\n    pass\n"
    assert source(code) is None


# -- what does -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "self",
        "self.request",
        "self.request.get('x')",
        "self.request.path",
        "self.response",
        "self.response.out",
        "self.session",
        "self.session['user']",
        "self.user",
        "self.current_user",
        "[self.request.get('x')]",
        "{'x': self.request.get('x')}",
        "'%s' % self.request.get('x')",
        "int(self.request.get('x', 1))",
        "Form(self.request.POST)",
        "self.request.get('x') or 'y'",
        "users.get_current_user()",
        "users.get_current_user().email()",
        "users.is_current_user_admin()",
        "os.environ['PATH_INFO']",
        "os.environ.get('USER_EMAIL')",
        "os.environ['HTTP_COOKIE']",
        "webapp2.get_request()",
        "webapp2.get_request().path",
        "dict(a=1, b=self.request.get('b'))",
        "name",
        "name.lower()",
    ],
)
def test_what_a_handler_gets(value: str) -> None:
    code = f"class Page(webapp2.RequestHandler):\n    def get(self, name):\n        sink({value})\ndef work(h):\n    pass\n"
    assert source(code) is not None


@pytest.mark.parametrize(
    ("code", "phrase"),
    [
        ("def work(h):\n    sink(users.get_current_user())\n", "`users.get_current_user()`"),
        (
            "def work(h):\n    x = users.get_current_user()\n    y = x.email()\n    sink(y)\n",
            "`users.get_current_user()`",
        ),
        ("def work(h):\n    x, y = 1, users.get_current_user()\n    sink(y)\n", "`users.get_current_user()`"),
        (
            "def work(h):\n    (x, y) = os.environ['PATH_INFO'].split('/')\n    sink(y)\n",
            "`os.environ['PATH_INFO']`",
        ),
        (
            "def work(h):\n    for x in os.environ['QUERY_STRING'].split('&'):\n        sink(x)\n",
            "`os.environ['QUERY_STRING']`",
        ),
        (
            "def work(h):\n    if h:\n        x = 1\n    else:\n        x = users.get_current_user()\n    sink(x)\n",
            "`users.get_current_user()`",
        ),
        (
            "def work(h):\n    put(users.get_current_user())\ndef put(x):\n    sink(x)\n",
            "`users.get_current_user()`",
        ),
        (
            "def work(h):\n    put(1, x=users.get_current_user())\ndef put(y, x):\n    sink(x)\n",
            "`users.get_current_user()`",
        ),
        (
            "def work(h):\n    put(1)\n    put(users.get_current_user())\ndef put(x):\n    sink(x)\n",
            "`users.get_current_user()`",
        ),
        (
            "def work(h):\n    def inner():\n        sink(x)\n    x = users.get_current_user()\n    inner()\n",
            "`users.get_current_user()`",
        ),
        ("def work(h):\n    sink(h)\n", "`self`, the handler"),
        ("def work(h):\n    sink(h.request.get('x'))\n", "`h.request`"),
        (
            "def work(h):\n    q = h.request.get('q')\n    one(q)\ndef one(x):\n    two(x, 1)\ndef two(y, n):\n    three(n, v=y)\n"
            "def three(n, v=None):\n    sink(v)\n",
            "`h.request`",
        ),
        ("def work(h):\n    sink(h.request.cookies.get('x'))\n", "`h.request.cookies`"),
        ("def work(h):\n    sink(h.title)\n", "`self`, the handler"),
        (
            "class A(object):\n    def put(self, x):\n        sink(x)\n    @classmethod\n    def add(cls, x):\n        pass\n"
            "def work(h):\n    A().put(users.get_current_user())\n",
            "`users.get_current_user()`",
        ),
        (
            "class A(object):\n    @classmethod\n    def put(cls, x):\n        sink(x)\ndef work(h):\n    A.put(users.get_current_user())\n",
            "`users.get_current_user()`",
        ),
        (
            "class A(object):\n    @staticmethod\n    def put(x):\n        sink(x)\ndef work(h):\n    A.put(users.get_current_user())\n",
            "`users.get_current_user()`",
        ),
        (
            "def work(h):\n    put(h)\ndef put(request):\n    sink(request.path)\n",
            "the argument `request` of `put`",
        ),
    ],
)
def test_by_way_of_names_and_arguments(code: str, phrase: str) -> None:
    assert source(code) == phrase


def test_arguments_from_another_module() -> None:
    code = "import own\ndef work(h):\n    own.put(users.get_current_user())\n"
    assert source(code, {"own.py": "def put(x):\n    sink(x)\n"}) == "`users.get_current_user()`"


@pytest.mark.parametrize(
    ("main", "phrase"),
    [
        ("app = 1\ndef view(request, id):\n    sink(id)\n", "the argument `id` of `view`"),
        ("app = 1\ndef view(req):\n    sink(req.GET)\n", "the argument `req` of `view`"),
        (
            "def app(environ, start_response):\n    start_response('200 OK', [])\n    sink(environ['PATH_INFO'])\n",
            None,
        ),
        (
            "app = 1\nclass M(object):\n    def process_request(self, r):\n        sink(r)\n",
            "the argument `r` of `M.process_request`",
        ),
        (
            "from flask import Flask, request\napp = Flask(__name__)\n@app.route('/')\ndef index():\n    sink(request.args)\n",
            "`request`",
        ),
        (
            "import flask\napp = flask.Flask(__name__)\n@app.route('/')\ndef index():\n    sink(flask.session['u'])\n",
            "`flask`",
        ),
        (
            "from bottle import request, route\napp = 1\n@route('/')\ndef index():\n    sink(request.forms)\n",
            "`request`",
        ),
        (
            "import web\nurls = ('/', 'index')\nclass index:\n    def GET(self, name):\n        sink(name)\napp = web.application(urls, globals())\n",
            "the argument `name` of `index.GET`",
        ),
        (
            "import web\nurls = ('/', 'index')\nclass index:\n    def GET(self):\n        sink(web.input().x)\napp = web.application(urls, globals())\n",
            "`web`",
        ),
    ],
)
def test_other_frameworks(main: str, phrase: str | None) -> None:
    found = in_app(main)
    assert found is not None
    assert phrase is None or found == phrase


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("show(1, h.request.get('a'))", True),
        ("show(a=1, b=h.request.get('a'))", True),
        ("show(h.request.get('a'), 1)", False),
        ("show(first=h.request.get('a'), a=1)", False),
    ],
)
def test_arguments_that_are_left_over(call: str, *, expected: bool) -> None:
    code = f"def show(first=None, *rest, **more):\n    sink([rest, more])\ndef work(h):\n    {call}\n"
    assert (source(code) is not None) is expected
