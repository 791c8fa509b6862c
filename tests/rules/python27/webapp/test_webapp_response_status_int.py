"""`webapp-response-status-int`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-response-status-int"
CLASS = "class H(webapp.RequestHandler):\n  def get(self):\n"


@pytest.mark.parametrize(
    "body",
    [
        "    self.response.status = 404\n",
        "    x = self.response.status\n",
        "    if self.response.status_int == 404: pass\n",
        "    if self.response.status == '404 Not Found': pass\n",
        "    if result.status == 404: pass\n",
        "    if self.response.status == code: pass\n",
        "    x = '%s' % self.response.status\n",
        "    x = '%d %s' % (y, self.response.status)\n",
        "    self.response.set_status(404)\n",
        "    if self.request.status == 404: pass\n",
    ],
)
def test_leaves_alone(body: str) -> None:
    assert find(RULE, new(CLASS + body)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("self.response.status == 404", "self.response.status_int == 404"),
        ("'%d' % self.response.status", "'%d' % self.response.status_int"),
        ("self.response.status / 100 == 2", "self.response.status_int / 100 == 2"),
        ("400 <= self.response.status", "400 <= self.response.status_int"),
        ("self.response.status in (301, 302)", "self.response.status_int in (301, 302)"),
    ],
)
def test_the_number_is_compared(before: str, after: str) -> None:
    assert [finding.fix for finding in find(RULE, old(f"{CLASS}    x = {before}\n"))] == [None]
    assert (
        fixed(RULE, new(f"{CLASS}    x = {before}\n"), unsafe=False)["main.py"]
        == f"{HEAD}{CLASS}    x = {after}\n"
    )
