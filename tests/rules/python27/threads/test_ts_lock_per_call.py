"""`ts-lock-per-call`: what it leaves alone and finds."""

from __future__ import annotations

from textwrap import dedent

import pytest

from gaebot.finding import Finding, Severity
from tests.rules.helpers import find
from tests.rules.python27.threads.handlers import app_of, serial_app_of

RULE = "ts-lock-per-call"


def found(code: str) -> list[Finding]:
    """What the rule finds in an app whose handler calls `work`."""
    return find(RULE, app_of(dedent(code)))


@pytest.mark.parametrize(
    "code",
    [
        "lock = threading.Lock()\ndef work(x):\n    with lock:\n        pass\n",
        "class Store(object):\n    lock = threading.Lock()\n    def load(self):\n        with self.lock:\n"
        "            pass\nstore = Store()\ndef work(x):\n    store.load()\n",
        # One lock for each object that lives longer than a request.
        "class Store(object):\n    def __init__(self):\n        self.lock = threading.Lock()\n    def load(self):\n"
        "        with self.lock:\n            pass\nstore = Store()\ndef work(x):\n    store.load()\n",
        # It ends up in a table, or with somebody else.
        "LOCKS = {}\ndef work(x):\n    own = threading.Lock()\n    LOCKS[x] = own\n    with own:\n        pass\n",
        "LOCKS = {}\ndef work(x):\n    own = LOCKS[x] = threading.Lock()\n    with own:\n        pass\n",
        "LOCKS = {}\ndef work(x):\n    with LOCKS.setdefault(x, threading.Lock()):\n        pass\n",
        "LOCKS = {}\ndef work(x):\n    own = threading.Lock()\n    own = LOCKS.setdefault(x, own)\n    with own:\n"
        "        pass\n",
        "def work(x):\n    own = threading.Lock()\n    with own:\n        pass\n    return own\n",
        "lock = None\ndef work(x):\n    global lock\n    lock = threading.Lock()\n    with lock:\n        pass\n",
        # The threads of one request share it.
        "def work(x):\n    own = threading.Lock()\n    def run():\n        with own:\n            pass\n"
        "    threading.Thread(target=run).start()\n    with own:\n        pass\n",
        "def work(x):\n    own = threading.Lock()\n    threading.Thread(target=run, args=(own,)).start()\n"
        "    with own:\n        pass\n",
        """
        class Other(webapp2.RequestHandler):
            def get(self):
                self.lock = threading.Lock()
                threading.Thread(target=self.run).start()
                with self.lock:
                    pass
        """,
        # A decorator makes it once.
        "def cached(f):\n    own = threading.Lock()\n    def inner(x):\n        with own:\n            return f(x)\n"
        "    return inner\n@cached\ndef work(x):\n    pass\n",
        # A function gives a lock to a module.
        "def new():\n    return threading.Lock()\nlock = new()\ndef work(x):\n    with lock:\n        pass\n",
        "def new():\n    own = threading.Lock()\n    return own\nlock = new()\ndef work(x):\n    with lock:\n"
        "        pass\n",
        # Nobody takes it, or no request.
        "def work(x):\n    own = threading.Lock()\n",
        "def tool():\n    own = threading.Lock()\n    with own:\n        pass\ndef work(x):\n    pass\n",
        "own = threading.Lock()\nwith own:\n    pass\ndef work(x):\n    pass\n",
        "def work(x):\n    own = Lock()\n    with own:\n        pass\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert found(code) == []


@pytest.mark.parametrize(
    ("code", "snippet"),
    [
        ("def work(x):\n    own = threading.Lock()\n    with own:\n        pass\n", b"threading.Lock()"),
        (
            "def work(x):\n    own = threading.RLock()\n    own.acquire()\n    own.release()\n",
            b"threading.RLock()",
        ),
        ("def work(x):\n    with threading.Lock():\n        pass\n", b"threading.Lock()"),
        ("def work(x):\n    with threading.Lock() as own:\n        pass\n", b"threading.Lock()"),
        (
            "def new():\n    return threading.Lock()\ndef work(x):\n    with new():\n        pass\n",
            b"threading.Lock()",
        ),
        (
            """
            class Other(webapp2.RequestHandler):
                def initialize(self, request, response):
                    self.lock = threading.Lock()
                def get(self):
                    with self.lock:
                        pass
            """,
            b"threading.Lock()",
        ),
    ],
)
def test_finds(code: str, snippet: bytes) -> None:
    findings = found(code)
    assert [finding.place.snippet for finding in findings] == [snippet]
    assert findings[0].severity is Severity.WARNING
    assert "guards nothing" in findings[0].message


def test_a_lock_is_told_where_it_is_made() -> None:
    base = """
    from threading import RLock as Mutex
    import webapp2
    class Base(webapp2.RequestHandler):
        def initialize(self, request, response):
            self.mutex = Mutex()
    """
    code = "from base import Base\nclass Other(Base):\n    def get(self):\n        with self.mutex:\n            pass\n"
    (finding,) = find(RULE, app_of(code, base=dedent(base)))
    assert finding.place.path == "base.py"


def test_one_finding_for_each_lock() -> None:
    code = (
        "def work(x):\n    own = threading.Lock()\n    with own:\n        pass\n    with own:\n        pass\n"
    )
    assert len(found(code)) == 1


def test_it_is_advice_where_requests_come_one_after_the_other() -> None:
    code = "def work(x):\n    own = threading.Lock()\n    with own:\n        pass\n"
    assert [finding.severity for finding in find(RULE, serial_app_of(code))] == [Severity.NOTE]
