"""`tmpl-register-nodot`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "tmpl-register-nodot"
HEAD = "from google.appengine.ext import webapp\nfrom google.appengine.ext.webapp import template\n"
FILTERS = "from google.appengine.ext.webapp import template\nregister = template.create_template_register()\n"


@pytest.mark.parametrize(
    "code",
    [
        "template.register_template_library('common.filters')",
        "template.register_template_library(name)",
        "# template.register_template_library('filters')",
        "other.register_template_library('filters')",
        "template.create_template_register()",
        "register = template.register_template_library",
        "if __name__ == '__main__':\n    template.register_template_library('filters')",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(HEAD + code + "\n", filters=FILTERS)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "template.register_template_library('filters')",
            "template.register_template_library('template_libraries.filters_library')",
        ),
        (
            'webapp.template.register_template_library("filters")',
            'webapp.template.register_template_library("template_libraries.filters_library")',
        ),
        (
            "if 1:\n\ttemplate.register_template_library( package_name='filters')",
            "if 1:\n\ttemplate.register_template_library( package_name='template_libraries.filters_library')",
        ),
    ],
)
def test_the_library_gets_a_package(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        files = fixed(RULE, app(f"{HEAD}{before}\n", filters=FILTERS), unsafe=False)
        assert files["main.py"] == f"{HEAD}{after}\n"
        assert files["filters.py"] == FILTERS
        assert files["template_libraries/__init__.py"] == ""
        assert files["template_libraries/filters_library.py"].endswith("\nfrom filters import register\n")


def test_two_libraries_and_two_callers() -> None:
    calls = "template.register_template_library('filters')\ntemplate.register_template_library('tags')\n"
    files = fixed(
        RULE, wsgi(HEAD + "import views\n" + calls, views=HEAD + calls, filters=FILTERS, tags=FILTERS)
    )
    for path in ("main.py", "views.py"):
        assert "'template_libraries.filters_library'" in files[path]
        assert "'template_libraries.tags_library'" in files[path]
    assert len([path for path in files if path.startswith("template_libraries/")]) == 3


@pytest.mark.parametrize(
    "others",
    [
        {},
        {"filters": "x = 1\n"},
        {"filters": FILTERS, "template_libraries": "x = 1\n"},
        {"filters": FILTERS, "template_libraries__mine": "x = 1\n"},
    ],
)
def test_without_a_way_there_is_no_fix(others: dict[str, str]) -> None:
    files = wsgi(HEAD + "template.register_template_library('filters')\n", **others)
    assert [finding.fix for finding in find(RULE, files)] == [None]


@pytest.mark.parametrize(
    "call",
    [
        "webapp.template.register_template_library('filters')",
        "template.register_template_library('filters')",
        "register_template_library('filters')",
    ],
)
def test_the_module_may_come_by_a_star_import(call: str) -> None:
    base = HEAD + "from google.appengine.ext.webapp.template import register_template_library\n"
    main = f"from base import *\n{call}\napp = None\n"
    (finding,) = find(RULE, wsgi(main, base=base, filters=FILTERS))
    assert finding.place.path == "main.py"
    assert finding.fix is not None


def test_a_star_import_of_something_else_is_left_alone() -> None:
    main = "from base import *\nregister_template_library('filters')\n"
    assert (
        find(RULE, wsgi(main, base="def register_template_library(name):\n    pass\n", filters=FILTERS)) == []
    )
