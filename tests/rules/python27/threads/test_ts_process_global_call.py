"""`ts-process-global-call`: what it leaves alone and finds."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi27, wsgi

RULE = "ts-process-global-call"

HEAD = """\
import __builtin__, csv, decimal, gettext, imp, json, locale, logging, mimetypes, os, random, socket, sys
import threading, time, urllib, urllib2, warnings
from google.appengine.api import urlfetch, users
from google.appengine.ext import webapp
import webapp2
LEVEL = logging.DEBUG
handler = logging.StreamHandler()
log = logging.getLogger('mine')
"""
APP = "\napp = webapp2.WSGIApplication([('/', Main)])\n"


def handler(code: str, more: str = "") -> dict[str, str | bytes]:
    """An app whose one request handler runs some statements."""
    body = indent(dedent(code), "        ")
    return wsgi(f"{HEAD}{more}\nclass Main(webapp2.RequestHandler):\n    def get(self):\n{body}\n{APP}")


def severities(files: dict[str, str | bytes]) -> list[Severity]:
    return [finding.severity for finding in find(RULE, files)]


@pytest.mark.parametrize(
    "code",
    [
        # of one thread or request
        "os.environ['TZ'] = 'UTC'",
        "os.environ = {}",
        "decimal.getcontext().prec = 5",
        "sys.settrace(f)",
        "sys.setprofile(f)",
        "urlfetch.set_default_fetch_deadline(10)",
        "threading.currentThread().user = 1",
        "self.app.registry = {}",
        "webapp2.WSGIApplication.active_instance = self.app",
        # refused, or without effect
        "locale.setlocale(locale.LC_ALL, '')",
        "os.chdir('/')",
        "os.umask(0)",
        "time.tzset()",
        "logging.basicConfig(level=logging.DEBUG)",
        # objects of their own
        "random.Random().seed(5)",
        "rng = random.Random(5)\nrng.seed(self.request.get('x'))",
        "opener = urllib2.build_opener()\nopener.addheaders = []",
        "socket.socket().settimeout(5)",
        "handler.setLevel(logging.DEBUG)",
        "request = urllib2.Request('http://x')\nrequest.get_method = lambda: 'PUT'",
        # reads
        "socket.getdefaulttimeout()",
        "print >>sys.stderr, 'x'",
        "sys.stdout.write('x')",
        "if sys.stdout == None: pass",
        "csv.field_size_limit()",
        "logging.getLogger('x').info('x')",
        "module = sys.modules['main']",
        # of the same name
        "self.reload()",
        "socket = self\nsocket.setdefaulttimeout(3)",
        "from mine import sys\nsys.stdout = 3",
        "logging = self.request\nlogging.disable = 1",
        "sys.path = []",
        "sys.path.append('x')",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert severities(handler(code)) == []


@pytest.mark.parametrize(
    "code",
    [
        "socket.setdefaulttimeout(3)",
        "logging.getLogger().setLevel(logging.DEBUG)",
        "urllib2.install_opener(urllib2.build_opener())",
        "sys.stdout = sys.stderr",
        "reload(sys)\nsys.setdefaultencoding('utf-8')",
        "def patch():\n    socket.socket = None\npatch()",
        "def main():\n    logging.getLogger().setLevel(logging.DEBUG)\nif __name__ == '__main__':\n    main()",
    ],
)
def test_import_code_is_left_alone(code: str) -> None:
    assert severities(wsgi(f"{HEAD}{code}\nclass Main(webapp2.RequestHandler):\n    pass\n{APP}")) == []


def test_the_apps_own_modules_and_tools_are_left_alone() -> None:
    own = "import config\nfrom models import Post\n"
    files = handler("config.user = self\nPost.cache = 1\nself.x = 2", own)
    files |= {"config.py": "user = None\n", "models.py": "class Post(object): pass\n"}
    assert severities(files) == []
    assert severities({**handler("pass"), "tool.py": f"{HEAD}def f(request): sys.stdout = request\n"}) == []


@pytest.mark.parametrize(
    "code",
    [
        "socket.setdefaulttimeout(float(self.request.get('t')))",
        "urllib2.install_opener(urllib2.build_opener())",
        "opener = urllib2.build_opener()\nurllib2.install_opener(opener)",
        "urllib._urlopener = urllib.FancyURLopener()",
        "out = sys.stdout\nsys.stdout = self.response.out",
        "sys.stdout, self.saved = self.out, sys.stdout",
        "reload(webapp)",
        "imp.reload(webapp)",
        "reload(__import__(self.request.get('m')))",
        "with warnings.catch_warnings():\n    warnings.simplefilter('ignore')",
        "logging.getLogger().addHandler(logging.StreamHandler())",
        "log.setLevel(int(self.request.get('level')))",
        "random.seed(self.request.get('day'))",
        "random.seed(42)",
        "gettext.translation('a', 'b', [self.request.get('l')]).install()",
        "t = gettext.translation('a', 'b', [self.request.get('l')])\nt.install()",
        "__builtin__._ = self.translate",
        "socket.socket = self.make",
        "setattr(socket, 'socket', self.make)",
        "urlfetch.fetch = self.fetch",
        "webapp.RequestHandler.user = users.get_current_user()",
        "sys.modules['config'] = self.config()",
        "sys.exitfunc = self.stop",
    ],
)
def test_finds(code: str) -> None:
    assert severities(handler(code)) == [Severity.WARNING]


@pytest.mark.parametrize(
    "code",
    [
        "socket.setdefaulttimeout(10)",
        "socket.setdefaulttimeout(10)\nsocket.setdefaulttimeout(10)",
        "logging.getLogger().setLevel(logging.DEBUG)",
        "logging.getLogger().setLevel(LEVEL)",
        "logging.getLogger().addHandler(handler)",
        "if LEVEL:\n    log.setLevel(LEVEL)\nelse:\n    log.setLevel(logging.INFO)",
        "logging.disable(logging.INFO)",
        "sys.setrecursionlimit(5000)",
        "reload(sys)\nsys.setdefaultencoding('utf-8')",
        "warnings.simplefilter('ignore')",
        "random.seed()",
        "random.seed(time.time())",
        "json.encoder.FLOAT_REPR = lambda f: '%.2f' % f",
        "mimetypes.add_type('image/x-icon', '.ico')\nmimetypes.add_type('text/x', '.x')",
        "urllib2.install_opener(OPENER)",
        "urlfetch.fetch = FETCH",
        "sys.modules['json'] = json",
    ],
)
def test_what_comes_to_the_same_each_time_is_a_note(code: str) -> None:
    found = severities(handler(code))
    assert found
    assert set(found) == {Severity.NOTE}


@pytest.mark.parametrize(
    "code",
    [
        """\
        old = socket.getdefaulttimeout()
        socket.setdefaulttimeout(3)
        try:
            self.load()
        finally:
            socket.setdefaulttimeout(old)
        """,
        "socket.setdefaulttimeout(3)\nself.load()\nsocket.setdefaulttimeout(60)",
        "log.addHandler(handler)\nself.load()\nlog.removeHandler(handler)",
    ],
)
def test_what_is_put_back_is_no_better(code: str) -> None:
    (finding,) = find(RULE, handler(code))
    assert finding.severity is Severity.WARNING
    assert "does not help" in finding.message
    assert len(finding.related) == 1


def test_two_files_that_disagree() -> None:
    files = handler("other.load()\nsocket.setdefaulttimeout(3)", "import other\n")
    other = "import socket\ndef load():\n    socket.setdefaulttimeout(30)\n"
    found = find(RULE, {**files, "other.py": other})
    assert [(finding.place.path, finding.severity) for finding in found] == [
        ("main.py", Severity.WARNING),
        ("other.py", Severity.WARNING),
    ]
    assert "`Main.get` → `load`" in found[1].message


def test_one_request_at_a_time_is_a_note() -> None:
    code = handler("sys.stdout = self.response.out")["main.py"]
    assert isinstance(code, str)
    script = code + "from google.appengine.ext.webapp.util import run_wsgi_app\nrun_wsgi_app(app)\n"
    assert severities(cgi27(script)) == [Severity.NOTE]
    # The script can be converted, so that it may be served concurrently.
    files = wsgi(code)
    files["app.yaml"] = str(files["app.yaml"]).replace("threadsafe: true", "threadsafe: false")
    assert severities(files) == [Severity.NOTE]
