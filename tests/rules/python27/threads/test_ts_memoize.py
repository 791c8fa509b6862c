"""`ts-memoize`: what it leaves alone and finds."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.rules.python27.threads.apps import lines, reports, told

RULE = "ts-memoize"
CALLED = "def work(h):\n    square(2)\n"


@pytest.mark.parametrize(
    "code",
    [
        # Made for each call.
        "def square(n):\n    seen = {}\n    def inner(x):\n        seen[x] = 1\n        return seen\n    return inner(n)\n",
        "def square(n):\n    out = []\n    map(lambda x: out.append(x), [n])\n    return out\n",
        # Only read, or filled where the module is loaded.
        "def table():\n    rows = {}\n    rows[1] = 1\n    def get(n):\n        return rows[n]\n    return get\nsquare = table()\n",
        "def square(n):\n    return square.limit\nsquare.limit = 3\n",
        "def square(n):\n    return n\nsquare.short_description = 'Square'\nsquare.allow_tags = True\n",
        # Under a lock.
        """
        def memo(f):
            results = {}
            lock = threading.Lock()
            def inner(*args):
                with lock:
                    if args not in results:
                        results[args] = f(*args)
                    return results[args]
            return inner
        @memo
        def square(n):
            return n * n
        """,
        # Nothing is remembered.
        """
        def timed(f):
            def inner(*args):
                start = time.time()
                result = f(*args)
                logging.info(time.time() - start)
                return result
            inner.__name__ = f.__name__
            inner.__doc__ = f.__doc__
            return inner
        @timed
        def square(n):
            return n * n
        """,
        # The decorator writes while the module is loaded.
        """
        names = {}
        def named(name):
            def deco(f):
                names[name] = f
                f.name = name
                return f
            return deco
        @named('x')
        def square(n):
            return names
        """,
        # The object keeps it.
        """
        class cached_property(object):
            def __init__(self, f):
                self.f = f
            def __get__(self, obj, cls):
                value = obj.__dict__[self.f.__name__] = self.f(obj)
                return value
        class Shape(object):
            @cached_property
            def area(self):
                return 3
        def square(n):
            return Shape().area
        """,
        """
        def memo(f):
            def inner(self):
                if not hasattr(self, '_area'):
                    self._area = f(self)
                return self._area
            return inner
        class Shape(object):
            @memo
            def area(self):
                return 3
        def square(n):
            return Shape().area()
        """,
        # Memcache.
        """
        def memo(f):
            def inner(n):
                value = memcache.get(str(n))
                if value is None:
                    value = f(n)
                    memcache.set(str(n), value, 60)
                return value
            return inner
        @memo
        def square(n):
            return n * n
        """,
    ],
)
def test_leaves_alone(code: str) -> None:
    assert told(dedent(code) + CALLED) == []


@pytest.mark.parametrize(
    "body",
    [
        "        if args not in results:\n            results[args] = f(*args)\n        return results[args]\n",
        "        try:\n            return results[args]\n        except KeyError:\n"
        "            results[args] = f(*args)\n            return results[args]\n",
        "        value = results.get(args)\n        if value is None:\n"
        "            value = results[args] = f(*args)\n        return value\n",
        "        return results.setdefault(args, f(*args))\n",
    ],
)
def test_a_decorator_that_remembers(body: str) -> None:
    code = f"def memo(f):\n    results = {{}}\n    def inner(*args):\n{body}    return inner\n"
    code += "@memo\ndef square(n):\n    return n * n\n" + CALLED
    assert told(code) == ["memoize note"]


def test_a_decorator_with_arguments() -> None:
    code = """
    def memo(size):
        def deco(f):
            results = {}
            def inner(n):
                if n not in results:
                    results[n] = f(n)
                return results[n]
            return inner
        return deco
    @memo(9)
    def square(n):
        return n * n
    def work(h):
        square(2)
    """
    assert lines(RULE, code) == ["note: results[n] = f(n)"]


def test_attributes_of_functions() -> None:
    code = (
        "def square(n):\n    if n not in square.cache:\n        square.cache[n] = n * n\n"
        "    return square.cache[n]\nsquare.cache = {}\n"
    )
    assert lines(RULE, code + CALLED) == ["note: square.cache[n] = n * n"]


@pytest.mark.parametrize(
    ("change", "grade"),
    [
        ("square.seen.add(n)", "note"),
        ("square.seen.update([n])", "note"),
        ("square.more['x'] = n", "note"),
        ("square.more.clear()", "warning"),
        ("square.seen.remove(n)", "warning"),
        ("del square.more[n]", "warning"),
    ],
)
def test_containers_that_functions_keep(change: str, grade: str) -> None:
    code = f"def square(n):\n    {change}\nsquare.seen = set()\nsquare.more = dict(a=1)\n"
    assert lines(RULE, code + CALLED) == [f"{grade}: {change}"]


def test_a_memory_that_is_emptied() -> None:
    code = (
        "def memo(f):\n    results = {}\n    def inner(n):\n        if len(results) > 99:\n"
        "            results.clear()\n        if n not in results:\n            results[n] = f(n)\n"
        "        return results[n]\n    return inner\n@memo\ndef square(n):\n    return n * n\n"
    )
    assert told(code + CALLED) == ["memoize warning"]


def test_a_decorator_that_is_a_class() -> None:
    code = """
    class memo(object):
        def __init__(self, f):
            self.f = f
            self.cache = {}
        def __call__(self, *args):
            try:
                return self.cache[args]
            except KeyError:
                self.cache[args] = self.f(*args)
                return self.cache[args]
    @memo
    def square(n):
        return n * n
    def work(h):
        square(2)
    """
    assert told(code) == ["self-state-on-shared-instance note"]


def test_the_message() -> None:
    code = (
        "def memo(f):\n    results = {}\n    def inner(n):\n        if n not in results:\n"
        "            results[n] = f(n)\n        return results[n]\n    return inner\n"
        "@memo\ndef square(n):\n    return n * n\n"
    )
    (finding,) = reports(code + CALLED)
    assert finding.message.startswith(
        "All requests share `results`, which `memo` makes once, and this tests it and then sets it, without a lock."
    )
    assert finding.message.endswith("Requests get here by `Main.get` → `work` → `square` → `memo.inner`.")
    assert finding.fix is None
