"""`tmpl-render-returns-unicode`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "tmpl-render-returns-unicode"
HEAD = "import hashlib, base64\nfrom google.appengine.ext.webapp import template\n"


@pytest.mark.parametrize(
    "code",
    [
        "x = template.render('p', {})",
        "self.response.out.write(template.render('p', {}))",
        "def f():\n  p = template.render('p', {})\n  memcache.set('p', p)\n  return p",
        "def f():\n  p = template.render('p', {})\n  p = other()\n  return p.decode('utf-8')",
        "x = template.render('p', {}).encode('utf-8')",
        "x = template.render(p.decode('utf-8'), {})",
        "x = other.render('p', {}).decode('utf-8')",
        "x = unicode(template.render('p', {}))",
        "x = hashlib.md5(name + template.render('p', {}).encode('utf-8'))",
        "x = md5(template.render('p', {}))",
        "p = template.render('p', {})\nx = p.decode('utf-8')",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(f"{HEAD}{code}\n")) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = template.render('p', {}).decode('utf-8')", "x = template.render('p', {})"),
        ("x = template.render('p', {}).decode('UTF8', 'ignore')", "x = template.render('p', {})"),
        ("x = unicode(template.render('p', {}), 'utf-8')", "x = template.render('p', {})"),
        (
            "x = hashlib.md5(template.render('p', {}))",
            "x = hashlib.md5(template.render('p', {}).encode('utf-8'))",
        ),
        (
            "def f():\n  p = template.render('p', {})\n  return base64.b64encode(p)",
            "def f():\n  p = template.render('p', {})\n  return base64.b64encode(p.encode('utf-8'))",
        ),
        (
            "def f():\n  p = template.render('p', {})\n  return p.decode('utf-8')",
            "def f():\n  p = template.render('p', {})\n  return p",
        ),
    ],
)
def test_pages_are_treated_as_unicode(before: str, after: str) -> None:
    assert fixed(RULE, wsgi(f"{HEAD}{before}\n"), unsafe=False)["main.py"] == f"{HEAD}{after}\n"


def test_without_a_fix() -> None:
    other = f"{HEAD}x = template.render('p', {{}}).decode('latin-1')\n"
    assert [finding.fix for finding in find(RULE, wsgi(other))] == [None]
    before_switch = f"{HEAD}x = template.render('p', {{}}).decode('utf-8')\n"
    assert [finding.fix for finding in find(RULE, cgi(before_switch))] == [None]
