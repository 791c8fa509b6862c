"""How values that requests give to what they share are judged: what nobody can notice, advice, and leaks."""

from __future__ import annotations

from textwrap import dedent

import pytest

from gaebot.rules.python27.shared.races.judge_values import IN_PART, LAST_COUNTS
from tests.rules.python27.threads.apps import reports, told

OBJECT = "class Blog(object):\n    title = ''\n    lang = ''\nblog = Blog()\n"
ELSEWHERE = """
class Other(webapp2.RequestHandler):
    def get(self):
        self.response.write(%s)
others = webapp2.WSGIApplication([('/other', Other)])
"""
"""A second handler, which the first one does not lead to, that reads a name."""


# -- what is left alone ----------------------------------------------------------------------

LEFT_ALONE: dict[str, str] = {
    "an object that each request makes and hands on": """
        class Page(object):
            user = None
        def show(page):
            return page.user
        def work(h):
            page = Page()
            page.user = users.get_current_user()
            show(page)
        """,
    "an object that each request makes and puts on its handler": """
        class Page(object):
            def fill(self, user):
                self.user = user
        def work(h):
            h.page = Page()
            h.page.fill(users.get_current_user())
            return h.page.user
        """,
    "an object that each request puts on what all share keeps its own attributes": """
        class Session(object):
            def load(self, h):
                self.user = h.request.get('u')
                return self.user
        class Site(object):
            pass
        site = Site()
        lock = threading.Lock()
        def work(h):
            with lock:
                site.session = Session()
            return Session().load(h)
        """,
    "what a middleware keeps on the request": """
        class Middleware(object):
            def process_request(self, request):
                request.user = users.get_current_user()
        def work(h):
            pass
        """,
    "what a handler keeps of its own request": """
        class Base(webapp2.RequestHandler):
            user = None
            def initialize(self, request, response):
                webapp2.RequestHandler.initialize(self, request, response)
                self.user = users.get_current_user()
            def dispatch(self):
                self.session = self.request.cookies.get('s')
        class Page(Base):
            def get(self):
                print self.user, self.session
        def work(h):
            pass
        """,
    "a visitor's data under a lock": """
        lock = threading.Lock()
        user = None
        def work(h):
            global user
            with lock:
                user = users.get_current_user()
                print user
        """,
    "state that says that it is for tests": """
        now_for_test = None
        test_user = None
        def work(h):
            global now_for_test, test_user
            now_for_test = h.request.get('now')
            test_user = users.get_current_user()
            return now_for_test, test_user
        """,
    "an attribute of an object that says so": """
        class Blog(object):
            pass
        blog = Blog()
        def work(h):
            blog.title_for_testing = h.request.get('t')
            return blog.title_for_testing
        """,
}


@pytest.mark.parametrize("shape", LEFT_ALONE)
def test_leaves_alone(shape: str) -> None:
    assert told(LEFT_ALONE[shape]) == []


# -- what the same request reads back --------------------------------------------------------

READ_BY_OTHERS = [
    "x = None\ndef work(h):\n    put(['a'])\ndef put(names):\n    global x\n    x = names[0]\n"
    + ELSEWHERE % "x",
    # What was there before is read, not what is set.
    "x = None\ndef work(h):\n    global x\n    names = ['a', 'b']\n    print x\n    x = names.pop()\n",
    "x = None\ndef work(h):\n    global x\n    x = time.time()\n" + ELSEWHERE % "x",
    "class C(object):\n    x = None\ndef work(h):\n    names = ['a']\n    C.x = names.pop()\n"
    + ELSEWHERE % "C.x",
    OBJECT + "def work(h):\n    names = ['a']\n    blog.title = names.pop()\n" + ELSEWHERE % "blog.title",
    OBJECT + "def work(h):\n    blog.title = h.request.get('t')\n" + ELSEWHERE % "blog.title",
    OBJECT
    + "def work(h):\n    names = ['a']\n    setattr(blog, 'title', names.pop())\n"
    + ELSEWHERE % "blog.title",
]


