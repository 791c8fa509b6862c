"""`ts-lock-reacquired`: what it leaves alone, finds and fixes."""

from __future__ import annotations

from textwrap import dedent

import pytest

from gaebot.finding import Finding, Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.threads.handlers import app_of, serial_app_of

RULE = "ts-lock-reacquired"
LOCK = "lock = threading.Lock()\n"
OTHER = "def other():\n    with lock:\n        pass\n"


def found(code: str) -> list[Finding]:
    """What the rule finds in an app whose handler calls `work`."""
    return find(RULE, app_of(LOCK + dedent(code)))


@pytest.mark.parametrize(
    "code",
    [
        "def work(x):\n    with lock:\n        pass\n    with lock:\n        pass\n",
        OTHER + "def work(x):\n    with lock:\n        pass\n    other()\n",
        OTHER + "def work(x):\n    other()\n    with lock:\n        pass\n",
        "lock = threading.RLock()\n" + OTHER + "def work(x):\n    with lock:\n        other()\n",
        "lock = threading.Condition()\n" + OTHER + "def work(x):\n    with lock:\n        other()\n",
        "lock = threading.Semaphore(4)\n" + OTHER + "def work(x):\n    with lock:\n        other()\n",
        "b = threading.Lock()\n" + OTHER + "def work(x):\n    with b:\n        other()\n",
        # Not taken, or only where it is free.
        "def work(x):\n    with lock:\n        lock.acquire(False)\n",
        "def work(x):\n    with lock:\n        lock.acquire(blocking=0)\n",
        "def other():\n    pass\ndef work(x):\n    with lock:\n        other()\n",
        OTHER + "def work(x):\n    with lock:\n        y = other\n    other()\n",
        OTHER + "def work(x):\n    with lock:\n        y = lambda: other()\n",
        OTHER + "def work(x):\n    with lock:\n        def later():\n            other()\n    later()\n",
        # Given back before.
        "def work(x):\n    lock.acquire()\n    lock.release()\n    lock.acquire()\n    lock.release()\n",
        "def work(x):\n    with lock:\n        lock.release()\n        time.sleep(1)\n        lock.acquire()\n",
        OTHER
        + "def work(x):\n    with lock:\n        lock.release()\n        other()\n        lock.acquire()\n",
        # One of two branches.
        "def work(x):\n    if x:\n        lock.acquire()\n    else:\n        lock.acquire()\n    lock.release()\n",
        # A parameter says whether to take it.
        "def other(take=True):\n    if take:\n        lock.acquire()\n    if take:\n        lock.release()\n"
        "def work(x):\n    with lock:\n        other(False)\n",
        # Other objects of the same class.
        """
        class Account(object):
            def __init__(self):
                self.lock = threading.Lock()
            def add(self, n):
                with self.lock:
                    pass
            def move(self, other):
                with self.lock:
                    other.add(1)
                    with other.lock:
                        pass
        account = Account()
        def work(x):
            account.move(Account())
        """,
        # It may be either kind.
        """
        class Store(object):
            def __init__(self, nested):
                if nested:
                    self.lock = threading.RLock()
                else:
                    self.lock = threading.Lock()
            def load(self):
                with self.lock:
                    pass
            def refresh(self):
                with self.lock:
                    self.load()
        store = Store(True)
        def work(x):
            store.refresh()
        """,
        """
        class Base(object):
            lock = threading.Lock()
            def load(self):
                with self.lock:
                    pass
            def refresh(self):
                with self.lock:
                    self.load()
        class Store(Base):
            lock = threading.RLock()
        def work(x):
            Store().refresh()
        """,
        # Each decorated function has its own lock.
        """
        def cached(f):
            own = threading.Lock()
            def inner(x):
                with own:
                    return f(x)
            return inner
        @cached
        def other(x):
            pass
        @cached
        def work(x):
            other(x)
        """,
        "LOCKS = {}\ndef work(x):\n    with LOCKS[x]:\n        with LOCKS['y']:\n            pass\n",
        "def work(a_lock):\n    with a_lock:\n        with a_lock:\n            pass\n",
        # No request runs it.
        OTHER + "def tool():\n    with lock:\n        other()\ndef work(x):\n    pass\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert found(code) == []


@pytest.mark.parametrize(
    ("code", "snippet"),
    [
        ("def work(x):\n    with lock:\n        with lock:\n            pass\n", b"lock"),
        ("def work(x):\n    with lock:\n        lock.acquire()\n", b"lock.acquire()"),
        (
            "def work(x):\n    lock.acquire()\n    try:\n        with lock:\n            pass\n"
            "    finally:\n        lock.release()\n",
            b"lock",
        ),
        (OTHER + "def work(x):\n    with lock:\n        return other()\n", b"other"),
        (OTHER + "def work(x):\n    lock.acquire()\n    other()\n    lock.release()\n", b"other"),
        ("def work(x):\n    with lock:\n        if x:\n            work(x.parent)\n", b"work"),
        (
            """
            class Store(object):
                def __init__(self):
                    self.lock = threading.Lock()
                def load(self):
                    with self.lock:
                        pass
                def refresh(self):
                    with self.lock:
                        self.load()
            store = Store()
            def work(x):
                store.refresh()
            """,
            b"self.load",
        ),
        (
            """
            class Store(object):
                guard = threading.Lock()
                @classmethod
                def load(cls):
                    with cls.guard:
                        pass
                @classmethod
                def refresh(cls):
                    with cls.guard:
                        cls.load()
            def work(x):
                Store.refresh()
            """,
            b"cls.load",
        ),
        (
            """
            def synchronized(f):
                def inner(*args):
                    with lock:
                        return f(*args)
                return inner
            @synchronized
            def other():
                pass
            @synchronized
            def work(x):
                other()
            """,
            b"other",
        ),
    ],
)
def test_finds(code: str, snippet: bytes) -> None:
    findings = found(code)
    assert [finding.place.snippet for finding in findings] == [snippet]
    assert findings[0].severity is Severity.ERROR


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("threading.Lock()", "threading.RLock()"),
        ("threading . Lock ( )", "threading . RLock ( )"),
    ],
)
def test_the_fix(before: str, after: str) -> None:
    code = f"lock = {before}\ndef work(x):\n    with lock:\n        with lock:\n            pass\n"
    made = fixed(RULE, app_of(code))
    assert f"lock = {after}\n" in made["main.py"]
    assert fixed(RULE, app_of(code), unsafe=False)["main.py"] == app_of(code)["main.py"]


@pytest.mark.parametrize(
    "head", ["from threading import Lock\nlock = Lock()\n", "import thread\nlock = thread.allocate_lock()\n"]
)
def test_what_is_only_reported(head: str) -> None:
    code = head + "def work(x):\n    with lock:\n        with lock:\n            pass\n"
    assert [finding.fix for finding in find(RULE, app_of(code))] == [None]


def test_it_is_advice_where_requests_come_one_after_the_other() -> None:
    code = LOCK + "def work(x):\n    with lock:\n        with lock:\n            pass\n"
    assert [finding.severity for finding in find(RULE, serial_app_of(code))] == [Severity.NOTE]
