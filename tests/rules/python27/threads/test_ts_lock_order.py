"""`ts-lock-order`: what it leaves alone and finds."""

from __future__ import annotations

from textwrap import dedent

import pytest

from gaebot.finding import Finding, Severity
from tests.rules.helpers import find
from tests.rules.python27.threads.handlers import app_of, serial_app_of

RULE = "ts-lock-order"
LOCKS = "a = threading.Lock()\nb = threading.Lock()\nc = threading.Lock()\n"
WORK = "def work(x):\n    one()\n    two()\n"
TAKE_A = "def take_a():\n    with a:\n        pass\n"


def found(code: str) -> list[Finding]:
    """What the rule finds in an app whose handler calls `work`."""
    return find(RULE, app_of(LOCKS + dedent(code)))


@pytest.mark.parametrize(
    "code",
    [
        "def one():\n    with a, b:\n        pass\ndef two():\n    with a:\n        with b:\n            pass\n",
        "def one():\n    with a, b:\n        pass\ndef two():\n    with b:\n        pass\n    with a:\n        pass\n",
        "def one():\n    with a, b:\n        pass\ndef two():\n    with b, c:\n        pass\n",
        "def one():\n    with a, b:\n        pass\ndef two():\n    with b:\n        a.acquire(False)\n",
        "def one():\n    with a, b:\n        pass\ndef two():\n    b.acquire()\n    b.release()\n    with a:\n"
        "        pass\n",
        # A third lock keeps them apart.
        "def one():\n    with c, a, b:\n        pass\ndef two():\n    with c, b, a:\n        pass\n",
        # No lock between requests.
        "def one():\n    a = threading.Lock()\n    with a, b:\n        pass\ndef two():\n    with b, a:\n        pass\n",
        "def one(a_lock):\n    with a_lock, b:\n        pass\ndef two(a_lock):\n    with b, a_lock:\n        pass\n",
        "a = threading.Semaphore(3)\ndef one():\n    with a, b:\n        pass\ndef two():\n    with b, a:\n        pass\n",
        # Two objects of one class.
        "class C(object):\n    def __init__(self):\n        self.lock = threading.Lock()\n    def one(self, o):\n"
        "        with self.lock, o.lock:\n            pass\ndef one():\n    C().one(C())\ndef two():\n    pass\n",
        # No request runs one of them.
        "def one():\n    with a, b:\n        pass\ndef two():\n    pass\ndef tool():\n    with b, a:\n        pass\n",
        # Handed on, not called.
        TAKE_A
        + "def one():\n    with a, b:\n        pass\ndef two():\n    with b:\n        y = take_a\n    y()\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert found(code + WORK) == []


@pytest.mark.parametrize(
    "code",
    [
        "def one():\n    with a, b:\n        pass\ndef two():\n    with b, a:\n        pass\n",
        "def one():\n    with a:\n        with b:\n            pass\ndef two():\n    b.acquire()\n    a.acquire()\n"
        "    a.release()\n    b.release()\n",
        TAKE_A + "def one():\n    with a, b:\n        pass\ndef two():\n    with b:\n        take_a()\n",
        TAKE_A
        + "def more():\n    take_a()\ndef one():\n    with a, b:\n        pass\ndef two():\n    with b:\n"
        "        more()\n",
        "def one():\n    with a, b:\n        pass\n    with a, b:\n        pass\ndef two():\n    with b, a:\n        pass\n",
        "class C(object):\n    d = threading.Lock()\n    @classmethod\n    def run(cls):\n        with cls.d, a:\n"
        "            pass\ndef one():\n    C.run()\ndef two():\n    with a, C.d:\n        pass\n",
    ],
)
def test_finds(code: str) -> None:
    findings = found(code + WORK)
    assert len(findings) == 1
    assert findings[0].severity is Severity.WARNING
    assert "two" in {word.strip("`,") for word in findings[0].message.split()}
    assert len(findings[0].related) >= 3


def test_locks_of_two_modules() -> None:
    code = "import state\nfrom state import own\ndef work(x):\n    with a, own:\n        pass\n    state.run(a)\n"
    state = "import threading\nimport main\nown = threading.Lock()\ndef run(x):\n    with own, main.a:\n        pass\n"
    assert len(find(RULE, app_of(LOCKS + code, state=state))) == 1


def test_it_is_advice_where_requests_come_one_after_the_other() -> None:
    code = LOCKS + "def work(x):\n    with a, b:\n        pass\n    with b, a:\n        pass\n"
    assert [finding.severity for finding in find(RULE, serial_app_of(code))] == [Severity.NOTE]
