"""What requests share, and what belongs to each of them alone."""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.races.accesses import accesses
from gaebot.rules.python27.shared.races.state import Kind
from tests.rules.helpers import make_app
from tests.rules.python27.threads.apps import files, told


def shared(code: str, more: dict[str, str] | None = None) -> list[tuple[Kind, str]]:
    """The kind and the title of each state that request code changes."""
    return [(state.kind, state.title) for state in accesses(make_app(files(code, more))).writes]


# -- what the SDK's development server showed to be no one else's --------------------------------


@pytest.mark.parametrize(
    "code",
    [
        # os.environ is the request's own.
        "def work(h):\n    os.environ['A'] = '1'\n    os.environ.update(a='b')\n    os.environ.setdefault('c', 'd')\n    del os.environ['A']\n",
        "env = os.environ\ndef work(h):\n    env['A'] = '1'\n",
        # The decimal context is the thread's.
        "import decimal\ndef work(h):\n    decimal.getcontext().prec = 3\n    context = decimal.getcontext()\n    context.prec += 1\n",
        # threading.local.
        "own = threading.local()\ndef work(h):\n    own.x = h\n    own.n = getattr(own, 'n', 0) + 1\n    own.items = []\n    own.items.append(1)\n",
        "from threading import local\nown = local()\ndef work(h):\n    own.x = h\n",
        "class Own(threading.local):\n    x = None\n    def put(self, x):\n        self.x = x\nown = Own()\ndef work(h):\n    own.x = h\n    own.put(h)\n",
        "class Base(threading.local):\n    pass\nclass Own(Base):\n    pass\nown = Own()\ndef work(h):\n    own.x = h\n",
        "import own\ndef work(h):\n    own.here.x = h\n",
        "from django.utils._threading_local import local\nown = local()\ndef work(h):\n    own.x = h\n",
        "from werkzeug.local import Local\nown = Local()\ndef work(h):\n    own.x = h\n",
        # What the frameworks keep for each thread.
        "def work(h):\n    webapp2.get_request().registry['x'] = h\n    webapp2.get_app().registry\n    request = webapp2.get_request()\n    request.x = 1\n",
        "from google.appengine.api import namespace_manager\ndef work(h):\n    namespace_manager.set_namespace(h.request.get('n'))\n",
        "def work(h):\n    context = ndb.get_context()\n    context.set_cache_policy(False)\n",
        "from flask import g, session\ndef work(h):\n    g.user = h\n    session['x'] = h\n",
    ],
)
def test_each_request_or_thread_has_its_own(code: str) -> None:
    assert told(code, {"own.py": "import threading\nhere = threading.local()\n"}) == []


@pytest.mark.parametrize(
    ("code", "kind", "title"),
    [
        ("x = 0\ndef work(h):\n    global x\n    x = h\n", Kind.GLOBAL, "x"),
        ("x = {}\ndef work(h):\n    x['a'] = h\n", Kind.GLOBAL, "x"),
        ("class A(object):\n    x = 0\ndef work(h):\n    A.x = h\n", Kind.CLASS, "A.x"),
        (
            "class A(object):\n    x = []\n    def f(self):\n        self.x.append(1)\ndef work(h):\n    A().f()\n",
            Kind.CLASS,
            "A.x",
        ),
        ("def work(h, x=[]):\n    x.append(1)\n", Kind.DEFAULT, "x of work"),
        (
            "def memo(f):\n    x = {}\n    def inner(h):\n        x[h] = 1\n    return inner\n@memo\ndef work(h):\n    pass\n",
            Kind.CLOSURE,
            "memo.x",
        ),
        ("def work(h):\n    work.x = h\n", Kind.FUNCTION, "work.x"),
        ("class A(object):\n    pass\na = A()\ndef work(h):\n    a.x = h\n", Kind.INSTANCE, "A.x"),
        (
            "class A(object):\n    def f(self):\n        self.x = 1\na = A()\ndef work(h):\n    a.f()\n",
            Kind.INSTANCE,
            "A.x",
        ),
        ("import own\ndef work(h):\n    own.here = h\n", Kind.GLOBAL, "here"),
    ],
)
def test_what_requests_share(code: str, kind: Kind, title: str) -> None:
    assert shared(code, {"own.py": "here = None\n"}) == [(kind, title)]


