"""What the lock rules say about locks, asked of CPython 2.7."""

from __future__ import annotations

from pathlib import Path

import pytest

from gaebot.prove.python27 import ask

# Python 2 code. Each question is a program that prints one word; a thread that hangs is left behind.
PROGRAM = r"""
import sys, threading, time

def ends(*functions):
    'Whether functions that run as threads, all at once, come to an end.'
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.setDaemon(True)
        thread.start()
    for thread in threads:
        thread.join(1.5)
    return not [thread for thread in threads if thread.isAlive()]

def most_at_once(function):
    'How many of four threads are at most in what a function does between `enter` and `leave`.'
    inside, most = [], []
    def pause():
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.2)
        inside.pop()
    assert ends(*[lambda: function(pause)] * 4)
    return max(most)

for question in sys.stdin.read().split('\0'):
    names = {'threading': threading, 'time': time, 'ends': ends, 'most_at_once': most_at_once}
    exec question in names
    print names['answer']
    sys.stdout.flush()
"""

TWICE = """
lock = {lock}
def twice():
    with lock:
        with lock:
            pass
answer = ends(twice)
"""

ORDER = """
a, b = threading.{kind}(), threading.{kind}()
def one():
    with a:
        time.sleep(0.3)
        with b:
            pass
def two():
    with {first}:
        time.sleep(0.3)
        with {second}:
            pass
answer = ends(one, two)
"""

LEFT = """
lock = threading.Lock()
def leave():
    {code}
try:
    leave()
except ValueError:
    pass
answer = lock.locked()
"""

SHARED = """
module_lock = threading.Lock()
class Handler(object):
    shared = threading.Lock()
    def __init__(self):
        self.own = threading.Lock()
def work(pause):
    local = threading.Lock()
    handler = Handler()
    with {lock}:
        pause()
answer = most_at_once(work)
"""


def answer(python27: Path, question: str) -> str | None:
    """What a program prints."""
    return ask(python27, PROGRAM, [], [question.encode()])[0]


@pytest.mark.parametrize(
    ("lock", "ends"),
    [
        ("threading.Lock()", "False"),
        ("__import__('thread').allocate_lock()", "False"),
        ("threading.Semaphore()", "False"),
        ("threading.Condition(threading.Lock())", "False"),
        ("threading.RLock()", "True"),
        ("threading.Condition()", "True"),
        # What stood for `thread` and `threading` on Python 2.5: its locks never wait.
        ("__import__('dummy_thread').allocate_lock()", "True"),
    ],
)
def test_which_locks_a_thread_can_take_twice(python27: Path, lock: str, ends: str) -> None:
    assert answer(python27, TWICE.format(lock=lock)) == ends


@pytest.mark.parametrize("kind", ["Lock", "RLock"])
@pytest.mark.parametrize(("first", "second", "ends"), [("a", "b", "True"), ("b", "a", "False")])
def test_two_locks_in_opposite_orders_never_end(
    python27: Path, kind: str, first: str, second: str, ends: str
) -> None:
    assert answer(python27, ORDER.format(kind=kind, first=first, second=second)) == ends


@pytest.mark.parametrize(
    ("code", "taken"),
    [
        ("lock.acquire(); int('x'); lock.release()", "True"),
        ("lock.acquire(); return 1; lock.release()", "True"),
        ("with lock: int('x')", "False"),
        ("with lock: return 1", "False"),
        ("lock.acquire()\n    try: int('x')\n    finally: lock.release()", "False"),
    ],
)
def test_what_leaves_a_lock_taken(python27: Path, code: str, taken: str) -> None:
    assert answer(python27, LEFT.format(code=code)) == taken


@pytest.mark.parametrize(
    ("lock", "at_once"),
    [
        ("module_lock", "1"),
        ("handler.shared", "1"),
        ("handler.own", "4"),
        ("local", "4"),
        ("threading.Lock()", "4"),
    ],
)
def test_which_locks_keep_threads_from_each_other(python27: Path, lock: str, at_once: str) -> None:
    """The pause under the lock is a wait: the others wait as well, so only one is there at a time."""
    assert answer(python27, SHARED.format(lock=lock)) == at_once
