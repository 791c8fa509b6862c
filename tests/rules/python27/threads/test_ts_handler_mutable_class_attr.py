"""`ts-handler-mutable-class-attr`: what it leaves alone and finds."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.rules.python27.threads.apps import lines, reports, told

RULE = "ts-handler-mutable-class-attr"
NOTHING = "\ndef work(h):\n    pass\n"


@pytest.mark.parametrize(
    "body",
    [
        # Made for each request.
        "values = {}\n    def initialize(self, request, response):\n        self.values = {}\n    def get(self):\n        self.values['x'] = 1",
        "values = {}\n    def __init__(self, *args, **kw):\n        webapp2.RequestHandler.__init__(self, *args, **kw)\n"
        "        self.values = {}\n    def get(self):\n        self.values.update(x=1)",
        "values = {}\n    def get(self):\n        self.values = {}\n        self.values['x'] = 1",
        "values = {}\n    def get(self):\n        self.values = dict(self.values)\n        self.values['x'] = 1",
        "values = None\n    def dispatch(self):\n        self.values = []\n        self.values.append(1)",
        "values = {}\n    def __init__(self, *args):\n        setattr(self, 'values', {})\n    def get(self):\n        self.values['x'] = 1",
        "a = b = []\n    def initialize(self, *args):\n        self.a, self.b = [], []\n    def get(self):\n        self.a.append(1)\n        self.b.pop()",
        # Copies, and what only looks.
        "values = {'a': 1}\n    def get(self):\n        own = dict(self.values)\n        own['x'] = 1\n        more = self.values.copy()\n        more.clear()",
        "values = {'a': 1}\n    def get(self):\n        return self.values['a'], self.values.get('b'), sorted(self.values)",
        "values = [1]\n    def get(self):\n        own = self.values[:]\n        own.append(2)\n        return self.values + [3]",
        "fields = ['a']\n    def get(self):\n        for field in self.fields:\n            field = field + 'x'\n            print field",
        "names = ('a',)\n    def get(self):\n        self.names += ('b',)",
        # A method's local name.
        "values = {}\n    def get(self):\n        values = {}\n        values['x'] = 1",
        # Numbers and texts.
        "count = 0\n    def get(self):\n        self.count += 1",
        # On import.
        "values = {}\n    values['a'] = 1\n    for n in (1, 2):\n        values[n] = n\n    def get(self):\n        return self.values",
        "values = {}\n    def get(self):\n        return self.values\nPage.values['a'] = 1\nPage.values.update(b=2)",
        # Under a lock.
        "values = {}\n    lock = threading.Lock()\n    def get(self):\n        with self.lock:\n            self.values['a'] = 1",
        "values = []\n    lock = threading.Lock()\n    def get(self):\n        with Page.lock:\n            self.values.append(1)",
    ],
)
def test_leaves_alone(body: str) -> None:
    assert lines(RULE, f"class Page(webapp2.RequestHandler):\n    {body}\n{NOTHING}") == []


@pytest.mark.parametrize(
    "code",
    [
        """
        class Base(webapp2.RequestHandler):
            values = {}
            def initialize(self, request, response):
                super(Base, self).initialize(request, response)
                self.values = {}
        class Page(Base):
            def get(self):
                self.values['x'] = 1
        """,
        """
        class Base(object):
            items = []
            def add(self, x):
                self.items.append(x)
        class Page(Base, webapp2.RequestHandler):
            def __init__(self, *args):
                self.items = []
            def get(self):
                self.add(1)
        """,
        """
        class Route(object):
            table = []
            def __init__(self, path):
                self.path = path
            def __call__(self, f):
                self.table.append((self.path, f))
                return f
        @Route('/x')
        def one(h):
            return 1
        class Page(webapp2.RequestHandler):
            def get(self):
                one(self)
                return Route.table
        """,
        """
        class Meta(type):
            plugins = []
            names = {}
            def __init__(cls, name, bases, attrs):
                super(Meta, cls).__init__(name, bases, attrs)
                cls.plugins.append(cls)
                Meta.names[name] = cls
        class Plugin(object):
            __metaclass__ = Meta
        class Page(webapp2.RequestHandler):
            def get(self):
                return Plugin(), Meta.plugins, Meta.names['x']
        """,
        """
        class Router(object):
            routes = []
            def add(self, x):
                self.routes.append(x)
        router = Router()
        router.add('x')
        for n in ('a', 'b'):
            router.add(n)
        class Page(webapp2.RequestHandler):
            def get(self):
                return router.routes
        """,
        """
        class Post(db.Model):
            tags = db.StringListProperty()
            def add(self, tag):
                self.tags.append(tag)
                self.tags += [tag]
        class Page(webapp2.RequestHandler):
            def get(self):
                Post().add('x')
        """,
        """
        from google.appengine.ext.db import polymodel
        class Post(polymodel.PolyModel):
            tags = db.ListProperty(str, default=[])
        class Page(webapp2.RequestHandler):
            def get(self):
                Post().tags.append('x')
        """,
        """
        class Parser(object):
            stack = None
            def reset(self):
                self.stack = []
            def feed(self, x):
                self.reset()
                self.stack.append(x)
        class Page(webapp2.RequestHandler):
            def get(self):
                Parser().feed('x')
        """,
        """
        from HTMLParser import HTMLParser
        class Strip(HTMLParser):
            def __init__(self):
                self.reset()
                self.fed = []
            def handle_data(self, data):
                self.fed.append(data)
        class Page(webapp2.RequestHandler):
            def get(self):
                Strip().feed('x')
        """,
        """
        class Own(threading.local):
            items = None
            def __init__(self):
                self.items = []
        own = Own()
        class Page(webapp2.RequestHandler):
            def get(self):
                own.items.append(1)
        """,
        """
        class Page(webapp2.RequestHandler):
            def get(self):
                class Own(object):
                    items = []
                Own.items.append(1)
        """,
        """
        class Nobody(object):
            items = []
            def add(self, x):
                self.items.append(x)
        class Page(webapp2.RequestHandler):
            def get(self):
                pass
        """,
    ],
)
def test_leaves_classes_alone(code: str) -> None:
    assert told(dedent(code) + NOTHING) == []


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("[]", "self.values.append(1)"),
        ("[]", "self.values.extend([1])"),
        ("[]", "self.values.insert(0, 1)"),
        ("[]", "self.values += [1]"),
        ("[1]", "self.values.pop()"),
        ("[1]", "self.values.sort()"),
        ("[1]", "self.values[:] = []"),
        ("{}", "self.values.update(a=1)"),
        ("dict()", "self.values.update({'a': 1})"),
        ("{}", "Page.values.clear()"),
        ("{}", "del self.values['a']"),
        ("set()", "self.values.add(1)"),
        ("[]", "self.__class__.values.append(1)"),
        ("[]", "Page.values.append(1)"),
    ],
)
def test_what_the_next_visitor_finds(kind: str, change: str) -> None:
    code = f"class Page(webapp2.RequestHandler):\n    values = {kind}\n    def get(self):\n        {change}\n"
    assert lines(RULE, code + NOTHING) == [f"warning: {change}"]


def test_by_a_local_name_and_from_a_class_above() -> None:
    code = """
    class Base(webapp2.RequestHandler):
        values = {}
    class Page(Base):
        def get(self):
            values = self.values
            values.update(a=1)
    def work(h):
        pass
    """
    (finding,) = reports(code)
    assert finding.rule == RULE
    assert "the class attribute `Base.values`" in finding.message


def test_classes_that_are_no_handlers() -> None:
    code = "class Form(object):\n    errors = []\n    def check(self):\n        self.errors.append('x')\ndef work(h):\n    Form().check()\n"
    (finding,) = reports(code)
    assert finding.message == (
        "All requests share the class attribute `Form.errors`, and this changes what it holds, without a lock. The "
        "class keeps it for all objects, so each request finds what earlier ones put there. Keep in memcache or the "
        "datastore what requests have in common, and make in the handler what belongs to one; or hold a lock around "
        "each use. Requests get here by `Main.get` → `work` → `Form.check`."
    )
    assert finding.fix is None


def test_items_under_keys_that_differ_are_a_note() -> None:
    code = "class C(object):\n    cache = {}\n    def put(self, k):\n        self.cache[k] = 1\ndef work(h):\n    C().put(h.request.get('k'))\n"
    assert told(code) == ["handler-mutable-class-attr note"]
