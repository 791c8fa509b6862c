"""`py-object-init-args`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-object-init-args"


@pytest.mark.parametrize(
    "code",
    [
        "class A(object):\n  def __init__(self): super(A, self).__init__()\n",
        "class A(B):\n  def __init__(self, x): super(A, self).__init__(x)\n",
        "class A(object):\n  def __init__(self, *a): super(A, self).__init__(*a)\n",
        "class A(object):\n  def __new__(cls, x): pass\n  def __init__(self, x): super(A, self).__init__(x)\n",
        "class A(object):\n  def __init__(self, x): super(A, self).__init__(x)\nclass B(A, C): pass\n",
        "class A(object):\n  def f(self, x): super(A, self).g(x)\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "class A(object):\n  def __init__(self, x):\n    super(A, self).__init__(x)\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "class A(object):\n  def __init__(self, x):\n    super(A, self).__init__(x)\n",
            "class A(object):\n  def __init__(self, x):\n    super(A, self).__init__()\n",
        ),
        (
            "class A(object):\n  def __init__(self, x): super( A, self ).__init__(x, y=2)\n",
            "class A(object):\n  def __init__(self, x): super( A, self ).__init__()\n",
        ),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=False)["main.py"] == after
