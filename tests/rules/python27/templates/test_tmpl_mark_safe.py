"""`tmpl-mark-safe`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "tmpl-mark-safe"
MAIN = (
    "from google.appengine.ext.webapp import template\ntemplate.register_template_library('filters.mine')\n"
)
NEW = "from google.appengine._internal.django.utils.safestring import "


def app(filters: str, main: str = MAIN) -> dict[str, str | bytes]:
    return {**wsgi(main), "filters/__init__.py": "", "filters/mine.py": filters}


@pytest.mark.parametrize(
    "filters",
    [
        "from django.utils.html import escape\n",
        NEW + "mark_safe\n",
        "# from django.utils.safestring import mark_safe\n",
        "from mine import mark_safe\n",
    ],
)
def test_leaves_alone(filters: str) -> None:
    assert find(RULE, app(filters)) == []


def test_modules_that_are_not_registered_are_left_alone() -> None:
    assert find(RULE, app("from django.utils.safestring import mark_safe\n", "import filters.mine\n")) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from django.utils.safestring import mark_safe\n", NEW + "mark_safe\n"),
        ("from django.utils.safestring import mark_safe as ms\n", NEW + "mark_safe as ms\n"),
        (
            "from django.utils.safestring import SafeData, mark_safe\n",
            NEW + "mark_safe\n" + NEW + "SafeData\n",
        ),
    ],
)
def test_safe_texts_come_from_the_django_that_renders(before: str, after: str) -> None:
    made = fixed(RULE, app(before))["filters/mine.py"]
    assert sorted(made.splitlines()) == sorted(after.splitlines())


def test_before_the_switch_there_is_no_fix() -> None:
    files = {**app("from django.utils.safestring import mark_safe\n"), **cgi(MAIN)}
    assert [finding.fix for finding in find(RULE, files)] == [None]