@pytest.mark.parametrize("code", READ_BY_OTHERS)
def test_what_only_others_read_is_a_note(code: str) -> None:
    (finding,) = reports(code)
    assert finding.severity.value == "note"
    assert LAST_COUNTS in finding.message


READ_BACK = [
    "x = None\ndef work(h):\n    global x\n    names = ['a']\n    x = names[0]\n    return x\n",
    "x = None\ndef work(h):\n    put(['a'])\n    show()\ndef put(names):\n    global x\n    x = names[0]\n"
    "def show():\n    return x\n",
    "x = None\ndef work(h):\n    put(['a'])\ndef put(names):\n    global x\n    x = names[0]\n    show()\n"
    "def show():\n    return x\n",
    # The next round of the loop reads it.
    "x = None\ndef work(h):\n    global x\n    for name in ['a', 'b']:\n        print x\n        x = name\n",
    "class C(object):\n    x = None\ndef work(h):\n    names = ['a']\n    C.x = names[0]\n    return C.x\n",
]


@pytest.mark.parametrize("code", READ_BACK)
def test_what_the_same_request_reads_back_is_a_warning(code: str) -> None:
    (finding,) = reports(code)
    assert finding.severity.value == "warning"
    assert LAST_COUNTS not in finding.message


def hook(method: str, more: str = "") -> str:
    """A class of handlers of which one method sets a name that another handler reads."""
    return (
        "x = None\n"
        f"class Base(webapp2.RequestHandler):\n    def {method}(self{more}):\n        global x\n"
        "        names = ['a']\n        x = names[0]\ndef work(h):\n    pass\n" + ELSEWHERE % "x"
    )


@pytest.mark.parametrize("method", ["get", "post", "handle_exception"])
def test_what_a_method_sets_that_answers_is_a_note(method: str) -> None:
    assert told(hook(method)) == ["global-assign note"]


@pytest.mark.parametrize(("method", "more"), [("initialize", ", request, response"), ("dispatch", "")])
def test_what_is_set_at_the_beginning_of_each_request_is_for_its_rest(method: str, more: str) -> None:
    assert told(hook(method, more)) == ["global-assign warning"]


def test_so_is_what_a_function_sets_that_is_called_there() -> None:
    code = """
    x = None
    class Base(webapp2.RequestHandler):
        def dispatch(self):
            put(['a'])
    def put(names):
        global x
        x = names[0]
    def work(h):
        pass
    """
    assert told(dedent(code) + ELSEWHERE % "x") == ["global-assign warning"]


def test_a_middleware_is_around_all_requests() -> None:
    code = """
    language = None
    class Middleware(object):
        def process_request(self, request):
            global language
            names = ['a']
            language = names[0]
    def work(h):
        pass
    """
    assert told(dedent(code) + ELSEWHERE % "language") == ["global-assign warning"]
    own = code.replace("    language = None\n", "").replace("            global language\n", "")
    assert told(own.replace("language =", "self.language =")) == ["self-state-on-shared-instance warning"]


FLASK = """
import flask
site = flask.Flask('site')
x = None
@site.%s
def start():
    global x
    names = ['a']
    x = names[0]
@site.route('/')
def index():
    return x
def work(h):
    pass
"""


def test_a_decorator_may_say_that_it_is_the_beginning() -> None:
    assert told(FLASK % "route('/start')") == ["global-assign note"]
    assert told(FLASK % "before_request") == ["global-assign warning"]


# -- several attributes of one object --------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "def work(h):\n    names = ['a']\n    blog.title = names[0]\n    blog.lang = names.pop()\n",
        "def work(h):\n    blog.title = h.request.get('t')\n    blog.lang = h.request.get('l')\n",
        "def work(h):\n    for name in ('title', 'lang'):\n        setattr(blog, name, h.request.get(name))\n",
    ],
)
def test_an_object_that_is_changed_in_part_is_a_note(code: str) -> None:
    (finding,) = reports(OBJECT + code + ELSEWHERE % "blog.title")
    assert (finding.rule, finding.severity.value) == ("ts-self-state-on-shared-instance", "note")
    assert IN_PART in finding.message


