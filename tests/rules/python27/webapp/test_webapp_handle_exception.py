"""`webapp-handle-exception`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-handle-exception"
CLASS = "class H(webapp.RequestHandler):\n  def handle_exception(self, exception, debug_mode):\n"
BASE = "webapp.RequestHandler.handle_exception(self, exception, debug_mode)"


@pytest.mark.parametrize(
    "code",
    [
        CLASS + "    self.error(500)\n",
        CLASS + f"    log()\n    {BASE}\n",
        CLASS + f"    {BASE}\n    return\n",
        CLASS + f"    if x:\n      {BASE}\n    else:\n      self.error(500)\n",
        "class B(webapp.RequestHandler):\n  def handle_exception(self, e, d): pass\n"
        "class H(B):\n  def handle_exception(self, e, d):\n    super(H, self).handle_exception(e, d)\n    log()\n",
        "class X(object):\n  def f(self): self.handle_exception(e, debug_mode=1)\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, new(code)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"    {BASE[:-12]} debug_mode=debug_mode)\n", f"    {BASE}\n"),
        (
            "    super(H, self).handle_exception(exception, debug_mode = True)\n",
            "    super(H, self).handle_exception(exception, True)\n",
        ),
    ],
)
def test_the_argument_is_passed_by_position(before: str, after: str) -> None:
    for app in (old, new):
        assert fixed(RULE, app(CLASS + before), unsafe=False)["main.py"] == HEAD + CLASS + after


def test_what_follows_never_runs() -> None:
    (finding,) = find(RULE, new(CLASS + f"    {BASE}\n    self.notify()\n"))
    assert (finding.severity, finding.place.snippet) == (Severity.WARNING, b"self.notify()")


def test_in_a_module_that_does_not_name_webapp() -> None:
    pages = (
        "from base import Page\nclass H(Page):\n"
        "  def get(self):\n    Page.handle_exception(self, e, debug_mode=True)\n"
    )
    files = new("import pages\n", pages=pages, base=f"{HEAD}Page = webapp.RequestHandler\n")
    assert [finding.place.path for finding in find(RULE, files)] == ["pages.py"]
