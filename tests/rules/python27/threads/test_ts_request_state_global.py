"""`ts-request-state-global`: what it leaves alone and finds."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.rules.helpers import find
from tests.rules.python27.threads.apps import HEAD, MAIN, lines, reports, told
from tests.rules.python27.wsgi.scripts import cgi27

RULE = "ts-request-state-global"


@pytest.mark.parametrize(
    "code",
    [
        # Local names.
        "user = None\ndef work(h):\n    user = users.get_current_user()\n    return user\n",
        "name = None\ndef work(h):\n    for name in h.request.arguments():\n        print name\n",
        "a = b = None\ndef work(h):\n    a, b = h.request.get('a'), h.request.get('b')\n    return a, b\n",
        "f = None\ndef work(h):\n    with open(h.request.get('f')) as f:\n        return f.read()\n",
        "x = None\ndef work(h):\n    return [x for x in h.request.arguments()], dict((x, 1) for x in h.request.GET)\n",
        "user = None\ndef show(user):\n    user = user or 'x'\ndef work(h):\n    show(users.get_current_user())\n",
        "user = None\ndef work(h):\n    def inner():\n        user = h.request.get('u')\n        return user\n    inner()\n",
        "def work(h):\n    user = None\n    names = {}\n    def inner():\n        names['u'] = h.request.get('u')\n    inner()\n",
        # The request's own objects.
        "def work(h):\n    h.user = users.get_current_user()\n    h.request.registry['x'] = h.user\n    h.values = {}\n"
        "    h.values['u'] = h.user\n    h.response.headers['X'] = 'y'\n",
        "def work(h):\n    os.environ['USER_ID'] = h.request.get('u')\n",
        """
        class Page(webapp2.RequestHandler):
            user = None
            title = 'x'
            def get(self):
                self.user = users.get_current_user()
                self.title = self.request.get('t')
        def work(h):
            pass
        """,
        """
        class Base(webapp2.RequestHandler):
            values = {}
            def initialize(self, request, response):
                webapp2.RequestHandler.initialize(self, request, response)
                self.values = {}
        class Page(Base):
            def get(self):
                self.values['u'] = self.request.get('u')
        def work(h):
            pass
        """,
        """
        class Page(webapp2.RequestHandler):
            def dispatch(self):
                self.session = {}
                self.session['user'] = self.request.get('u')
        def work(h):
            pass
        """,
        """
        class Post(db.Model):
            author = db.UserProperty()
            tags = db.StringListProperty()
        def work(h):
            post = Post()
            post.author = users.get_current_user()
            post.tags.append(h.request.get('tag'))
            post.put()
        """,
        """
        class Form(object):
            data = None
            def __init__(self, data):
                self.data = data
                self.clean = {}
            def check(self):
                self.clean['a'] = self.data['a']
        def work(h):
            Form(h.request.POST).check()
        """,
        """
        class Account(object):
            made = 0
            @classmethod
            def build(cls, user):
                self = cls()
                self.user = user
                return self
        def work(h):
            Account.build(users.get_current_user())
        """,
        """
        def work(h):
            class Own(object):
                user = None
            Own.user = users.get_current_user()
            return Own
        """,
        """
        class AttrDict(dict):
            def __init__(self, *args, **kw):
                dict.__init__(self, *args, **kw)
                self.__dict__ = self
        def work(h):
            values = AttrDict()
            values.user = h.request.get('u')
            values['u'] = h.request.get('u')
        """,
        # Each thread's own.
        "own = threading.local()\ndef work(h):\n    own.user = users.get_current_user()\n    own.h = h\n    return own.user\n",
        "class Own(threading.local):\n    user = None\nown = Own()\ndef work(h):\n    own.user = users.get_current_user()\n",
        "from webapp2_extras import local\nown = local.Local()\ndef work(h):\n    own.user = h.request.get('u')\n",
        # Under keys that differ.
        "cache = {}\ndef work(h):\n    cache[h.request.get('u')] = h.request.get('v')\n",
        "cache = {}\ndef work(h):\n    u = h.request.get('u')\n    cache.update({u: h})\n",
        # Copies.
        "base = {'a': 1}\ndef work(h):\n    values = dict(base)\n    values['u'] = users.get_current_user()\n",
        "base = {'a': 1}\ndef work(h):\n    values = base.copy()\n    values.update(u=users.get_current_user())\n",
        "import copy\nbase = {'a': []}\ndef work(h):\n    values = copy.deepcopy(base)\n    values['a'] = h\n",
        "base = {'a': 1}\ndef render(values):\n    values = dict(values)\n    values['u'] = users.get_current_user()\n"
        "def work(h):\n    render(base)\n",
        "rows = [{'a': 1}]\ndef work(h):\n    for row in rows:\n        row = dict(row)\n        row['u'] = h.request.get('u')\n",
        "def base():\n    return {'a': 1}\ndef work(h):\n    values = base()\n    values['u'] = h.request.get('u')\n",
        # Nothing of the request.
        "last = None\ndef work(h):\n    global last\n    last = time.time()\n    return last\n",
        "conf = None\ndef work(h):\n    global conf\n    conf = db.get('conf')\n    return conf\n",
        # Under a lock.
        "lock = threading.Lock()\nuser = None\ndef work(h):\n    global user\n    with lock:\n"
        "        user = users.get_current_user()\n",
        # Nobody's, or on import.
        "user = None\ndef nobody():\n    global user\n    user = users.get_current_user()\ndef work(h):\n    return user\n",
        "user = None\ndef start():\n    global user\n    user = os.environ.get('USER_EMAIL')\nstart()\ndef work(h):\n    return user\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert lines(RULE, code) == []


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (
            "user = None\ndef work(h):\n    global user\n    user = users.get_current_user()\n    return user\n",
            "user = users.get_current_user()",
        ),
        (
            "user = None\ndef work(h):\n    def inner():\n        global user\n        user = h.request.get('u')\n"
            "    inner()\n    return user\n",
            "user = h.request.get('u')",
        ),
        (
            "a = b = None\ndef work(h):\n    global a, b\n    a, b = 1, h.request.get('b')\n    return b\n",
            "a, b = 1, h.request.get('b')",
        ),
        (
            "a = b = None\ndef pair(h):\n    return h, 1\ndef work(h):\n    global a\n    a, b = pair(h.request)\n    return a\n",
            "a, b = pair(h.request)",
        ),
        (
            "name = None\ndef work(h):\n    global name\n    for name in h.request.arguments():\n        show()\n"
            "def show():\n    return name\n",
            "for name in h.request.arguments():",
        ),
        (
            "user = None\ndef work(h):\n    globals()['user'] = h.request.get('u')\n    return user\n",
            "globals()['user'] = h.request.get('u')",
        ),
        (
            "values = {}\ndef work(h):\n    values['u'] = h.request.get('u')\n    return values['u']\n",
            "values['u'] = h.request.get('u')",
        ),
        (
            "values = {}\ndef work(h):\n    values.update(u=h.request.get('u'))\n    return values['u']\n",
            "values.update(u=h.request.get('u'))",
        ),
        (
            "base = {'a': 1}\ndef work(h):\n    values = base\n    values['u'] = h.request.get('u')\n    return base\n",
            "values['u'] = h.request.get('u')",
        ),
        (
            "base = {'a': 1}\ndef render(h, values):\n    values['u'] = h.request.get('u')\ndef work(h):\n    render(h, base)\n",
            "values['u'] = h.request.get('u')",
        ),
        (
            "rows = [{'a': 1}]\ndef work(h):\n    for row in rows:\n        row['u'] = h.request.get('u')\n    return rows\n",
            "row['u'] = h.request.get('u')",
        ),
        (
            "class Own(object):\n    user = None\ndef work(h):\n    Own.user = users.get_current_user()\n    return Own.user\n",
            "Own.user = users.get_current_user()",
        ),
        (
            "class Own(object):\n    @classmethod\n    def put(cls, h):\n        cls.h = h\n    @classmethod\n"
            "    def get(cls):\n        return cls.h\ndef work(h):\n    Own.put(h)\n    Own.get()\n",
            "cls.h = h",
        ),
        (
            "class Page(webapp2.RequestHandler):\n    user = None\n    def get(self):\n"
            "        self.__class__.user = self.request.get('u')\n        return self.user\ndef work(h):\n    Page.user\n",
            "self.__class__.user = self.request.get('u')",
        ),
        (
            "class Page(webapp2.RequestHandler):\n    values = {}\n    def get(self):\n"
            "        self.values['u'] = self.request.get('u')\n        print self.values\ndef work(h):\n    pass\n",
            "self.values['u'] = self.request.get('u')",
        ),
        (
            "class Own(object):\n    pass\nown = Own()\ndef work(h):\n    own.user = users.get_current_user()\n    return own.user\n",
            "own.user = users.get_current_user()",
        ),
        (
            "class Own(object):\n    def put(self, user):\n        self.user = user\nown = Own()\ndef work(h):\n"
            "    own.put(users.get_current_user())\n    return own.user\n",
            "self.user = user",
        ),
        (
            "class Borg(object):\n    _state = {}\n    def __init__(self):\n        self.__dict__ = self._state\n"
            "def work(h):\n    b = Borg()\n    b.user = h.request.get('u')\n    return Borg().user\n",
            "b.user = h.request.get('u')",
        ),
        (
            "class Borg(object):\n    __state = {}\n    def __init__(self):\n        self.__dict__ = self.__state\n"
            "class Own(Borg):\n    def put(self, user):\n        self.user = user\n"
            "def work(h):\n    Own().put(users.get_current_user())\n    return Own().user\n",
            "self.user = user",
        ),
        (
            "class Middleware(object):\n    def process_request(self, request):\n        self.user = request.user\n"
            "        return self.user\ndef work(h):\n    pass\n",
            "self.user = request.user",
        ),
        (
            "class App(object):\n    def __call__(self, environ, start_response):\n        self.environ = environ\n"
            "        start_response('200 OK', [])\n        return [self.page()]\n    def page(self):\n"
            "        return self.environ['PATH_INFO']\nwsgi = App()\ndef work(h):\n    pass\n",
            "self.environ = environ",
        ),
        (
            "user = None\ndef deco(f):\n    def inner(h):\n        global user\n        user = users.get_current_user()\n"
            "        return f(h)\n    return inner\n@deco\ndef work(h):\n    return user\n",
            "user = users.get_current_user()",
        ),
    ],
)
def test_visitors_see_each_others_data(code: str, line: str) -> None:
    assert lines(RULE, code) == [f"error: {line}"]


MODULE = "user = None\ndef show():\n    return user\n"


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("import own\ndef work(h):\n    own.user = h.request.get('u')\n", {"own.py": MODULE}),
        ("import own as o\ndef work(h):\n    o.user = h.request.get('u')\n", {"own.py": MODULE}),
        ("import own\ndef work(h):\n    setattr(own, 'user', h.request.get('u'))\n", {"own.py": MODULE}),
        (
            "from lib import own\ndef work(h):\n    own.user = h.request.get('u')\n",
            {"lib/__init__.py": "", "lib/own.py": MODULE},
        ),
        (
            "import lib.own\ndef work(h):\n    lib.own.user = h.request.get('u')\n",
            {"lib/__init__.py": "", "lib/own.py": MODULE},
        ),
        ("import lib\ndef work(h):\n    lib.user = h.request.get('u')\n", {"lib/__init__.py": MODULE}),
        (
            "from lib import views\ndef work(h):\n    views.put(h)\n",
            {
                "lib/__init__.py": "",
                "lib/own.py": MODULE,
                "lib/views.py": "import own\ndef put(h):\n    own.user = h.request.get('u')\n",
            },
        ),
        (
            "from lib import views\ndef work(h):\n    views.put(h)\n",
            {
                "lib/__init__.py": "",
                "lib/own.py": MODULE,
                "lib/views.py": "from . import own\ndef put(h):\n    own.user = h.request.get('u')\n",
            },
        ),
        (
            "from lib.views import put\ndef work(h):\n    put(h)\n",
            {
                "lib/__init__.py": "",
                "lib/own.py": MODULE + "class Box(object):\n    user = None\n",
                "lib/views.py": "from .own import *\ndef put(h):\n    Box.user = h.request.get('u')\n    return Box.user\n",
            },
        ),
    ],
)
def test_state_of_another_module(code: str, more: dict[str, str]) -> None:
    module = next(path for path, text in more.items() if text.startswith(MODULE))
    name = module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    code += f"    return show()\nfrom {name} import show\n"
    assert [found.severity.value for found in reports(code, more, (RULE,))] == ["error"]


@pytest.mark.parametrize(
    "code",
    [
        "user = None\ndef work(h):\n    global user\n    user = users.get_current_user()\n",
        "last = {}\ndef work(h):\n    last['u'] = users.get_current_user()\n",
        "last = {}\ndef work(h):\n    last['u'] = h.request.get('u')\n    del last['u']\n",
    ],
)
def test_what_no_request_reads_is_a_warning(code: str) -> None:
    assert told(code) == ["request-state-global warning"]


def test_what_is_only_set_once_keeps_the_first_request() -> None:
    code = """
    base = None
    def work(h):
        global base
        if base is None:
            base = h.request.host_url
        return base
    """
    (finding,) = reports(code)
    assert finding.rule == RULE
    assert finding.severity.value == "warning"
    assert "It comes from `h.request" in finding.message or "of the first request" in finding.message


def test_the_message_says_where_it_comes_from_and_how_a_request_gets_there() -> None:
    code = "user = None\ndef work(h):\n    keep(h.request.get('u'))\ndef keep(name):\n    global user\n    user = name\n    return user\n"
    (finding,) = reports(code)
    assert finding.message == (
        "All requests share the module's `user`, and this keeps data of one request in it. It "
        "comes from `h.request`; requests that run at the same time read each other's. Hand it on as "
        "an argument, keep it on the request, or in a `threading.local()` that is set anew for each request. "
        "Requests get here by `Main.get` → `work` → `keep`."
    )
    assert finding.fix is None


def test_a_note_while_requests_come_one_after_the_other() -> None:
    code = dedent("""
    user = None
    def work(h):
        global user
        user = users.get_current_user()
        return user
    """)
    (finding,) = find(RULE, cgi27(HEAD + code + MAIN))
    assert finding.severity.value == "note"
