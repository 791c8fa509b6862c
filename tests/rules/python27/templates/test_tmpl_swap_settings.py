"""`tmpl-swap-settings`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "tmpl-swap-settings"


@pytest.mark.parametrize(
    "code",
    [
        "from google.appengine.ext.webapp import template\ntemplate.render('x', {})\n",
        "def _swap_settings(new): pass\n_swap_settings({})\n",
        "from google.appengine.ext.webapp.template import _swap_settings\n",
        "import mine\nmine.template._swap_settings({})\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


@pytest.mark.parametrize(
    "code",
    [
        "from google.appengine.ext.webapp import template\nold = template._swap_settings({})\n",
        "from google.appengine.ext.webapp.template import _swap_settings\nold = _swap_settings({})\n",
        "from google.appengine.ext.webapp.template import _swap_settings as swap\nold = swap({})\n",
        "from google.appengine.ext import webapp\nold = webapp.template._swap_settings({})\n",
    ],
)
def test_one_finding_for_a_file(code: str) -> None:
    for app in (cgi, wsgi):
        findings = find(RULE, app(code + code.splitlines()[1].replace("old", "new") + "\n"))
        assert [len(finding.related) for finding in findings] == [1]
