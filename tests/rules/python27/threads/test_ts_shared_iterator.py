"""`ts-shared-iterator`: what it leaves alone and finds."""

from __future__ import annotations

from textwrap import indent

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "ts-shared-iterator"

HEAD = """\
import csv, itertools, threading
import webapp2
from StringIO import StringIO
lock = threading.Lock()
def numbers():
    n = 0
    while True:
        yield n
def words():
    def inner():
        yield 1
    return list(inner())
"""
APP = "\napp = webapp2.WSGIApplication([('/', Main)])\n"


def source(module: str, code: str = "pass") -> str:
    body = indent(code, "        ")
    return f"{HEAD}{module}\nclass Main(webapp2.RequestHandler):\n    def get(self):\n{body}\n{APP}"


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("X = [1, 2]", "for a in X: pass"),
        ("X = (1, 2)", "for a in X: pass"),
        ("X = set([1])", "x = list(X)"),
        ("X = list(numbers())", "for a in X: pass"),
        ("X = words()", "for a in X: pass"),
        ("X = open('f').read()", "for a in X: pass"),
        ("X = itertools.count()", "x = X.next()"),
        ("X = itertools.cycle([1])", "x = next(X)"),
        ("X = itertools.repeat(1)", "x = next(X)"),
        ("X = numbers", "for a in X(): pass"),
        ("X = numbers()", "pass"),
        ("X = numbers()\nfirst = X.next()\nfor a in X: break", "pass"),
        ("X = numbers()", "with lock:\n    x = X.next()"),
        ("X = numbers()", "lock.acquire()\ntry:\n    x = X.next()\nfinally:\n    lock.release()"),
        ("X = numbers()", "X = self.words()\nfor a in X: pass"),
        ("X = numbers()", "for X in self.words(): pass"),
        ("X = numbers()", "x = self.X.next()"),
        ("X = StringIO('abc')", "x = X.getvalue()"),
        ("X = open('f')", "x = X.name"),
        ("X = numbers()\nX = [1]", "for a in X: pass"),
        ("X = iter(lock, None)", "x = X.next()"),
        ("def load():\n    rows = csv.reader([])\n    return rows", "for a in load(): pass"),
    ],
)
def test_leaves_alone(module: str, code: str) -> None:
    assert find(RULE, wsgi(source(module, code))) == []


def test_tools_are_left_alone() -> None:
    assert find(RULE, {**wsgi(source("")), "tool.py": source("X = numbers()", "x = X.next()")}) == []


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("X = numbers()", "x = X.next()"),
        ("X = numbers()", "x = next(X)"),
        ("X = numbers()", "for a in X: pass"),
        ("X = numbers()", "x = [a for a in X]"),
        ("X = numbers()", "x = X.send(1)"),
        ("X = (a for a in 'abc')", "x = list(X)"),
        ("X = iter([1, 2])", "x = X.next()"),
        ("X = itertools.chain('a', 'b')", "for a in X: pass"),
        ("X = csv.reader(open('f'))", "for a in X: pass"),
        ("X = open('f')", "x = X.read()"),
        ("X = open('f')", "for line in X: pass"),
        ("X = StringIO()", "X.write('a')"),
        ("X = StringIO()", "X.truncate(0)\nx = X.getvalue()"),
        ("X = numbers()\ndef take():\n    return X.next()", "x = take()"),
        ("X = numbers()", "mine = threading.Lock()\nwith mine:\n    x = X.next()"),
    ],
)
def test_finds(module: str, code: str) -> None:
    (finding,) = find(RULE, wsgi(source(module, code)))
    assert finding.severity is Severity.WARNING
    assert "`X`" in finding.message
    assert "`Main.get`" in finding.message


def test_an_iterator_of_another_module() -> None:
    files = wsgi(source("import data\nfrom data import rows", "x = data.rows.next() or rows.next()"))
    files["data.py"] = "rows = iter([1])\n"
    (finding,) = find(RULE, files)
    assert [related.place.path for related in finding.related] == ["data.py", "main.py"]
