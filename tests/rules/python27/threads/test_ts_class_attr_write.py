"""`ts-class-attr-write`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.python27.threads.apps import lines, reports, told

RULE = "ts-class-attr-write"


@pytest.mark.parametrize(
    "code",
    [
        # Attributes of the object.
        "class P(object):\n    depth = 0\n    def put(self):\n        self.depth = time.time()\n        return self.depth\n"
        "def work(h):\n    P().put()\n",
        "class P(object):\n    depth = 0\ndef work(h):\n    p = P()\n    p.depth = time.time()\n    return p.depth\n",
        "class P(webapp2.RequestHandler):\n    title = 'x'\n    def get(self):\n        self.title = 'y'\n        self.title += 'z'\n"
        "def work(h):\n    pass\n",
        "class P(object):\n    depth = 0\n    @classmethod\n    def make(cls):\n        p = cls()\n        p.depth = 3\n        return p\n"
        "def work(h):\n    P.make()\n",
        "class P(object):\n    depth = 0\n    def put(self, other):\n        other.depth = 3\ndef work(h):\n    P().put(P())\n",
        # Only read.
        "class P(object):\n    depth = 3\n    def get(self):\n        n = self.__class__.depth\n        n += 1\n        return P.depth + n\n"
        "def work(h):\n    P().get()\n",
        # Properties of entities.
        "class P(db.Model):\n    depth = db.IntegerProperty(default=0)\ndef work(h):\n    p = P()\n    p.depth = 3\n    p.put()\n",
        "class P(ndb.Model):\n    depth = ndb.IntegerProperty()\n    @classmethod\n    def make(cls):\n        p = cls(depth=3)\n"
        "        p.depth = 4\n        p.put()\ndef work(h):\n    P.make()\n",
        # On import.
        "class P(object):\n    depth = 0\nP.depth = 3\nfor n in ('a', 'b'):\n    setattr(P, n, 1)\ndef work(h):\n    return P.depth\n",
        "class P(object):\n    depth = 0\n    @classmethod\n    def start(cls):\n        cls.depth = time.time()\nP.start()\n"
        "def work(h):\n    return P.depth\n",
        "class M(type):\n    def __new__(mcs, name, bases, attrs):\n        cls = type.__new__(mcs, name, bases, attrs)\n"
        "        cls.title = name\n        M.last = cls\n        return cls\nclass P(object):\n    __metaclass__ = M\n"
        "def work(h):\n    return P().title, M.last\n",
        "class M(type):\n    def __init__(cls, name, bases, attrs):\n        cls.title = name\nclass P(object):\n    __metaclass__ = M\n"
        "def work(h):\n    return P().title\n",
        "def titled(title):\n    def deco(cls):\n        cls.title = title\n        return cls\n    return deco\n@titled('x')\n"
        "class P(object):\n    title = None\ndef work(h):\n    return P().title\n",
        "class P(object):\n    last = None\n    def __init__(self):\n        P.last = self\np = P()\ndef work(h):\n    return P.last\n",
        # Classes of one call.
        "def work(h):\n    class P(object):\n        depth = 0\n    P.depth = time.time()\n    return P.depth\n",
        "def work(h):\n    P = type('P', (object,), {})\n    P.depth = time.time()\n    return P.depth\n",
        # Under a lock; each thread's own; nobody's.
        "class P(object):\n    depth = 0\n    lock = threading.Lock()\n    @classmethod\n    def put(cls):\n        with cls.lock:\n"
        "            cls.depth = time.time()\n        return cls.depth\ndef work(h):\n    P.put()\n",
        "class P(threading.local):\n    depth = 0\np = P()\ndef work(h):\n    p.depth = time.time()\n    return p.depth\n",
        "class P(object):\n    depth = 0\n    @classmethod\n    def nobody(cls):\n        cls.depth = time.time()\ndef work(h):\n    return P.depth\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert lines(RULE, code) == []


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("    @classmethod\n    def put(cls):\n        cls.depth = time.time()\n", "cls.depth = time.time()"),
        (
            "    @classmethod\n    def put(klass):\n        klass.depth, x = time.time(), 1\n",
            "klass.depth, x = time.time(), 1",
        ),
        (
            "    def put(self):\n        self.__class__.depth = time.time()\n",
            "self.__class__.depth = time.time()",
        ),
        ("    def put(self):\n        P.depth = time.time()\n", "P.depth = time.time()"),
        ("    @staticmethod\n    def put():\n        P.depth = time.time()\n", "P.depth = time.time()"),
        (
            "    def put(self):\n        setattr(P, 'depth', time.time())\n",
            "setattr(P, 'depth', time.time())",
        ),
        ("    @classmethod\n    def put(cls):\n        cls.depth = []\n", "cls.depth = []"),
        (
            "    def put(self):\n        Page = P\n        Page.depth = time.time()\n",
            "Page.depth = time.time()",
        ),
    ],
)
def test_what_others_read(code: str, line: str) -> None:
    code = f"class P(object):\n    depth = 0\n{code}    def get(self):\n        return self.depth, P.depth\n"
    assert lines(RULE, code + "def work(h):\n    P().put()\n    P().get()\n") == [f"warning: {line}"]


def test_a_class_of_another_module_and_one_above() -> None:
    code = "from own import Sub as S\ndef work(h):\n    S.depth = time.time()\n    return S.depth\n"
    more = {"own.py": "class P(object):\n    depth = 0\nclass Sub(P):\n    pass\n"}
    (finding,) = reports(code, more)
    assert finding.rule == RULE
    assert "the class attribute `P.depth`" in finding.message


@pytest.mark.parametrize("value", ["True", "'x'", "(1, 2)", "re.compile('a')"])
def test_the_same_value_for_all_is_a_note(value: str) -> None:
    code = f"class P(object):\n    depth = 0\ndef work(h):\n    P.depth = {value}\n    return P.depth\n"
    assert told(code) == ["class-attr-write note"]


def test_what_no_request_reads_is_a_note() -> None:
    assert told("class P(object):\n    depth = 0\ndef work(h):\n    P.depth = time.time()\n") == [
        "class-attr-write note"
    ]


def test_the_message() -> None:
    code = "class P(object):\n    depth = 0\n    def put(self):\n        P.depth = time.time()\n        return P.depth\ndef work(h):\n    P().put()\n"
    (finding,) = reports(code)
    assert finding.message == (
        "All requests share the class attribute `P.depth`, and this gives it another value, without a lock. Another "
        "request may set it before this one, or one that relies on this value, has read it. Hand the value on as an "
        "argument; keep what belongs to a request in a `threading.local()`, and hold a lock where all requests need "
        "it. Requests get here by `Main.get` → `work` → `P.put`."
    )
    assert finding.fix is None