# -- what is relied on in other ways ---------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        # Only in one of two branches.
        "def work(h):\n    names = ['a']\n    if h.a:\n        blog.title = names[0]\n    else:\n"
        "        blog.title = names.pop()\n",
        "def work(h):\n    names = ['a']\n    try:\n        blog.title = names[0]\n    except IndexError:\n"
        "        blog.title = names.pop()\n",
        # Used before, and stored behind.
        "def work(h):\n    names = ['a']\n    blog.show(h)\n    blog.title = names[0]\n    blog.put()\n",
    ],
)
def test_what_is_set_last_and_not_used_is_a_note(code: str) -> None:
    assert told(OBJECT + code + ELSEWHERE % "blog.title") == ["self-state-on-shared-instance note"]


@pytest.mark.parametrize(
    "code",
    [
        # One value first, and another one later: between them the first one counts.
        "def work(h):\n    names = ['a']\n    blog.title = names[0]\n    blog.title = names.pop()\n",
        "def work(h):\n    names = ['a']\n    blog.title = names[0]\n    h.show()\n    blog.title = 'x'\n",
        # The object is used with what was set.
        "def work(h):\n    names = ['a']\n    blog.title = names[0]\n    blog.show(h)\n",
    ],
)
def test_what_is_swapped_or_used_is_a_warning(code: str) -> None:
    assert told(OBJECT + code + ELSEWHERE % "blog.title") == ["self-state-on-shared-instance warning"]


STORED = (
    "class Blog(db.Model):\n    title = db.StringProperty()\n    lang = db.StringProperty()\nblog = Blog()\n"
)


def test_a_setting_that_is_stored_is_no_leak() -> None:
    one = "def work(h):\n    blog.title = h.request.get('t')\n    blog.put()\n    return blog.title\n"
    two = one.replace("    blog.put", "    blog.lang = h.request.get('l')\n    blog.put")
    assert told(STORED + one) == ["self-state-on-shared-instance note"]
    assert told(STORED + two) == ["self-state-on-shared-instance note"]
    assert told(OBJECT + one.replace("    blog.put()\n", "")) == ["request-state-global error"]


# -- data of a visitor, and other data of the request ----------------------------------------

OF_REQUEST = ["h.request.get('q')", "h.request.path", "h.request.POST['q']", "h.request.arguments()[0]"]
OF_VISITOR = [
    "users.get_current_user()",
    "users.get_current_user().email()",
    "users.is_current_user_admin()",
    "h.session['u']",
    "h.get_session()",
    "h.request.cookies.get('u')",
    "h.user",
    "h",
    "os.environ['USER_EMAIL']",
    "os.environ.get('HTTP_COOKIE')",
]
KEPT = [
    ("x = None\ndef work(h):\n    global x\n    x = %s\n", "x"),
    ("class C(object):\n    x = None\ndef work(h):\n    C.x = %s\n", "C.x"),
    ("values = {}\ndef work(h):\n    values['u'] = %s\n", "values['u']"),
    ("values = {}\ndef work(h):\n    values.update(u=%s)\n", "values['u']"),
]


@pytest.mark.parametrize(("code", "read"), KEPT)
@pytest.mark.parametrize("value", OF_REQUEST)
def test_request_data_that_is_not_read_back_is_a_warning(value: str, code: str, read: str) -> None:
    assert told(code % value + ELSEWHERE % read) == ["request-state-global warning"]
    assert told(code % value + f"    print {read}\n") == ["request-state-global error"]


@pytest.mark.parametrize(("code", "read"), KEPT)
@pytest.mark.parametrize("value", OF_VISITOR)
def test_a_visitors_data_that_any_request_reads_is_a_leak(value: str, code: str, read: str) -> None:
    assert told(code % value) == ["request-state-global warning"]
    assert told(code % value + ELSEWHERE % read) == ["request-state-global error"]