# -- traps -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "SQUARES = dict((i, i * i) for i in range(9))\nNAMES = [n.upper() for n in ('a', 'b')]\ndef work(h):\n    return SQUARES, NAMES\n",
        "TABLE = {}\nfor i in range(9):\n    TABLE[i] = i\n    TABLE.setdefault('x', []).append(i)\ni = 0\nwhile i < 3:\n    i += 1\n"
        "def work(h):\n    return TABLE\n",
        "class Color(object):\n    pass\nfor i, n in enumerate(['red', 'blue']):\n    setattr(Color, n, i)\ndef work(h):\n    return Color.red\n",
        "import sys\nsys.path.insert(0, 'lib')\nconfig = {}\nconfig['webapp2_extras.sessions'] = {'secret_key': 'x'}\ndef work(h):\n    return config\n",
    ],
)
def test_constants_that_are_built_on_import(code: str) -> None:
    assert told(code) == []


@pytest.mark.parametrize(
    "register",
    [
        "def register(f):\n    table.append(f)\n    return f\n@register\n",
        "def register(name):\n    def deco(f):\n        table.append(f)\n        return f\n    return deco\n@register('a')\n",
        "def register(name):\n    def deco(f):\n        global last\n        last = f\n        return f\n    return deco\n@register('a')\n",
        "class register(object):\n    def __init__(self, name):\n        self.name = name\n    def __call__(self, f):\n        table.append(f)\n"
        "        return f\n@register('a')\n",
        "class Registry(object):\n    def __init__(self):\n        self.all = {}\n    def add(self, f):\n        self.all[1] = f\n        table.append(f)\n"
        "        return f\nregistry = Registry()\n@registry.add\n",
    ],
)
def test_registries_that_decorators_fill_on_import(register: str) -> None:
    code = f"table = []\nlast = None\n{register}def one(h):\n    return 1\ndef work(h):\n    one(h)\n    for each in table:\n        each(h)\n"
    assert told(code) == []


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("x = []\nif __name__ == '__main__':\n    x.append(1)\ndef work(h):\n    return x\n", {}),
        (
            "x = 0\ndef fill():\n    global x\n    x = 1\nif __name__ == '__main__':\n    fill()\ndef work(h):\n    return x\n",
            {},
        ),
        (
            "x = []\ndef work(h):\n    return x\n",
            {"test_x.py": "import main\ndef test_it(request):\n    main.x.append(1)\n"},
        ),
        (
            "x = []\ndef work(h):\n    return x\n",
            {"tests/__init__.py": "", "tests/all.py": "import main\ndef setUp():\n    main.x = []\n"},
        ),
        (
            "import unittest\nx = 0\nclass T(unittest.TestCase):\n    def test(self):\n        global x\n        x = 1\ndef work(h):\n    return x\n",
            {},
        ),
    ],
)
def test_scripts_and_tests(code: str, more: dict[str, str]) -> None:
    assert told(code, more) == []


@pytest.mark.parametrize(
    "code",
    [
        "x = {}\ndef work(h):\n    x = {}\n    x['a'] = h\n",
        "x = []\ndef work(h):\n    x, y = [], []\n    x.append(h)\n",
        "x = []\ndef work(h):\n    for x in [[]]:\n        x.append(h)\n",
        "x = []\ndef work(h):\n    with open('f') as x:\n        x.y = h\n",
        "x = []\ndef work(h):\n    import x\n    x.y = h\n",
        "x = None\ndef work(h):\n    try:\n        pass\n    except ValueError, x:\n        x.y = h\n",
        "x = []\ndef add(x):\n    x.append(1)\n    x.y = 2\ndef work(h):\n    add([])\n",
        "x = []\ndef add(*x):\n    x = list(x)\n    x.append(1)\ndef work(h):\n    add(1)\n",
        "x = {}\ndef add(**x):\n    x['a'] = 1\n    x.update(b=2)\ndef work(h):\n    add(c=1)\n",
        "x = []\ndef work(h):\n    return [x for x in h.y], dict((x, 1) for x in h.y), map(lambda x: x.append(1), h.y)\n",
        "x = []\ndef work(h):\n    def x():\n        pass\n    x.y = 1\n",
        "x = []\ndef work(h):\n    x = list()\n    def inner():\n        x.append(h)\n    inner()\n",
        "x = []\nclass A(object):\n    def f(self):\n        x = []\n        x.append(1)\ndef work(h):\n    A().f()\n",
        "class A(object):\n    x = []\n    def f(self):\n        x = []\n        x.append(1)\ndef work(h):\n    A().f()\n",
    ],
)
def test_local_names_like_global_ones(code: str) -> None:
    assert told(code) == []


