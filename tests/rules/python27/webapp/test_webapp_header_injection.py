"""`webapp-header-injection`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.webapp.handlers import new, old

RULE = "webapp-header-injection"
CLASS = "import urllib\nclass H(webapp.RequestHandler):\n  def get(self, x):\n"


@pytest.mark.parametrize(
    "body",
    [
        "self.redirect('/x')",
        "self.redirect(x)",
        "self.redirect('/x?' + urllib.quote(self.request.get('x')))",
        "self.redirect('/x?' + urllib.urlencode({'x': self.request.get('x')}))",
        "self.redirect('/x/%d' % int(self.request.get('x')))",
        "self.redirect(self.request.path)",
        "self.redirect(self.request.get('x') and '/a' or '/b')",
        "self.redirect(self.request.headers['Referer'])",
        "u = self.request.get('x'); u = u.replace('\\n', ''); self.redirect(u)",
        "u = self.request.get('x'); check(u); self.redirect(u)",
        "u = self.request.get('x'); y = load(key=u); self.redirect('/x/' + u)",
        "if self.request.get('x').startswith('/'): self.redirect(self.request.get('x'))",
        "self.response.headers['X'] = 'a'",
        "self.response.headers.add_header('X', x)",
        "self.response.out.write(self.request.get('x'))",
        "y = self.request.get('x')",
    ],
)
def test_leaves_alone(body: str) -> None:
    assert find(RULE, new(f"{CLASS}    {body}\n")) == []


@pytest.mark.parametrize(
    "body",
    [
        "self.redirect(self.request.get('x'))",
        "self.redirect(str(self.request.get('x') or '/'))",
        "self.redirect('/x/%s' % self.request.get('x'))",
        "self.redirect('/x/%s/%s' % (x, self.request.params['x'].encode('utf-8')))",
        "self.redirect('/x/{0}'.format(self.request.GET['x']))",
        "u = self.request.POST.get('x'); self.redirect('/x/' + str(u))",
        "self.response.headers['X'] = str(self.request.get('x'))",
        "self.response.headers.add_header('X', 'a=' + str(self.request.get('x')))",
    ],
)
def test_what_goes_through_unchecked(body: str) -> None:
    for app in (old, new):
        findings = find(RULE, app(f"{CLASS}    {body}\n"))
        assert [(finding.severity, finding.fix) for finding in findings] == [(Severity.NOTE, None)]


def test_an_app_is_told_once() -> None:
    line = "    self.redirect(self.request.get('x'))\n"
    (finding,) = find(RULE, new(CLASS + line * 3))
    assert len(finding.related) == 2


@pytest.mark.parametrize("code", ["self.redirect(x)", "h = self.response; h.headers['X'] = x"])
def test_wrappers_around_methods_in_another_module(code: str) -> None:
    guard = f"def guard(f):\n  def inner(self):\n    x = self.request.get('x'); {code}\n  return inner\n"
    main = "from guards import guard\nclass H(webapp.RequestHandler):\n  @guard\n  def get(self): pass\n"
    assert [finding.place.path for finding in find(RULE, new(main, guards=guard))] == ["guards.py"]