@pytest.mark.parametrize(
    "more",
    [
        {"main2.py": "import main\ndef nobody():\n    return main.kept_name\n"},
        {"page.html": "{{ kept_name }}"},
        {"main2.py": "NAMES = ['kept_name']\n"},
    ],
)
def test_what_something_may_read_by_its_name_stays_a_warning(more: dict[str, str]) -> None:
    code = "kept_name = None\ndef work(h):\n    global kept_name\n    kept_name = h.request.get('q')\n"
    assert told(code) == ["request-state-global note"]
    assert told(code, {**more, "readme.txt": ""}) == ["request-state-global warning"]
    assert told(code, {"other.py": "kept_names = 1\n"}) == ["request-state-global note"]


def test_a_handlers_own_request() -> None:
    code = "class Page(webapp2.RequestHandler):\n    def get(self):\n        global x\n        x = %s\n"
    code = f"x = None\n{code}def work(h):\n    pass\n{ELSEWHERE.replace('%s', 'x')}"
    assert told(code % "self.request.get('q')") == ["request-state-global warning"]
    assert told(code % "self.request.cookies['q']") == ["request-state-global error"]
    assert told(code % "self.session") == ["request-state-global error"]
    assert told(code % "self") == ["request-state-global error"]


DJANGO = """
x = None
def view(request):
    global x
    x = %s
def other(request):
    return x
def work(h):
    pass
"""


def test_the_request_of_a_view() -> None:
    assert told(DJANGO % "request.GET['q']") == ["request-state-global warning"]
    for value in ("request.user", "request.user.email()", "request.session['u']", "request.COOKIES.get('u')"):
        assert told(DJANGO % value) == ["request-state-global error"]


def test_a_visitor_in_an_attribute_of_an_object() -> None:
    code = OBJECT + "def work(h):\n    blog.title = users.get_current_user()\n" + ELSEWHERE % "blog.title"
    assert told(code) == ["request-state-global error"]


# -- values that are the same for all --------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "def work(h):\n    global x\n    x = 'a'\n    return x\n",
        "LANGUAGE = 'en'\ndef work(h):\n    global x\n    x = LANGUAGE\n    return x\n",
        "def put(value):\n    global x\n    x = value\ndef work(h):\n    put('a')\n    put('a')\n    return x\n",
        "def put(value=None):\n    global x\n    x = value\ndef work(h):\n    put(value='a')\n    return x\n",
        "def build(title):\n    return [title]\nTITLE = 'b'\ndef work(h):\n    global x\n    x = build(TITLE)\n    return x\n",
        "def work(h):\n    global x\n    x = db.get('settings')\n    return x\n",
        # What import code gives does not count.
        "def put(value):\n    global x\n    x = value\nput('b')\ndef work(h):\n    put('a')\n    return x\n",
    ],
)
def test_values_that_are_the_same_for_all_are_notes(code: str) -> None:
    (finding,) = reports("x = None\n" + code)
    assert (finding.rule, finding.severity.value) == ("ts-global-assign", "note")
    assert LAST_COUNTS not in finding.message


@pytest.mark.parametrize(
    "code",
    [
        "def work(h):\n    global x\n    x = 'a'\n    show()\n    x = 'b'\ndef show():\n    print x\n",
        "def put(value):\n    global x\n    x = value\ndef work(h):\n    put('a')\n    put('b')\n    return x\n",
        "def put(value=None):\n    global x\n    x = value\ndef work(h):\n    put('a')\n    put()\n    return x\n",
        "def put(value):\n    global x\n    x = value\ndef work(h):\n    put([1].pop())\n    return x\n",
        "def work(h):\n    global x\n    x = time.time()\n    return x\n",
        "import datetime\ndef work(h):\n    global x\n    x = datetime.datetime.now()\n    return x\n",
        "import random\ndef work(h):\n    global x\n    x = random.choice('ab')\n    return x\n",
        "import uuid\ndef work(h):\n    global x\n    x = str(uuid.uuid4())\n    return x\n",
        "def now():\n    return int(time.time())\ndef work(h):\n    global x\n    x = now()\n    return x\n",
        "def work(h):\n    global x\n    x = memcache.get('x')\n    return x\n",
        "def work(h):\n    global x\n    names = ['a']\n    x = names.pop()\n    return x\n",
    ],
)
def test_values_that_differ_are_warnings(code: str) -> None:
    assert told("x = None\n" + code) == ["global-assign warning"]