@pytest.mark.parametrize(
    "body",
    [
        "self.user = users.get_current_user()",
        "self.count = self.count + 1",
        "self.count += 1",
        "self.items = []\n        self.items.append(1)",
        "self.a, self.b = 1, self.request.get('b')",
        "self.__dict__['x'] = 1",
        "setattr(self, 'x', self.request.get('x'))",
        "self.request.x = 1\n        self.response.headers['a'] = 'b'",
        "self.session = {}\n        self.session['user'] = self.request.get('u')",
        "fill(self)",
    ],
)
def test_attributes_of_handlers(body: str) -> None:
    code = "def fill(handler):\n    handler.user = 1\n    handler.values = {}\n    handler.values['a'] = 1\n"
    code += f"class Page(webapp2.RequestHandler):\n    count = 0\n    user = None\n    def get(self):\n        {body}\ndef work(h):\n    pass\n"
    assert told(code) == []


@pytest.mark.parametrize(
    "lock",
    [
        "    with lock:\n        x.append(1)\n",
        "    lock.acquire()\n    try:\n        x.append(1)\n    finally:\n        lock.release()\n",
        "    with locked():\n        x.append(1)\n",
        "    with Held():\n        x.append(1)\n",
    ],
)
def test_locks(lock: str) -> None:
    code = """\
import contextlib
x = []
lock = threading.RLock()
@contextlib.contextmanager
def locked():
    lock.acquire()
    try:
        yield
    finally:
        lock.release()
class Held(object):
    def __enter__(self):
        lock.acquire()
    def __exit__(self, *args):
        lock.release()
def work(h):
"""
    assert told(code + lock) == []


def test_a_cache_with_a_lock_of_its_own() -> None:
    code = """
    class LRU(object):
        def __init__(self, size):
            self._lock = threading.RLock()
            self._items = {}
            self._order = []
        def get(self, key):
            with self._lock:
                self._order.remove(key)
                self._order.append(key)
                return self._items[key]
        def put(self, key, value):
            self._lock.acquire()
            try:
                self._items[key] = value
                self._trim()
            finally:
                self._lock.release()
        def _trim(self):
            while len(self._order) > 9:
                del self._items[self._order.pop(0)]
    cache = LRU(9)
    def work(h):
        cache.put('a', h.request.get('a'))
        cache.get('a')
    """
    assert told(code) == []


@pytest.mark.parametrize(
    "code",
    [
        "conf = None\ndef initialize_app():\n    global conf\n    conf = db.get('x')\ninitialize_app()\ndef work(h):\n    return conf\n",
        "import setup\ndef work(h):\n    return setup.conf\n",
    ],
)
def test_names_that_are_set_once_on_import(code: str) -> None:
    more = {
        "setup.py": "conf = None\ndef load():\n    global conf\n    if conf is None:\n        conf = {}\n        conf['a'] = 1\nload()\n"
    }
    assert told(code, more) == []


@pytest.mark.parametrize(
    "code",
    [
        "class A(object):\n    x = []\n    def __init__(self):\n        self.x = []\n    def f(self):\n        self.x.append(1)\ndef work(h):\n    A().f()\n",
        "class A(object):\n    x = {}\n    def f(self):\n        self.x = dict(self.x)\n        self.x['a'] = 1\ndef work(h):\n    A().f()\n",
        "class A(object):\n    x = []\n    def f(self):\n        self.x.append(1)\nclass B(A):\n    def __init__(self):\n        self.x = []\n"
        "def work(h):\n    B().f()\n",
        "class A(object):\n    x = None\n    def f(self):\n        self.x = 1\n        self.x += 1\ndef work(h):\n    A().f()\n",
        "class A(object):\n    x = []\n    def __init__(self):\n        setattr(self, 'x', [])\n    def f(self):\n        self.x.append(1)\n"
        "def work(h):\n    A().f()\n",
        "class A(object):\n    x = []\n    def __new__(cls):\n        self = object.__new__(cls)\n        self.x = []\n        return self\n"
        "    def f(self):\n        self.x.append(1)\ndef work(h):\n    A().f()\n",
    ],
)
def test_class_attributes_as_defaults(code: str) -> None:
    assert told(code) == []


@pytest.mark.parametrize("receiver", ["self.__class__", "Page"])
def test_the_class_of_a_handler_is_shared(receiver: str) -> None:
    code = f"class Page(webapp2.RequestHandler):\n    counter = 0\n    def get(self):\n        {receiver}.counter += 1\ndef work(h):\n    pass\n"
    assert shared(code) == [(Kind.CLASS, "Page.counter")]
    assert told(code) == ["counter warning"]


