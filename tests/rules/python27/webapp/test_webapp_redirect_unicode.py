"""`webapp-redirect-unicode`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Safety, Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-redirect-unicode"
CLASS = "class H(webapp.RequestHandler):\n  def get(self, x):\n"


@pytest.mark.parametrize(
    "call",
    [
        "self.redirect('http://x/')",
        "self.redirect('/x/%s' % self.request.get('x'))",
        "self.redirect('/x?' + self.request.get('x'))",
        "self.redirect(u'/x')",
        "self.redirect('./' + self.request.get('x'))",
        "self.redirect(str(self.request.get('x')))",
        "self.redirect(self.request.get('x').encode('utf-8'))",
        "self.redirect(users.create_login_url(self.request.uri))",
        "self.redirect(self.request.url)",
        "self.redirect(x)",
        "self.redirect('http://x/%s' % x)",
        "other.redirect(self.request.get('x'))",
        "redirect(self.request.get('x'))",
        "self.redirect(('/a/%s' % self.request.get('x')).lower())",
        "self.redirect('/{0}'.format(self.request.get('x')))",
        "self.redirect('http://x/{0}'.format(self.request.get('x')))",
        "self.redirect('/x%s' '?a' % self.request.get('x'))",
        "self.redirect(unicode('/x/') + x)",
    ],
)
def test_leaves_alone(call: str) -> None:
    assert find(RULE, new(f"{CLASS}    {call}\n")) == []


@pytest.mark.parametrize(
    "body",
    [
        "    url = '/x/' + self.request.get('x')\n    self.redirect(url)\n",
        "    url = self.request.get('x')\n    url = str(url)\n    self.redirect(url)\n",
        "    if x:\n      url = u'/a'\n    else:\n      url = u'/b' + x\n    self.redirect(url)\n",
        "    for url in x:\n      self.redirect(url)\n",
        "    u = self.request.get('x')\n    if not u.startswith('/'): u = '/'\n    self.redirect(u)\n",
        "    u = self.request.get('x') and '/a' or 'http://x/'\n    self.redirect(u)\n",
    ],
)
def test_locals_that_do_no_harm_are_left_alone(body: str) -> None:
    assert find(RULE, new(CLASS + body)) == []


MODEL = "from google.appengine.ext import db\nclass Link(db.Model):\n  url = db.LinkProperty()\n"


@pytest.mark.parametrize(
    ("body", "safety"),
    [
        ("l = Link.get_by_id(x); self.redirect(l.url)", Safety.REVIEW),
        ("l = Link.get_by_id(x); u = l.url; self.redirect(u)", Safety.REVIEW),
        ("l = Link.get_by_id(x); self.redirect(l.url + '?a')", Safety.SAFE),
    ],
)
def test_addresses_in_entities(body: str, safety: Safety) -> None:
    (finding,) = find(RULE, new(f"{MODEL}{CLASS}    {body}\n"))
    assert finding.severity is Severity.WARNING
    assert finding.fix is not None
    assert finding.fix.safety is safety


def test_what_can_be_none_has_no_fix() -> None:
    body = "    self.redirect(self.request.get('x', None))\n"
    assert [finding.fix for finding in find(RULE, new(CLASS + body))] == [None]


@pytest.mark.parametrize(
    ("argument", "severity"),
    [
        ("self.request.get('continue')", Severity.WARNING),
        ("u'http://x/'", Severity.ERROR),
        ("'http://x/%s' % self.request.get('x')", Severity.WARNING),
        ("u'http://x/%s' % x", Severity.ERROR),
        ("'http://x/' + self.request.params['x']", Severity.ERROR),
        ("u'page'", Severity.ERROR),
        ("self.request.params['x']", Severity.WARNING),
        ("self.request.get('x') or '/'", Severity.WARNING),
    ],
)
def test_the_address_becomes_a_byte_string(argument: str, severity: Severity) -> None:
    code = f"{CLASS}    return self.redirect({argument}, permanent=True)\n"
    for app in (old, new):
        assert [finding.severity for finding in find(RULE, app(code))] == [severity]
        assert fixed(RULE, app(code), unsafe=False)["main.py"] == HEAD + code.replace(
            argument, f"str({argument})"
        )
