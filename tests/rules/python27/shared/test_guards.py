"""Which locks an app has, and which code runs under one."""

from __future__ import annotations

from textwrap import dedent

import pytest

from gaebot.app import App
from gaebot.rules.python27.shared.locks.guards import Guard, Home, Lock, guard_at, held_by_callers, locks
from gaebot.rules.python27.shared.locks.locks import looks_like_lock
from gaebot.rules.python27.shared.reach.code import app_code
from tests.rules.helpers import make_app
from tests.rules.python27.wsgi.scripts import wsgi

APP = "import webapp2, threading, contextlib\nfrom google.appengine.api import memcache\n"
MAIN = """
class Main(webapp2.RequestHandler):
    def get(self):
        work(self)

app = webapp2.WSGIApplication([('/', Main)])
"""


def app_of(code: str, **modules: str) -> App:
    """An app whose main.py is some code with a handler that calls `work`."""
    return make_app(wsgi(APP + dedent(code) + MAIN, **modules))


def guard(code: str, **modules: str) -> Guard | None:
    """The guard of the place that calls `here()`."""
    app = app_of(code, **modules)
    for file in app.python_files(b"here"):
        for name in file.identifiers("here"):
            return guard_at(app, file, name)
    raise AssertionError("no call of here()")


def made(code: str, **modules: str) -> list[tuple[str, Home, str]]:
    """Kind, home and title of each lock."""
    return [(lock.kind, lock.home, lock.title) for lock in locks(app_of(code, **modules))]


# -- locks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "x = threading.local()",
        "x = threading.Event()",
        "x = threading.Thread()",
        "x = Lock()",
        "import multiprocessing\nx = multiprocessing.Lock()",
        "from mine import Lock\nx = Lock()",
        "L = threading.Lock",
        "def f(threading):\n    x = threading.Lock()",
        "print isinstance(x, threading.Lock)",
    ],
)
def test_what_is_no_lock(code: str) -> None:
    assert made(code) == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("L = threading.Lock()", "Lock"),
        ("L = threading.RLock()", "RLock"),
        ("L = threading.Semaphore(2)", "Semaphore"),
        ("L = threading.BoundedSemaphore()", "BoundedSemaphore"),
        ("L = threading.Condition()", "Condition"),
        ("import thread\nL = thread.allocate_lock()", "Lock"),
        ("import dummy_threading\nL = dummy_threading.Lock()", "Lock"),
        ("from threading import RLock as R\nL = R()", "RLock"),
        ("import threading as t\nL = t.Lock()", "Lock"),
        ("from threading import *\nL = Semaphore()", "Semaphore"),
        ("Lock = threading.Lock\nL = Lock()", "Lock"),
        ("L = threading and threading.Lock() or None", "Lock"),
        (
            "try:\n    import threading as th\nexcept ImportError:\n    import dummy_threading as th\nL = th.RLock()",
            "RLock",
        ),
    ],
)
def test_the_kinds(code: str, kind: str) -> None:
    assert made(code) == [(kind, Home.MODULE, "L")]


@pytest.mark.parametrize(
    ("code", "home", "title"),
    [
        ("class C(object):\n    L = threading.Lock()", Home.CLASS, "C.L"),
        ("class C(object):\n    pass\nC.L = threading.Lock()", Home.CLASS, "C.L"),
        (
            "class C(object):\n    @classmethod\n    def f(cls):\n        cls.L = threading.Lock()",
            Home.CLASS,
            "C.L",
        ),
        (
            "class C(object):\n    def __init__(self):\n        self.L = threading.Lock()",
            Home.INSTANCE,
            "C.L",
        ),
        ("def f():\n    L = threading.Lock()", Home.LOCAL, "L"),
        ("def f():\n    global L\n    L = threading.Lock()", Home.MODULE, "L"),
        ("def f():\n    with threading.Lock():\n        pass", Home.NOWHERE, "lock"),
        ("L = [threading.Lock() for i in range(9)]", Home.ELSEWHERE, "L"),
        ("import collections\nL = collections.defaultdict(threading.Lock)", Home.ELSEWHERE, "L"),
        ("def f(k):\n    L = CACHE[k] = threading.Lock()", Home.ELSEWHERE, "lock"),
        ("def f(k):\n    return CACHE.setdefault(k, threading.Lock())", Home.ELSEWHERE, "lock"),
        ("def f():\n    pass\nf.L = threading.Lock()", Home.MODULE, "f.L"),
    ],
)
def test_where_they_live(code: str, home: Home, title: str) -> None:
    assert [found[1:] for found in made(code)] == [(home, title)]


