"""`webapp-handler-return-value`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-handler-return-value"
CLASS = "class H(webapp.RequestHandler):\n  def get(self):\n"


@pytest.mark.parametrize(
    "body",
    [
        "    return\n",
        "    return None\n",
        "    return self.redirect('/')\n",
        "    return self.error(404)\n",
        "    return self.response.out.write('x')\n",
        "    return self.render('x')\n",
        "    return render(x)\n",
        "    return x\n",
        "    return x + 'y'\n",
        "    return self.response\n",
        "    return webapp2.redirect('/')\n",
        "    def inner(): return True\n    inner()\n",
        "    f(lambda x: x)\n",
        "    return self.show()\n  def show(self):\n    self.response.out.write('x')\n",
        "    return self.show()\n  def show(self):\n    if 1: return True\n",
        "    pass\n  def helper(self): return True\n",
        "    x = [y for y in z]\n",
        "    return helper()\ndef helper():\n  pass\n",
        "    return helper()\ndef helper():\n  return\n",
        "    return helper()\ndef helper():\n  return None\n",
        "    return helper()\ndef helper():\n  if 1: return 'x'\n",
        "    return helper()\ndef helper():\n  if 1: return\n  return 'x'\n",
        "    return helper()\ndef helper():\n  return webapp2.Response('x')\n",
        "    return helper()\ndef helper():\n  return x\n",
        "    return helper()\n@made\ndef helper():\n  return 'x'\n",
        "    return helper()\ndef helper():\n  return 'x'\ndef helper(): pass\n",
        "    return helper()\ndef helper():\n  return 'x'\nhelper = made(helper)\n",
        "    return helper()\ndef made():\n  global helper\n  helper = None\ndef helper():\n  return 'x'\n",
        "    helper = f()\n    return helper()\ndef helper():\n  return 'x'\n",
        "    return helper()\ndef helper():\n  return helper()\n",
        "    return helper(self)\ndef helper(self):\n  return self.text()\nclass X:\n  def text(self): return 'x'\n",
        "    return other(self)\n  def text(self): return 'x'\ndef other(self):\n  return self.text()\n",
        "    return helper()\nclass helper(webapp2.Response): pass\n",
        "    return (None)\n",
    ],
)
def test_leaves_alone(body: str) -> None:
    assert find(RULE, new(CLASS + body)) == []


def test_other_classes_and_decorated_methods_are_left_alone() -> None:
    assert find(RULE, new("class X(object):\n  def get(self): return True\n")) == []
    code = "class H(webapp.RequestHandler):\n  @rendered\n  def get(self):\n    return {'a': 1}\n"
    assert find(RULE, new(code)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    self.a()\n    return True\n", "    self.a()\n    return\n"),
        ("    return 'text'\n", "    return\n"),
        ("    return('Sent!')\n", "    return\n"),
        ("    return ((1))\n", "    return\n"),
        ("    return 'a' 'b'\n", "    return\n"),
        ("    if x: return('Sent!')  # done\n", "    if x: return  # done\n"),
        ("    return (not self.save())\n", "    (not self.save())\n    return\n"),
        (
            "    return helper(self)\ndef helper(page):\n  page.save()\n  return ''\n",
            "    helper(self)\n    return\ndef helper(page):\n  page.save()\n  return ''\n",
        ),
        (
            "    if x: return helper()\ndef helper():\n  if y: return True\n  return other()\n"
            "def other():\n  return 'x'\n",
            "    if x: helper(); return\ndef helper():\n  if y: return True\n  return other()\n"
            "def other():\n  return 'x'\n",
        ),
        ("    if x: return False\n", "    if x: return\n"),
        ("    return 'a %s' % f(x)\n", "    'a %s' % f(x)\n    return\n"),
        ("\n    return not self.save()  # done\n", "\n    not self.save()\n    return  # done\n"),
        ("    if x: return str(f())\n", "    if x: str(f()); return\n"),
        (
            "    return self.show()\n  def show(self):\n    return 'x'\n",
            "    self.show()\n    return\n  def show(self):\n    return 'x'\n",
        ),
    ],
)
def test_nothing_is_returned(before: str, after: str) -> None:
    for app in (old, new):
        assert fixed(RULE, app(CLASS + before), unsafe=False)["main.py"] == HEAD + CLASS + after


@pytest.mark.parametrize(
    "body",
    [
        "    yield 1\n",
        "    return {'a': f()}\n",
        "    return ({'a': f()})\n",
        "    return True\n  def post(self):\n    x = self.get()\n",
    ],
)
def test_without_a_fix(body: str) -> None:
    assert [finding.fix for finding in find(RULE, new(CLASS + body))] == [None]