@pytest.mark.parametrize(
    "code",
    [
        "class M(db.Model):\n    tags = db.StringListProperty(default=[])\n    n = db.IntegerProperty(default=0)\n"
        "    def f(self):\n        self.tags.append('x')\n        self.tags += ['y']\n        self.n += 1\n        self.put()\ndef work(h):\n    M().f()\n",
        "class M(ndb.Model):\n    tags = ndb.StringProperty(repeated=True)\n    data = ndb.JsonProperty()\n"
        "    def f(self):\n        self.tags.append('x')\n        self.data['x'] = 1\ndef work(h):\n    M.get_by_id('x').f()\n",
        "class M(ndb.Expando):\n    pass\ndef work(h):\n    m = M()\n    m.x = h.request.get('x')\n    m.put()\n",
        "from google.appengine.ext.db import polymodel\nclass M(polymodel.PolyModel):\n    tags = db.ListProperty(str)\n"
        "def work(h):\n    m = M()\n    m.tags.append('x')\n    m.name = h.request.get('n')\n",
    ],
)
def test_properties_of_entities(code: str) -> None:
    assert told(code) == []


# -- what threads may share ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "maker",
    [
        "threading.Lock()",
        "threading.Event()",
        "Queue.Queue()",
        "logging.getLogger('x')",
        "re.compile('x')",
        "memcache.Client()",
        "threading.local()",
    ],
)
def test_objects_that_threads_may_share(maker: str) -> None:
    code = f"import Queue\nx = {maker}\ndef work(h):\n    x.put(1)\n    x.add(2)\n    x.append(3)\n    x.y = 1\n    x.set(4)\n"
    assert shared(code) == []


@pytest.mark.parametrize(
    "code",
    [
        "x = [1]\ndef work(h):\n    y = x[:]\n    y.append(1)\n    z = x[1:]\n    z[0] = 2\n",
        "x = {'a': 1}\ndef work(h):\n    y = dict(x)\n    y['a'] = 2\n    z = x.copy()\n    z.clear()\n",
        "import copy\nx = {'a': []}\ndef work(h):\n    y = copy.copy(x)\n    y['a'] = 2\n    z = copy.deepcopy(x)\n    z['a'].append(1)\n",
        "x = [1]\ndef work(h):\n    y = x + [2]\n    y.append(3)\n    z = sorted(x)\n    z.reverse()\n    w = [i for i in x]\n    w.pop()\n",
        "x = {'a': 'b c'}\ndef work(h):\n    y = x['a'].split()\n    y.append('d')\n",
        "x = 'a b'\ndef work(h):\n    y = x.split()\n    y.append('c')\n    y.sort()\n",
        "def get():\n    return {}\ndef work(h):\n    y = get()\n    y['a'] = 1\n    get()['b'] = 2\n",
        "x = {'a': 1}\ndef get():\n    return dict(x)\ndef work(h):\n    get()['b'] = 2\n",
        "x = {'a': 1}\ndef get():\n    return x['a']\ndef work(h):\n    y = get()\n    y += 1\n",
    ],
)
def test_copies(code: str) -> None:
    assert told(code) == []


@pytest.mark.parametrize(
    "code",
    [
        # Items.
        "class Store(object):\n    def __setitem__(self, k, v):\n        memcache.set(k, v)\n    def __delitem__(self, k):\n"
        "        memcache.delete(k)\nx = Store()\ndef work(h):\n    x['a'] = h.request.get('a')\n    del x['a']\n",
        # Methods that are called like those of lists.
        "class Jobs(object):\n    def append(self, job):\n        memcache.set('job', job)\n    def pop(self):\n"
        "        return memcache.get('job')\nx = Jobs()\ndef work(h):\n    x.append(h.request.get('a'))\n    x.pop()\n",
        # Attributes.
        "own = threading.local()\nclass Context(object):\n    def _get(self):\n        return own.user\n    def _set(self, user):\n"
        "        own.user = user\n    user = property(_get, _set)\nx = Context()\ndef work(h):\n    x.user = h\n    return x.user\n",
        "own = threading.local()\nclass Context(object):\n    @property\n    def user(self):\n        return own.user\n"
        "    @user.setter\n    def user(self, user):\n        own.user = user\nx = Context()\ndef work(h):\n    x.user = h\n",
        "own = threading.local()\nclass Context(object):\n    def __getattr__(self, name):\n        return getattr(own, name)\n"
        "    def __setattr__(self, name, value):\n        setattr(own, name, value)\nx = Context()\ndef work(h):\n    x.user = h\n",
        # What a function gives anew, or of the request.
        "def now():\n    return webapp2.get_request().registry\ndef work(h):\n    now()['user'] = h\n    x = now()\n    x['a'] = 1\n",
        "def make():\n    class Form(object):\n        fields = {}\n    Form.fields['a'] = 1\n    Form.title = 'x'\n    return Form\n"
        "def work(h):\n    make()()\n",
        # What frameworks copy for each object.
        "from django import forms\nclass Form(forms.Form):\n    a = forms.CharField()\n    def __init__(self, *args):\n"
        "        super(Form, self).__init__(*args)\n        self.fields['a'].initial = 'x'\n    def clean(self):\n"
        "        self.cleaned_data['a'] = 'x'\n        return self.cleaned_data\ndef work(h):\n    Form(h.request.POST).clean()\n",
        "def work(h):\n    for post in db.Query('Post'):\n        post.count += 1\n        post.user = h.request.get('u')\n        post.put()\n",
    ],
)
def test_objects_whose_classes_keep_it_elsewhere(code: str) -> None:
    assert told(code) == []


