"""`py-string-exception`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-string-exception"


@pytest.mark.parametrize(
    "code",
    [
        "raise Exception('x')\n",
        "raise\n",
        "raise ValueError, 'x'\n",
        "def f(e):\n  raise e\n",
        "E = make()\nraise E\n",
        "try: pass\nexcept ValueError: pass\n",
        "class E(Exception): pass\nraise E\n",
        "raise e, None, tb\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "raise 'x', 1\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("raise 'x'\n", "raise Exception('x')\n"),
        ('raise "a %s" % b\n', 'raise Exception("a %s" % b)\n'),
        ("def f():\n  if a: raise 'x' 'y'\n", "def f():\n  if a: raise Exception('x' 'y')\n"),
        ("raise 'x', 1\n", "raise Exception('x', 1)\n"),
        ("raise 'x %s' % a , str(b)  # why\n", "raise Exception('x %s' % a , str(b))  # why\n"),
        ("E = 'e'\nraise E\n", "E = 'e'\nraise Exception(E)\n"),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=True)["main.py"] == after


@pytest.mark.parametrize(
    "code",
    [
        "import sys\nraise 'x', 1, sys.exc_info()[2]\n",
        "try: pass\nexcept 'x': pass\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "Bad = 'bad'  # told\ntry:\n  raise Bad, 'x'\nexcept Bad, e:\n  print e\n",
            "class Bad(Exception): pass  # told\ntry:\n  raise Bad, 'x'\nexcept Bad, e:\n  print e\n",
        ),
        (
            "E = 'E'\ntry:\n  f()\nexcept (KeyError, E):\n  raise E\n",
            "class E(Exception): pass\ntry:\n  f()\nexcept (KeyError, E):\n  raise E\n",
        ),
    ],
)
def test_a_name_becomes_a_class(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before))["main.py"] == after


@pytest.mark.parametrize(
    "code",
    [
        "E = 'E'\nprint E\ntry:\n  raise E\nexcept E:\n  pass\n",
        "E = 'E'; x = 1\ntry:\n  raise E\nexcept E:\n  pass\n",
        "def f():\n  E = 'E'\n  try:\n    raise E\n  except E:\n    pass\n",
        "E = 'E'\ntry:\n  raise KeyError, E\nexcept E:\n  pass\n",
    ],
)
def test_a_name_that_is_caught_is_not_raised_as_something_else(code: str) -> None:
    findings = find(RULE, wsgi(code))
    assert findings
    assert all(finding.fix is None for finding in findings)


def test_a_name_that_another_module_takes_stays() -> None:
    util = "E = 'E'\ndef f():\n  try:\n    raise E\n  except E:\n    pass\n"
    findings = find(RULE, wsgi("from util import E, f\n", util=util))
    assert [finding.fix for finding in findings] == [None, None]