def test_two_in_one_assignment() -> None:
    assert made("a, b = threading.Lock(), threading.RLock()") == [
        ("Lock", Home.MODULE, "a"),
        ("RLock", Home.MODULE, "b"),
    ]


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("threading.Lock()", []),
        ("threading.RLock()", ["RLock"]),
        ("threading.Condition()", ["Condition"]),
        ("threading.Condition(threading.Lock())", []),
        ("threading.Semaphore()", []),
    ],
)
def test_which_may_be_taken_twice(code: str, kinds: list[str]) -> None:
    assert [lock.kind for lock in locks(app_of(f"L = {code}")) if lock.is_reentrant] == kinds


@pytest.mark.parametrize(
    "name",
    ["lock", "_lock", "cache_lock", "writeLock", "LOCK", "RLOCK", "mutex", "initlock", "my_locks", "cond"],
)
def test_names_of_locks(name: str) -> None:
    assert looks_like_lock(name)


@pytest.mark.parametrize(
    "name",
    ["block", "clock", "blocks", "unblock", "open", "memcache_lock", "MemcacheLock", "transaction", "second"],
)
def test_names_of_other_things(name: str) -> None:
    assert not looks_like_lock(name)


# -- what is not guarded -----------------------------------------------------------------------

LOCK = "lock = threading.Lock()\n"


@pytest.mark.parametrize(
    "code",
    [
        "def work(x):\n    here()\n",
        "def work(x):\n    with open('f') as f:\n        here()\n",
        "def work(x):\n    with lock:\n        pass\n    here()\n",
        "def work(x):\n    here()\n    with lock:\n        pass\n",
        "def work(x):\n    with here():\n        pass\n",
        "def work(x):\n    own = threading.Lock()\n    with own:\n        here()\n",
        "def work(x):\n    with threading.Lock():\n        here()\n",
        "def get():\n    return threading.Lock()\ndef work(x):\n    with get():\n        here()\n",
        "def work(x):\n    with lock:\n        def later():\n            here()\n    return later\n",
        "def work(x):\n    lock.acquire()\n    lock.release()\n    here()\n",
        "def work(x):\n    lock.acquire()\n    try:\n        pass\n    finally:\n        lock.release()\n    here()\n",
        "def work(x):\n    while not lock.acquire(False):\n        here()\n    lock.release()\n",
        "def work(x):\n    if not lock.acquire(False):\n        here()\n        return\n    lock.release()\n",
        "def work(x, pool):\n    pool.acquire()\n    here()\n    pool.release()\n",
        "def deco(f):\n    def inner(x):\n        with lock:\n            pass\n        f(x)\n    return inner\n"
        "@deco\ndef work(x):\n    here()\n",
        "@memcache_lock('x')\ndef work(x):\n    here()\n",
        "from lib import login_required\n@login_required\ndef work(x):\n    here()\n",
        "def work(x):\n    with memcache.lock('x'):\n        here()\n",
        """
        class Lock(object):
            def __enter__(self):
                while not memcache.add('lock', 1):
                    pass
            def __exit__(self, *args):
                memcache.delete('lock')
        def work(x):
            with Lock():
                here()
        """,
        """
        class MemcacheLock(object):
            def acquire(self):
                memcache.add('lock', 1)
        cache_lock = MemcacheLock()
        def work(x):
            cache_lock.acquire()
            here()
            cache_lock.release()
        """,
        """
        class Store(object):
            def __init__(self):
                self.lock = MemcacheLock()
            def get(self):
                with self.lock:
                    here()
        class MemcacheLock(object):
            def __enter__(self):
                memcache.add('lock', 1)
        store = Store()
        def work(x):
            store.get()
        """,
        """
        class Other(webapp2.RequestHandler):
            def initialize(self, request, response):
                self.lock = threading.Lock()
            def get(self):
                with self.lock:
                    here()
        """,
        """
        @contextlib.contextmanager
        def timed():
            yield
        def work(x):
            with timed():
                here()
        """,
    ],
)
def test_no_guard(code: str) -> None:
    assert guard(LOCK + dedent(code)) is None