# -- by other names ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "x = []\ndef work(h):\n    y = x\n    y.append(1)\n",
        "x = []\ny = x\ndef work(h):\n    y.append(1)\n",
        "x = []\ndef get():\n    return x\ndef work(h):\n    get().append(1)\n",
        "x = []\ndef get():\n    return x\ndef work(h):\n    y = get()\n    y.append(1)\n",
        "x = []\ndef add(y):\n    y.append(1)\ndef work(h):\n    add(x)\n",
        "x = []\ndef add(h, y=None):\n    y.append(1)\ndef work(h):\n    add(h, y=x)\n",
        "x = []\ndef add(h, y=x):\n    y.append(1)\ndef work(h):\n    add(h)\n",
        "x = {'a': []}\ndef work(h):\n    x['a'].append(1)\n",
        "x = {'a': []}\ndef work(h):\n    x.get('a').append(1)\n",
        "x = [[]]\ndef work(h):\n    for y in x:\n        y.append(1)\n",
        "x = []\ndef work(h):\n    globals()['x'] = [1]\n",
        "x = []\ndef work(h):\n    global x\n    del x\n    x = []\n",
    ],
)
def test_the_same_by_another_name(code: str) -> None:
    assert {title for _, title in shared(code)} == {"x"}


@pytest.mark.parametrize(
    "code",
    [
        # A parameter that gets another value, a caller that holds the lock, one on import.
        "x = []\ndef add(y):\n    y = list(y)\n    y.append(1)\ndef work(h):\n    add(x)\n",
        "x = []\nlock = threading.Lock()\ndef add(y):\n    y.append(1)\ndef work(h):\n    with lock:\n        add(x)\n    add([])\n",
        "x = []\ndef add(y):\n    y.append(1)\nadd(x)\ndef work(h):\n    add([])\n    return x\n",
        "x = []\ndef add(y):\n    y.append(1)\ndef nobody():\n    add(x)\ndef work(h):\n    add([])\n",
    ],
)
def test_parameters_that_hold_something_else(code: str) -> None:
    assert told(code) == []


def test_the_names_of_a_module_by_another_name() -> None:
    code = "def work(h):\n    values = %s\n    values['user'] = h.request.get('u')\n    return values\n"
    assert shared(code % "globals()") == [(Kind.GLOBAL, "user")]
    assert shared(code % "locals()") == []
    assert shared(code % "dict(globals())") == []


@pytest.mark.parametrize(
    ("cls", "findings"),
    [
        ("class Extra(db.TextProperty):\n    pass\n", []),
        ("class Extra(object):\n    def __get__(self, of, cls):\n        return {}\n", []),
        ("class Extra(dict):\n    pass\n", ["handler-mutable-class-attr note"]),
    ],
)
def test_descriptors_are_what_their_classes_say(cls: str, findings: list[str]) -> None:
    code = """
class User(db.Model):
    extra = Extra()
    def keep(self, h):
        self.extra[h.request.path] = 1
def work(h):
    User.all().get().keep(h)
"""
    assert told(cls + code) == findings


@pytest.mark.parametrize(
    "code",
    [
        # An attribute and a local name that are each other's only values.
        "class A(object):\n    def f(self):\n        x = self.y\n        self.y = x\n        x.n = 1\ndef work(h):\n    A().f()\n",
        "class A(object):\n    def f(self):\n        self.y = self.z\n        self.z = self.y\n        self.z.n = 1\ndef work(h):\n    A().f()\n",
        # Functions that hand a value on to each other, in all ways there are.
        "".join(
            f"def f{one}(a, b):\n    a.n = b\n"
            + "".join(f"    f{other}(a, b)\n    f{other}(b, a)\n" for other in range(14))
            for one in range(14)
        )
        + "def work(h):\n    f0(h, h)\n",
    ],
)
def test_values_that_go_in_circles_belong_to_nobody_else(code: str) -> None:
    assert shared(code) == []
