"""`tmpl-load-missing`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.templates.pages import app25, app27

RULE = "tmpl-load-missing"
REGISTER = "template.register_template_library('common.filters')\n"


@pytest.mark.parametrize("page", ["{% load i18n %}", "{# {% load x %} #}", "{% loaded x %}"])
def test_leaves_alone(page: str) -> None:
    assert find(RULE, app27(page)) == []


@pytest.mark.parametrize(
    "page", ["{% load cache %}", "{% load filters %}", "{% load i18n filters %}", "{% load common.filters %}"]
)
def test_without_the_library_there_is_no_fix(page: str) -> None:
    for app in (app25, app27):
        assert [finding.fix for finding in find(RULE, app(page))] == [None]


@pytest.mark.parametrize(
    ("page", "after"),
    [
        ("{% load filters %}\n<p>", "<p>"),
        ("{% load filters %}<p>", "<p>"),
        ("<p>\n  {% load common.filters %}\r\n</p>", "<p>\n</p>"),
        ("{% load filters other %}", "{% load filters other %}"),
    ],
)
def test_a_registered_library_needs_no_tag(page: str, after: str) -> None:
    files = app27(page)
    files["main.py"] = str(files["main.py"]) + REGISTER
    assert fixed(RULE, files)["index.html"] == after
