"""`tmpl-filter-django-import`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "tmpl-filter-django-import"
WEBAPP = "from google.appengine.ext.webapp import template\n"
MAIN = f"{WEBAPP}template.register_template_library('filters.mine')\n"


def app(filters: str, main: str = MAIN) -> dict[str, str | bytes]:
    return {**wsgi(main), "filters/__init__.py": "", "filters/mine.py": filters}


@pytest.mark.parametrize(
    "filters",
    [
        "from google.appengine.ext.webapp import template\nregister = template.create_template_register()\n",
        "from google.appengine.ext import webapp\nregister = webapp.template.create_template_register()\n",
        "try:\n  from django import template\nexcept ImportError:\n  template = None\n",
        "from mine import template\nregister = template.Library()\n",
    ],
)
def test_leaves_alone(filters: str) -> None:
    assert find(RULE, app(filters)) == []


def test_modules_that_are_not_registered_are_left_alone() -> None:
    filters = "from django import template\nregister = template.Library()\n"
    assert find(RULE, app(filters, "import filters.mine\n")) == []


def test_apps_with_django_are_left_alone() -> None:
    files = app("from django import template\nregister = template.Library()\n")
    asked = {**files, "app.yaml": str(files["app.yaml"]) + 'libraries:\n- name: django\n  version: "1.4"\n'}
    assert find(RULE, asked) == []
    assert find(RULE, {**files, "django/__init__.py": ""}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from django import template\nregister = template.Library()\n",
            f"{WEBAPP}register = template.create_template_register()\n",
        ),
        (
            "import re\nfrom django import template as t # Django\nregister=t.Library()\n",
            f"import re\n{WEBAPP.strip()} as t # Django\nregister=t.create_template_register()\n",
        ),
    ],
)
def test_the_library_is_made_with_webapp(before: str, after: str) -> None:
    assert fixed(RULE, app(before), unsafe=False)["filters/mine.py"] == after


@pytest.mark.parametrize(
    "filters",
    [
        "from django import template\nregister = template.Library()\nclass N(template.Node): pass\n",
        "from django.template import Library\nregister = Library()\n",
        "from django import template\nfrom django.utils.html import escape\nregister = template.Library()\n",
        "import django.template\nregister = django.template.Library()\n",
    ],
)
def test_what_takes_more_from_django_is_only_reported(filters: str) -> None:
    findings = find(RULE, app(filters))
    assert all(finding.fix is None for finding in findings)
    assert findings or filters.startswith("import")


def test_an_app_that_needs_django_elsewhere_is_left_alone() -> None:
    filters = "from django import template\nregister = template.Library()\n"
    assert find(RULE, app(filters, f"from django.utils import html\n{MAIN}")) == []
    assert len(find(RULE, app(filters, f"from django.utils import simplejson\n{MAIN}"))) == 1


def test_an_app_whose_own_django_renders_the_pages_is_left_alone() -> None:
    filters = "from django import template\nregister = template.Library()\n"
    assert find(RULE, app(filters, f"import django.core.handlers.wsgi\n{MAIN}")) == []


@pytest.mark.parametrize("line", ["from django.template import Library as L", "import django.template as t"])
def test_the_import_by_another_name(line: str) -> None:
    assert len(find(RULE, app(f"{line}\nregister = 1\n"))) == 1
