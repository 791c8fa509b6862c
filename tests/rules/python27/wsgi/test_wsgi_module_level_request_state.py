"""`wsgi-module-level-request-state`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, cgi27, wsgi

RULE = "wsgi-module-level-request-state"

HEAD = """
import cgi, datetime, os, random, time
from datetime import datetime as dt
from google.appengine.api import users
from google.appengine.ext import db, webapp
from google.appengine.ext.webapp.util import run_wsgi_app
"""
RUN = "\napp = webapp.WSGIApplication([])\nrun_wsgi_app(app)\n"
RUN_MAIN = "\napp = webapp.WSGIApplication([])\ndef main():\n    run_wsgi_app(app)\n"


def severities(files: dict[str, str | bytes]) -> list[Severity]:
    return [finding.severity for finding in find(RULE, files)]


@pytest.mark.parametrize(
    "code",
    [
        "SERVER = os.environ['SERVER_SOFTWARE']",
        "VERSION = os.environ.get('CURRENT_VERSION_ID', 'x')",
        "APP = os.getenv('APPLICATION_ID')",
        "MINE = os.environ['MY_KEY']",
        "ALL = os.environ",
        "os.environ['HTTP_HOST'] = 'x'",
        "BIRTH = datetime.datetime(2010, 1, 1)",
        "DELTA = datetime.timedelta(days=1)",
        "DAY = dt.strptime('2010', '%Y')",
        "clock = time.time",
        "class M(db.Model):\n    at = db.DateTimeProperty(default=datetime.datetime.now)",
        "class M(db.Model):\n    at = db.DateTimeProperty(auto_now_add=True)",
        "now = lambda: datetime.datetime.now()",
        "random.seed(time.time())",
        "START_TIME = time.time()",
        "instance_started = datetime.datetime.now()",
        "BOOTED = time.time()",
        "VERSION = str(int(time.time()))",
        "CACHE_BUST = int(time.time())",
        "SEED = time.time()",
        "def f(at=time.time): pass",
        "def f(at=None):\n    at = at or time.time()",
        "def f(make=lambda: time.time()): pass",
        "class M(db.Model):\n    start = db.DateTimeProperty(default=datetime.datetime(2010, 1, 1))",
        "class H(webapp.RequestHandler):\n    def get(self):\n        def f(at=time.time()): pass",
        "def f(day=datetime.date(2010, 1, 1)):\n    return users.get_current_user()",
        "class H(webapp.RequestHandler):\n    def get(self):\n        user = users.get_current_user()",
        "class datetime2:\n    def now(self): pass\nX = datetime2.now",
        "if __name__ == '__main__':\n    START = time.time()",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert severities(cgi(HEAD + code + RUN)) == []
    assert severities(wsgi(HEAD + code + "\napp = webapp.WSGIApplication([])\n")) == []


def test_scripts_that_can_only_run_as_cgi_are_left_alone() -> None:
    code = HEAD + "form = cgi.FieldStorage()\nprint 'Content-Type: text/plain'\nprint\nprint time.time()\n"
    assert severities(cgi(code)) == []
    assert severities(cgi27(code)) == []
    assert severities(cgi("import views\n", views=code)) == []


def test_tools_are_left_alone() -> None:
    assert severities({**cgi("x = 1\n"), "tool.py": HEAD + "user = users.get_current_user()\n"}) == []


VISITOR = [
    "user = users.get_current_user()",
    "class H:\n    user = users.get_current_user()",
    "def f(user=users.get_current_user()): pass",
    "if users.is_current_user_admin():\n    X = 1",
    "form = cgi.FieldStorage()",
    "path = os.environ['PATH_INFO']",
    "agent = os.environ.get('HTTP_USER_AGENT')",
    "query = os.getenv('QUERY_STRING')",
]


@pytest.mark.parametrize("code", VISITOR)
def test_data_of_a_visitor(code: str) -> None:
    assert severities(cgi(HEAD + code + RUN)) == [Severity.ERROR]
    assert severities(wsgi(HEAD + code + "\napp = webapp.WSGIApplication([])\n")) == [Severity.ERROR]
    # Loaded once on 2.5 already.
    assert severities(cgi(HEAD + code + RUN_MAIN)) == [Severity.WARNING]
    assert severities(cgi("import views" + HEAD + RUN, views=HEAD + code)) == [Severity.WARNING]


@pytest.mark.parametrize("code", ["x = os.environ['HTTP_HOST']", "x = 'y' in os.environ['SERVER_NAME']"])
def test_the_host_is_mostly_the_same(code: str) -> None:
    assert severities(cgi(HEAD + code + RUN)) == [Severity.WARNING]
    assert severities(wsgi(HEAD + code + "\napp = webapp.WSGIApplication([])\n")) == [Severity.NOTE]


@pytest.mark.parametrize(
    "code",
    [
        "today = datetime.date.today()",
        "now = dt.now()",
        "class M(db.Model):\n    limit = datetime.datetime.now()",
        "token = random.random()",
    ],
)
def test_moments_were_fresh_only_in_scripts_without_main(code: str) -> None:
    assert severities(cgi(HEAD + code + RUN)) == [Severity.WARNING]
    assert severities(cgi(HEAD + code + RUN_MAIN)) == []
    assert severities(cgi("import views" + HEAD + RUN, views=HEAD + code)) == []
    assert severities(wsgi(HEAD + code + "\napp = webapp.WSGIApplication([])\n")) == [Severity.NOTE]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "debug = os.environ['HTTP_HOST'].startswith('localhost')",
            "debug = os.environ.get('SERVER_SOFTWARE', '').startswith('Dev')",
        ),
        (
            "debug = 'localhost' in os.environ['SERVER_NAME']",
            "debug = os.environ.get('SERVER_SOFTWARE', '').startswith('Dev')",
        ),
    ],
)
def test_a_test_for_localhost_asks_for_the_development_server(before: str, after: str) -> None:
    for app, end in ((cgi, RUN), (wsgi, "\napp = webapp.WSGIApplication([])\n")):
        assert fixed(RULE, app(HEAD + before + end))["main.py"] == HEAD + after + end


@pytest.mark.parametrize(
    "code", ["x = os.environ['HTTP_HOST'] == 'www.example.com'", "x = os.environ['HTTP_HOST']"]
)
def test_other_tests_of_the_host_are_not_patched(code: str) -> None:
    assert [finding.fix for finding in find(RULE, cgi(HEAD + code + RUN))] == [None]


DEFAULTS = [
    "class M(db.Model):\n    at = db.DateTimeProperty(default=datetime.datetime.now())",
    "class F(forms.Form):\n    at = forms.DateField(initial=datetime.date.today() + datetime.timedelta(1))",
    "class M(object):\n    def posts(self, until=datetime.datetime.now().date()): pass",
    "def f(at=time.time()): pass",
    "def report(start=datetime.datetime.now()): pass",
    "class M(db.Model):\n    started = db.DateTimeProperty(default=datetime.datetime.now())",
    "def f(a, token=random.random()): pass",
    "class M(db.Model):\n    key_id = db.StringProperty(default=str(uuid.uuid4()))",
]


@pytest.mark.parametrize("code", DEFAULTS)
def test_a_moment_as_default_value_is_wrong_however_often_the_module_is_loaded(code: str) -> None:
    head = f"{HEAD}import uuid\nfrom django import forms\n"
    for app in (
        cgi(head + code + RUN),
        cgi(head + code + RUN_MAIN),
        cgi("import views" + HEAD + RUN, views=head + code),
        wsgi(head + code + "\napp = webapp.WSGIApplication([])\n"),
    ):
        assert severities(app) == [Severity.WARNING]


def test_a_property_gets_the_time_when_its_entity_is_made() -> None:
    code = """