# -- what is -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "def work(x):\n    with lock:\n        here()\n",
        "def work(x):\n    with (lock):\n        here()\n",
        "def work(x):\n    with open('f') as f, lock:\n        here()\n",
        "def work(x):\n    with lock, open('f') as f:\n        here()\n",
        "def work(x):\n    with lock as l:\n        if x:\n            return [here() for y in x]\n",
        "def work(x):\n    with contextlib.nested(open('f'), lock):\n        here()\n",
        "def work(x):\n    with lock:\n        x.sort(key=lambda y: here())\n",
        "def work(x):\n    l = lock\n    with l:\n        here()\n",
        "def work(x):\n    lock.acquire()\n    try:\n        here()\n    finally:\n        lock.release()\n",
        "def work(x):\n    try:\n        lock.acquire()\n        here()\n    finally:\n        lock.release()\n",
        "def work(x):\n    lock.acquire()\n    here()\n    lock.release()\n",
        "def work(x):\n    lock.acquire()\n    x = 1\n    try:\n        if x:\n            here()\n"
        "    finally:\n        lock.release()\n",
        "def work(x):\n    lock.acquire()\n    if x:\n        lock.release()\n        return\n    here()\n    lock.release()\n",
        "def work(x):\n    if lock.acquire(False):\n        try:\n            here()\n        finally:\n"
        "            lock.release()\n",
        "def work(x):\n    if not lock.acquire(False):\n        return\n    here()\n    lock.release()\n",
        "def work(x):\n    while not lock.acquire(False):\n        pass\n    here()\n    lock.release()\n",
        "def work(x):\n    lock.acquire()\n    here()\n",
        "def get():\n    return lock\ndef work(x):\n    with get():\n        here()\n",
        """
        @contextlib.contextmanager
        def held():
            with lock:
                yield
        def work(x):
            with held():
                here()
        """,
        """
        @contextlib.contextmanager
        def held(which):
            which.acquire()
            try:
                yield
            finally:
                which.release()
        def work(x):
            with held(lock):
                here()
        """,
        """
        class Held(object):
            def __enter__(self):
                lock.acquire()
            def __exit__(self, *args):
                lock.release()
        def work(x):
            with Held():
                here()
        """,
        """
        def deco(f):
            def inner(x):
                with lock:
                    return f(x)
            return inner
        @deco
        def work(x):
            here()
        """,
        """
        def locked(with_what):
            def deco(f):
                def inner(*args):
                    with_what.acquire()
                    try:
                        return f(*args)
                    finally:
                        with_what.release()
                return inner
            return deco
        @locked(lock)
        def work(x):
            here()
        """,
        """
        def deco(f):
            own = threading.Lock()
            def inner(x):
                own.acquire()
                try:
                    return f(x)
                finally:
                    own.release()
            return inner
        @deco
        def work(x):
            here()
        """,
        """
        def cached(f):
            own = threading.Lock()
            def inner(x):
                with own:
                    here()
            return inner
        @cached
        def work(x):
            pass
        """,
        """
        class synchronized(object):
            def __init__(self, f):
                self.f = f
            def __call__(self, *args):
                with lock:
                    return self.f(*args)
        @synchronized
        def work(x):
            here()
        """,
        "from lib import synchronized\n@synchronized\ndef work(x):\n    here()\n",
        "import lib\n@lib.with_lock(lock)\ndef work(x):\n    here()\n",
        "def work(x):\n    lock = getattr(x, '_lock')\n    with lock:\n        here()\n",
        "def work(x, mutex):\n    with mutex:\n        here()\n",
        "from lib import write_lock\ndef work(x):\n    with write_lock:\n        here()\n",
        "import lib\ndef work(x):\n    with lib.locked('x'):\n        here()\n",
        "def new():\n    return threading.Lock()\nkept = new()\ndef work(x):\n    with kept:\n        here()\n",
        "LOCKS = {}\ndef work(x):\n    own = LOCKS.setdefault(x, threading.Lock())\n    with own:\n        here()\n",
        "LOCKS = [threading.Lock() for x in range(9)]\ndef work(x):\n    with LOCKS[x]:\n        here()\n",
        """
        class Store(object):
            _guard = threading.RLock()
            @classmethod
            def load(cls):
                with cls._guard:
                    here()
        """,
        """
        class Store(object):
            _guard = threading.RLock()
            def load(self):
                with Store._guard:
                    here()
        """,
        """
        class Base(object):
            _guard = threading.RLock()
        class Store(Base):
            def load(self):
                with self.__class__._guard:
                    here()
        """,
        """
        class Other(webapp2.RequestHandler):
            guard = threading.Lock()
            def get(self):
                with self.guard:
                    here()
        """,
        """
        class Store(object):
            def __init__(self):
                self.guard = threading.Lock()
            def load(self):
                self.guard.acquire()
                try:
                    here()
                finally:
                    self.guard.release()
        """,
        """
        class Store(object):
            def __init__(self):
                self.guard = threading.Lock()
        store = Store()
        def work(x):
            with store.guard:
                here()
        """,
        """
        class Store(object):
            def __init__(self):
                self.guard = threading.Lock()
            def held(self):
                return self.guard
            def load(self):
                with self.held():
                    here()
        """,
        """
        guard = None
        def work(x):
            global guard
            if guard is None:
                guard = threading.Lock()
            with guard:
                here()
        """,
    ],
)
def test_guarded(code: str) -> None:
    assert guard(LOCK + dedent(code)) is not None