# -- counters --------------------------------------------------------------------------------

COUNT = "n = 0\ndef work(h):\n    global n\n    n += 1\n"


@pytest.mark.parametrize(
    "code",
    [
        COUNT + "def dump():\n    print n\n",
        COUNT + "def test_count():\n    assert n == 1\n",
        COUNT.replace("n += 1", "n = n + 1") + "def dump():\n    print n\n",
        "n = {}\ndef work(h):\n    n['x'] = n.get('x', 0) + 1\ndef dump():\n    print n\n",
        "class C(object):\n    n = 0\ndef work(h):\n    C.n += 1\ndef dump():\n    print C.n\n",
    ],
)
def test_counters_that_only_a_tool_reads_are_notes(code: str) -> None:
    (finding,) = reports(code)
    assert (finding.rule, finding.severity.value) == ("ts-counter", "note")
    assert "No request reads it, though." in finding.message


@pytest.mark.parametrize(
    "code",
    [
        COUNT,
        COUNT.replace("n += 1", "n = n + 1"),
        COUNT + "def dump():\n    print n\n" + ELSEWHERE % "n",
        COUNT + "    return n\ndef dump():\n    print n\n",
    ],
)
def test_other_counters_stay_warnings(code: str) -> None:
    assert told(code) == ["counter warning"]


# -- what others have found set and then find empty ----------------------------------------------

EMPTIED = """
client = None
def work(h):
    global client
    client = None
class Login(webapp2.RequestHandler):
    def get(self):
        global client
        client = urlfetch.Client()
logins = webapp2.WSGIApplication([('/login', Login)])
"""


@pytest.mark.parametrize("use", ["client.send(1)", "client[0]", "client()", "client.user.name"])
def test_who_uses_what_another_one_sets_to_none_fails(use: str) -> None:
    assert "global-assign warning" in told(EMPTIED + ELSEWHERE % use)


@pytest.mark.parametrize("use", ["client is None", "client", "str(client)", "h.client.send"])
def test_who_only_looks_whether_it_is_none_does_not(use: str) -> None:
    assert "global-assign warning" not in told(EMPTIED + ELSEWHERE % use)


@pytest.mark.parametrize(
    ("code", "grades"),
    [
        (
            "n = 0\ndef work(h):\n    global n\n    n += 1\n    print n\n    n = 0\n",
            {"counter warning", "global-assign warning"},
        ),
        ("n = 0\ndef work(h):\n    global n\n    n = 0\n", {"global-assign note"}),
        (
            "n = 0\ndef work(h):\n    global n\n    n += 1\n    print n\n    n = None\n",
            {"counter warning", "global-assign warning"},
        ),
    ],
)
def test_who_resets_a_counter_loses_what_others_counted(code: str, grades: set[str]) -> None:
    assert set(told(code)) <= grades
    assert told(code)


@pytest.mark.parametrize(
    ("maker", "grades"),
    [
        ("import flask\nsite = flask.Flask('x')\n", ["request-state-global warning"]),
        ("class Site(object):\n    x = None\nsite = Site()\n", ["self-state-on-shared-instance note"]),
        ("def made():\n    return 1\nsite = made()\n", ["self-state-on-shared-instance note"]),
    ],
)
def test_what_a_library_reads_of_its_object(maker: str, grades: list[str]) -> None:
    assert told(maker + "def work(h):\n    site.loader = h.request.get('site')\n") == grades


def test_what_is_none_from_the_beginning_takes_nothing_away() -> None:
    code = "client = None\ndef work(h):\n    global client\n    client = None\n"
    assert told(code + ELSEWHERE % "client.send(1)") == ["global-assign note"]
