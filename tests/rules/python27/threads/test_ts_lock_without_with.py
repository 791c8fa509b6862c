"""`ts-lock-without-with`: what it leaves alone, finds and fixes."""

from __future__ import annotations

from textwrap import dedent

import pytest

from gaebot.finding import Finding, RunsOn, Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.threads.handlers import app_of, serial_app_of

RULE = "ts-lock-without-with"
LOCK = "lock = threading.Lock()\n"


def found(code: str) -> list[Finding]:
    """What the rule finds in an app whose handler calls `work`."""
    return find(RULE, app_of(LOCK + dedent(code)))


@pytest.mark.parametrize(
    "code",
    [
        "def work(x):\n    with lock:\n        load()\n",
        "def work(x):\n    lock.acquire()\n    try:\n        load()\n    finally:\n        lock.release()\n",
        "def work(x):\n    try:\n        lock.acquire()\n        load()\n    finally:\n        lock.release()\n",
        "def work(x):\n    lock.acquire()\n    x = load()\n    try:\n        load()\n    finally:\n"
        "        lock.release()\n",
        "def work(x):\n    lock.acquire(True)\n    try:\n        try:\n            return load()\n        except E:\n"
        "            pass\n    finally:\n        lock.release()\n",
        "def work(x):\n    lock.acquire()\n    try:\n        load()\n    except:\n        lock.release()\n        raise\n"
        "    lock.release()\n",
        # Taken only where it is free.
        "def work(x):\n    if lock.acquire(False):\n        try:\n            load()\n        finally:\n"
        "            lock.release()\n",
        "def work(x):\n    if not lock.acquire(0):\n        return\n    try:\n        load()\n    finally:\n"
        "        lock.release()\n",
        "def work(x):\n    got = lock.acquire(False)\n    try:\n        load()\n    finally:\n        if got:\n"
        "            lock.release()\n",
        # Nothing that could go wrong.
        "n = 0\ndef work(x):\n    global n\n    lock.acquire()\n    n += 1\n    y = n\n    lock.release()\n",
        "def work(x):\n    lock.acquire()\n    lock.release()\n",
        # Taken in one function, given back in another one.
        """
        class Held(object):
            def __enter__(self):
                lock.acquire()
                load()
            def __exit__(self, *args):
                lock.release()
        def work(x):
            with Held():
                pass
        """,
        "def begin():\n    lock.acquire()\n    load()\ndef end():\n    lock.release()\ndef work(x):\n    begin()\n"
        "    end()\n",
        "s = threading.Semaphore(0)\ndef work(x):\n    s.acquire()\n    load()\n",
        """
        @contextlib.contextmanager
        def held():
            lock.acquire()
            try:
                yield
            finally:
                lock.release()
        def work(x):
            with held():
                pass
        """,
        # Given back for a while.
        "def work(x):\n    with lock:\n        lock.release()\n        load()\n        lock.acquire()\n",
        # No lock, or none between requests.
        "def work(pool):\n    pool.acquire()\n    load()\n    pool.release()\n",
        "def work(x):\n    own = threading.Lock()\n    own.acquire()\n    load()\n    own.release()\n",
        # No request runs it.
        "def tool():\n    lock.acquire()\n    load()\n    lock.release()\ndef work(x):\n    pass\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert found(code) == []


@pytest.mark.parametrize(
    "body",
    [
        "lock.acquire()\n    load()\n    lock.release()\n",
        "lock.acquire()\n    if x:\n        return\n    lock.release()\n",
        "lock.acquire()\n    y = x[0]\n    lock.release()\n",
        "lock.acquire()\n    try:\n        load()\n    finally:\n        x = 1\n    lock.release()\n",
        "if lock.acquire(False):\n        load()\n        lock.release()\n",
        "lock.acquire()\n    if x:\n        lock.release()\n        return load()\n    load()\n    lock.release()\n",
        "lock.acquire()\n    load()\n",
    ],
)
def test_finds(body: str) -> None:
    findings = found("def work(x):\n    " + body)
    assert len(findings) == 1
    assert findings[0].severity is Severity.WARNING
    assert findings[0].place.snippet.startswith(b"lock.acquire(")


def rewritten(body: str) -> str:
    """The body of `work` after the fix."""
    head = LOCK + "def work(x):\n"
    text = fixed(RULE, app_of(head + body))["main.py"]
    return text[text.index("def work(x):\n") + len("def work(x):\n") : text.index("\nclass Main")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    lock.acquire()\n    load()\n    lock.release()\n", "    with lock:\n        load()\n"),
        (
            "    x = 1\n    lock.acquire()  # one at a time\n    # slow\n    if x:\n        return load()\n\n"
            "    lock.release()\n    return x\n",
            "    x = 1\n    with lock:  # one at a time\n        # slow\n        if x:\n            return load()\n\n"
            "    return x\n",
        ),
        (
            '    lock.acquire()\n    x = load("""a\n    b\n""",\n        2)\n    lock.release()\n',
            '    with lock:\n        x = load("""a\n    b\n""",\n            2)\n',
        ),
        ("\tlock.acquire()\n\tload()\n\tlock.release()\n", "\twith lock:\n\t\tload()\n"),
    ],
)
def test_the_fix(before: str, after: str) -> None:
    assert rewritten(before) == after


@pytest.mark.parametrize(
    "body",
    [
        "    if lock.acquire(False):\n        load()\n        lock.release()\n",
        "    lock.acquire(); load()\n    lock.release()\n",
        "    lock.acquire()\n    if x:\n        lock.release()\n        return\n    load()\n    lock.release()\n",
        "    lock.acquire()\n    load(); lock.release()\n",
        "    x = lock.acquire()\n    load()\n    lock.release()\n",
    ],
)
def test_what_is_only_reported(body: str) -> None:
    assert [finding.fix for finding in found("def work(x):\n" + body)] == [None]


@pytest.mark.parametrize("holder", ["guard = Guard()\n", "lock = Guard()\n"])
def test_an_object_around_a_lock_need_not_go_with_with(holder: str) -> None:
    code = """
    class Guard(object):
        def __init__(self):
            self.lock = threading.Lock()
        def acquire(self):
            self.lock.acquire()
        def release(self):
            self.lock.release()
    """
    name = holder.partition(" ")[0]
    work = f"def work(x):\n    {name}.acquire()\n    load()\n    {name}.release()\n"
    files = app_of(dedent(code) + holder + work)
    assert [finding.fix for finding in find(RULE, files)] == [None]


def test_the_fix_in_a_method() -> None:
    code = """
    class Store(object):
        guard = threading.Lock()
        def load(self):
            self.guard.acquire()
            load()
            self.guard.release()
    store = Store()
    def work(x):
        store.load()
    """
    assert "        with self.guard:\n            load()\n" in fixed(RULE, app_of(code))["main.py"]


@pytest.mark.parametrize(("head", "runs_on"), [("", RunsOn.TARGET), ("with_statement", RunsOn.BOTH)])
def test_where_the_fix_runs(head: str, runs_on: RunsOn) -> None:
    files = app_of(LOCK + "def work(x):\n    lock.acquire()\n    load()\n    lock.release()\n")
    if head:
        files["main.py"] = f"from __future__ import {head}\n{files['main.py']!s}"
    assert [finding.fix and finding.fix.runs_on for finding in find(RULE, files)] == [runs_on]


def test_a_lock_of_another_file() -> None:
    code = "import guards as g\ndef work(x):\n    take = g.mutex\n    take.acquire()\n    load()\n    take.release()\n"
    (finding,) = find(RULE, app_of(code, guards="import threading\nmutex = threading.Lock()\n"))
    assert finding.place.path == "main.py"


def test_it_is_advice_where_requests_come_one_after_the_other() -> None:
    code = LOCK + "def work(x):\n    lock.acquire()\n    load()\n    lock.release()\n"
    assert [finding.severity for finding in find(RULE, serial_app_of(code))] == [Severity.NOTE]