class M(db.Model):
    at = db.DateTimeProperty(default=datetime.datetime.now(), required=True)
    day = db.DateProperty(default=datetime.date.today())
    other = db.DateTimeProperty(default=dt.utcnow())
    odd = db.DateTimeProperty(default=dt.now() + datetime.timedelta(1))
    late = db.DateTimeProperty(auto_now=True, default=dt.now())
"""
    after = """
class M(db.Model):
    at = db.DateTimeProperty(auto_now_add=True, required=True)
    day = db.DateProperty(auto_now_add=True)
    other = db.DateTimeProperty(auto_now_add=True)
    odd = db.DateTimeProperty(default=dt.now() + datetime.timedelta(1))
    late = db.DateTimeProperty(auto_now=True, default=dt.now())
"""
    assert fixed(RULE, cgi(HEAD + code + RUN_MAIN))["main.py"] == HEAD + after + RUN_MAIN


# -- default values of functions -------------------------------------------------------------

REPORT = "def report(start=datetime.datetime.now()):\n    return start\n"
MADE = "class Report(object):\n    def __init__(self, start=time.time()):\n        self.start = start\n"
BELOW = "class Below(Report):\n    pass\n"


@pytest.mark.parametrize(
    "code",
    [
        f"{REPORT}def show():\n    report(None)\n",
        f"{REPORT}def show():\n    report(None)\n    report(start=1)\n",
        f"{MADE}def show():\n    Report(1)\n",
        f"{MADE}class Below(Report):\n    def __init__(self):\n        Report.__init__(self, 1)\ndef show():\n    Below()\n",
    ],
)
def test_a_default_that_no_call_leaves_out_is_a_note(code: str) -> None:
    for app in (cgi(HEAD + code + RUN_MAIN), wsgi(HEAD + code + "\napp = webapp.WSGIApplication([])\n")):
        (finding,) = find(RULE, app)
        assert finding.severity is Severity.NOTE
        assert "no call leaves it out so far" in finding.message


@pytest.mark.parametrize(
    "code",
    [
        REPORT,
        f"{REPORT}def show():\n    report()\n",
        f"{REPORT}def show():\n    report(None)\n    report()\n",
        f"{REPORT}def show(*given):\n    report(*given)\n",
        f"{REPORT}def show(**given):\n    report(**given)\n",
        f"{MADE}def show():\n    Report()\n",
        f"{MADE}{BELOW}def show():\n    Report(1)\n    Below()\n",
    ],
)
def test_a_default_that_a_call_may_leave_out_is_a_warning(code: str) -> None:
    for app in (cgi(HEAD + code + RUN_MAIN), wsgi(HEAD + code + "\napp = webapp.WSGIApplication([])\n")):
        (finding,) = find(RULE, app)
        assert finding.severity is Severity.WARNING
        assert "every call gets that one" in finding.message


# -- what is read for development only -------------------------------------------------------

DEVELOPMENT = [
    "os.environ.get('SERVER_SOFTWARE', '').startswith('Dev')",
    "'Development' in os.environ['SERVER_SOFTWARE']",
    "is_dev",
    "on_localhost",
    "IS_LOCAL",
    "settings.dev_server",
    "is_development_server()",
]


@pytest.mark.parametrize("test", DEVELOPMENT)
def test_reads_on_the_development_server_only_are_left_alone(test: str) -> None:
    code = f"if {test}:\n    host = os.environ['HTTP_HOST']\n    user = users.get_current_user()\n"
    assert severities(cgi(HEAD + code + RUN)) == []
    assert severities(wsgi(HEAD + code + "\napp = webapp.WSGIApplication([])\n")) == []


@pytest.mark.parametrize(
    "code",
    [
        "if not is_dev:\n    user = users.get_current_user()",
        "if is_dev:\n    x = 1\nelse:\n    user = users.get_current_user()",
        "if is_device:\n    user = users.get_current_user()",
        "if use_locale:\n    user = users.get_current_user()",
        "if is_dev:\n    x = 1\nuser = users.get_current_user()",
    ],
)
def test_other_reads_under_a_test_are_found(code: str) -> None:
    assert severities(wsgi(HEAD + code + "\napp = webapp.WSGIApplication([])\n")) == [Severity.ERROR]


@pytest.mark.parametrize(
    ("imports", "read"),
    [
        ("from google.appengine.api import memcache as cache", "cache.get('a')"),
        ("import google.appengine.api.memcache as cache", "cache.get('a')"),
        ("from google.appengine.api import memcache as cache", "cache.get_multi(['a'])"),
        ("from datetime import datetime as dt", "dt.now()"),
        ("import uuid as ids", "ids.uuid4()"),
        ("from uuid import uuid1", "uuid1()"),
        ("import random as dice", "dice.choice([1, 2])"),
        ("from os import getenv as read, environ", "environ['HTTP_COOKIE']"),
        ("import gaesessions as s", "s.get_current_session()"),
    ],
)
def test_a_module_that_holds_one_read_and_nothing_else(imports: str, read: str) -> None:
    assert len(find(RULE, wsgi(f"{imports}\nx = {read}\n"))) == 1
