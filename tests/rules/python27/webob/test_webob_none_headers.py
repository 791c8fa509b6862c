"""`webob-none-headers`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webob-none-headers"
CLASS = "import re\nclass H(webapp.RequestHandler):\n  def get(self):\n"


@pytest.mark.parametrize(
    "body",
    [
        "    x = self.request.user_agent\n",
        "    if self.request.referer: pass\n",
        "    x = self.request.referer or '/'\n",
        "    if 'x' in (self.request.user_agent or ''): pass\n",
        "    if self.request.user_agent and 'x' in self.request.user_agent: pass\n",
        "    if self.request.referer:\n      x = self.request.referer.lower()\n",
        "    ua = self.request.user_agent or ''\n    if 'x' in ua: pass\n",
        "    ua = self.request.user_agent\n    if ua and 'x' in ua: pass\n",
        "    ua = self.request.user_agent\n    if not ua: return\n    if 'x' in ua: pass\n",
        "    ua = self.request.user_agent\n    if ua is None: ua = ''\n    x = ua.lower()\n",
        "    try:\n      x = self.request.user_agent.lower()\n    except AttributeError:\n      x = ''\n",
        "    logging.info('%s', self.request.user_agent)\n",
        "    if self.request.referer == 'x': pass\n",
        "    self.redirect(self.request.referer or '/')\n",
        "    other.redirect(self.request.referer)\n",
        "    self.redirect('/', self.request.referer)\n",
        "    if not self.request.referer: return\n    x = self.request.referer.lower()\n",
        "    if not self.request.referer or not self.request.referer.startswith('x'): pass\n",
        "    x = self.request.referer.lower() if self.request.referer else ''\n",
        "    if self.request.referer is not None:\n      x = self.request.referer.lower()\n",
        "    if y and self.request.referer and z:\n      x = self.request.referer + 'a'\n",
        "    assert self.request.referer\n    x = self.request.referer.lower()\n",
        "    ua = self.request.user_agent\n    if isinstance(ua, str): x = ua.lower()\n",
        "    ua = self.request.user_agent\n    if ua is None: return\n    x = ua.lower()\n",
        "    ua = self.request.user_agent\n    x = ua and ua.lower()\n",
        "    ua = self.request.user_agent\n    x = not ua or ua.lower()\n",
        "    r = self.request.referer\n    if r: self.redirect(r)\n    else: self.redirect('/')\n",
        "    ua = self.request.user_agent\n    ua = ua or ''\n    x = ua.lower()\n",
        "    try:\n      x = self.request.user_agent.lower()\n    except:\n      x = ''\n",
        "    try: x = len(self.request.referer)\n    except (ValueError, TypeError), e: x = 0\n",
        "    '%s' % self.request.user_agent\n",
        "    x = self.request.headers.get('User-Agent', '').lower()\n",
        "    x = other.user_agent.lower()\n",
        "    if self.request.user_agent in known: pass\n",
    ],
)
def test_leaves_alone(body: str) -> None:
    assert find(RULE, new(CLASS + body)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("if 'x' in self.request.user_agent: pass", "if 'x' in (self.request.user_agent or ''): pass"),
        (
            "if 'x' not in self.request.user_agent: pass",
            "if 'x' not in (self.request.user_agent or ''): pass",
        ),
        ("x = self.request.referer.startswith('x')", "x = (self.request.referer or '').startswith('x')"),
        (
            "x = re.search('x', self.request.user_agent)",
            "x = re.search('x', self.request.user_agent or '')",
        ),
        ("x = 'a' + self.request.referrer", "x = 'a' + (self.request.referrer or '')"),
        ("x = len(self.request.referer)", "x = len(self.request.referer or '')"),
        ("self.redirect(self.request.referer)", "self.redirect(self.request.referer or self.request.uri)"),
        (
            "r = self.request\n    ref = r.referer\n    self.redirect(ref)",
            "r = self.request\n    ref = r.referer\n    self.redirect(ref or r.uri)",
        ),
        (
            "ua = self.request.user_agent\n    if ua == '': return\n    x = ua.lower()",
            "ua = self.request.user_agent\n    if ua == '': return\n    x = (ua or '').lower()",
        ),
        (
            "try: x = self.request.user_agent.lower()\n    except KeyError: x = ''",
            "try: x = (self.request.user_agent or '').lower()\n    except KeyError: x = ''",
        ),
        (
            "x = self.request.referer.lower()\n    if self.request.referer: pass",
            "x = (self.request.referer or '').lower()\n    if self.request.referer: pass",
        ),
        ("x = self.request.user_agent[:3]", "x = (self.request.user_agent or '')[:3]"),
        (
            "ua = self.request.user_agent\n    x = ua.lower()",
            "ua = self.request.user_agent\n    x = (ua or '').lower()",
        ),
    ],
)
def test_a_missing_header_is_an_empty_text(before: str, after: str) -> None:
    for app in (old, new):
        made = fixed(RULE, app(f"{CLASS}    {before}\n"), unsafe=False)["main.py"]
        assert made == f"{HEAD}{CLASS}    {after}\n"


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("from webob import Request\ndef app(e, s):\n  r = Request(e)\n  x = r.user_agent.lower()\n", 1),
        ("import webob\ndef app(e, s):\n  r = webob.Request(e)\n  x = r.user_agent.lower()\n", 1),
        ("def app(e, s):\n  r = webapp.Request(e)\n  return len(r.referer)\n", 1),
        ("import webob\ndef app(e, s):\n  r = webob.Request(e)\n  return r.user_agent or ''\n", 0),
        ("import urllib2\ndef app(e, s):\n  r = urllib2.Request(e)\n  return r.user_agent.lower()\n", 0),
        ("import webob\ndef app(r, s):\n  return r.user_agent.lower()\n", 0),
    ],
)
def test_requests_that_code_makes_itself(code: str, count: int) -> None:
    assert len(find(RULE, new(code))) == count


def test_wrappers_of_decorators_count() -> None:
    code = "def mobile(f):\n  def wrapper(self):\n    if 'x' in self.request.user_agent: pass\n  return wrapper\n"
    code += "class H(webapp.RequestHandler):\n  @mobile\n  def get(self): pass\n"
    assert len(find(RULE, new(code))) == 1