@pytest.mark.parametrize(
    "code",
    [
        "import state\ndef work(x):\n    with state.guard:\n        here()\n",
        "from state import guard\ndef work(x):\n    with guard:\n        here()\n",
        "from state import guard as g\ndef work(x):\n    with g:\n        here()\n",
        "from state import *\ndef work(x):\n    with guard:\n        here()\n",
        "from state import store\ndef work(x):\n    with store.own:\n        here()\n",
        "from state import Store\ndef work(x):\n    with Store.shared:\n        here()\n",
        "from state import held\ndef work(x):\n    with held():\n        here()\n",
    ],
)
def test_a_lock_of_another_module(code: str) -> None:
    state = """
    import threading, contextlib
    guard = threading.Lock()
    class Store(object):
        shared = threading.Lock()
        def __init__(self):
            self.own = threading.Lock()
    store = Store()
    @contextlib.contextmanager
    def held():
        guard.acquire()
        yield
        guard.release()
    """
    found = guard(code, state=state)
    assert found is not None
    assert found.lock.place.path == "state.py"


def test_the_innermost_lock_counts() -> None:
    code = "a = threading.Lock()\nb = threading.Lock()\ndef work(x):\n    with a:\n        with b:\n            here()\n"
    found = guard(code)
    assert found is not None
    assert found.lock.title == "b"
    assert found.place.snippet == b"b"


def test_the_lock_that_a_decorator_is_given() -> None:
    code = """
    guard = threading.Lock()
    def locked(lock):
        def deco(f):
            def inner():
                with lock:
                    f()
            return inner
        return deco
    @locked(guard)
    def work(x):
        here()
    """
    found = guard(code)
    assert found is not None
    assert (found.lock.title, found.lock.is_known) == ("guard", True)


def test_a_name_alone_is_an_unknown_lock() -> None:
    found = guard("def work(lock):\n    with lock:\n        here()\n")
    assert found is not None
    assert isinstance(found.lock, Lock)
    assert not found.lock.is_known


# -- callers -----------------------------------------------------------------------------------


def held(code: str) -> bool:
    """Whether `inner` is guarded by its callers."""
    app = app_of(LOCK + dedent(code))
    (function,) = (each for each in app_code(app).functions if each.name == "inner")
    return held_by_callers(app, function) is not None


@pytest.mark.parametrize(
    "code",
    [
        "def inner():\n    pass\ndef work(x):\n    inner()\n",
        "def inner():\n    pass\ndef work(x):\n    with lock:\n        inner()\n    inner()\n",
        "def inner():\n    pass\ndef work(x):\n    with lock:\n        x.run(inner)\n",
        "def inner():\n    pass\nTABLE = {'x': inner}\ndef work(x):\n    with lock:\n        inner()\n    TABLE['x']()\n",
        "def inner():\n    pass\ndef work(x):\n    pass\n",
        "def inner(request):\n    pass\ndef work(x):\n    with lock:\n        inner(x)\n",
        "def inner():\n    pass\ndef other(request):\n    inner()\ndef work(x):\n    with lock:\n        inner()\n",
        "def inner():\n    pass\nb = threading.Lock()\ndef work(x):\n    with lock:\n        inner()\n"
        "    with b:\n        inner()\n",
        "def inner():\n    pass\ndef work(x):\n    own = threading.Lock()\n    with own:\n        inner()\n",
        """
        class Store(object):
            def load(self):
                with lock:
                    self.inner()
            def inner(self):
                pass
        def work(store):
            Store().load()
            store.inner()
        """,
    ],
)
def test_not_held_by_callers(code: str) -> None:
    assert not held(code)


@pytest.mark.parametrize(
    "code",
    [
        "def inner():\n    pass\ndef work(x):\n    with lock:\n        inner()\n",
        "def inner():\n    pass\ninner()\ndef work(x):\n    with lock:\n        inner()\n",
        "def inner():\n    inner()\ndef work(x):\n    with lock:\n        inner()\n",
        "def inner():\n    pass\ndef work(x):\n    with lock:\n        inner()\n    lock.acquire()\n    inner()\n"
        "    lock.release()\n",
        "def work(x):\n    def inner():\n        pass\n    with lock:\n        inner()\n",
        """
        class Store(object):
            guard = threading.Lock()
            def load(self):
                with self.guard:
                    self.inner()
            def save(self):
                with Store.guard:
                    return self.inner()
            def inner(self):
                pass
        def work(x):
            Store().load()
            Store().save()
        """,
    ],
)
def test_held_by_callers(code: str) -> None:
    assert held(code)
