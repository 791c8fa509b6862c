"""`tmpl-filter-django-import`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
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


NODE = "class Smart(template.Node):\n  def render(self, context): return 'x'\n"
RENDER = f"{MAIN}template.render('page.html', {{}})\n"
INTERNAL = "from google.appengine._internal.django import template\n"


def asking(filters: str, main: str = RENDER) -> dict[str, str | bytes]:
    """An app that asks for Django, and registers a module of tags."""
    files = app(filters, main)
    return {**files, "app.yaml": str(files["app.yaml"]) + 'libraries:\n- name: django\n  version: "1.2"\n'}


@pytest.mark.parametrize(
    "filters",
    [
        "from django import template\nregister = template.Library()\n@register.filter\ndef f(x): return x\n",
        f"{WEBAPP}register = template.create_template_register()\n@register.simple_tag\ndef f(): pass\n",
        f"{INTERNAL}{NODE}",
        f"{INTERNAL}register = template.Library()\n@register.simple_tag\ndef f(): pass\n",
        f"try:\n  {INTERNAL}except ImportError:\n  from django import template\n{NODE}",
        f"import os\nif os.environ.get('X'):\n  {INTERNAL}else:\n  from django import template\n{NODE}",
        f"from mine import template\n{NODE}",
        "from django import template\nclass Bad(template.TemplateSyntaxError): pass\n",
        "from django import template\nclass Plain: pass\nclass Node(object): pass\nclass Sub(Node): pass\n",
        "from django import template\ndef simple_tag(f): return f\n@simple_tag\ndef f(): pass\n",
        "from django.template import Library\nregister = Library()\nregister.tag('x', lambda p, t: None)\n",
        "from django.db import Node\nclass N(Node): pass\n",
    ],
)
def test_what_works_with_a_django_that_is_there_is_left_alone(filters: str) -> None:
    assert find(RULE, asking(filters)) == []


@pytest.mark.parametrize("other", ["from django.template import loader", "import django.core.handlers.wsgi"])
def test_tags_that_django_itself_may_render_are_left_alone(other: str) -> None:
    assert find(RULE, asking(f"from django import template\n{NODE}", f"{other}\n{RENDER}")) == []


def test_tags_that_are_not_registered_are_left_alone() -> None:
    assert find(RULE, asking(f"from django import template\n{NODE}", "import filters.mine\n")) == []


@pytest.mark.parametrize(
    ("filters", "lines"),
    [
        (f"from django import template\n{NODE}", [2]),
        (f"import django.template as template\n{NODE}", [2]),
        ("from django.template import Node as N\nclass A(N): pass\nclass B(A): pass\n", [2]),
        ("from django.template.defaulttags import IfNode\nclass A(IfNode): pass\n", [2]),
        ("from django.template.base import Node\nclass A(object, Node): pass\n", [2]),
        (
            "from django import template\nregister = template.Library()\n@register.simple_tag\n"
            "def f(): pass\nregister.inclusion_tag('x.html')(f)\n",
            [3, 5],
        ),
        ("from django.template import Library\nr = Library()\nr.simple_tag(len)\n", [3]),
        (f"{WEBAPP}from django import template as t\nclass A(t.Node): pass\n", [3]),
    ],
)
def test_tags_of_a_django_that_is_there(filters: str, lines: list[int]) -> None:
    findings = find(RULE, asking(filters))
    assert [finding.place.span.start for finding in findings] != []
    assert [filters[: finding.place.span.start].count("\n") + 1 for finding in findings] == lines
    assert {finding.severity for finding in findings} == {Severity.WARNING}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from django import template\nregister = template.Library()\n@register.simple_tag\ndef f(): pass\n",
            f"{WEBAPP}register = template.create_template_register()\n@register.simple_tag\ndef f(): pass\n",
        ),
        (
            f"from django import template\nregister = template.Library()\n{NODE}",
            f"{INTERNAL}register = template.Library()\n{NODE}",
        ),
        (
            "from django.template import Library, Node\nfrom django.template.defaultfilters import stringfilter\n"
            "from django.utils.html import escape\nclass A(Node): pass\n",
            "from google.appengine._internal.django.template import Library, Node\n"
            "from google.appengine._internal.django.template.defaultfilters import stringfilter\n"
            "from django.utils.html import escape\nclass A(Node): pass\n",
        ),
    ],
)
def test_tags_are_taken_from_the_django_that_renders(before: str, after: str) -> None:
    assert fixed(RULE, asking(before))["filters/mine.py"] == after


@pytest.mark.parametrize(
    "filters",
    [
        f"import django.template as template\n{NODE}",
        f"from django import template, forms\n{NODE}",
        f"from django import template\n{NODE}template.something_new()\n",
        f"from django import template\n{NODE}print template\n",
        "from django.template.defaulttags import IfNode\nclass A(IfNode): pass\n",
        "from django import template\nregister = template.Library()\n@register.assignment_tag\ndef f(): pass\n",
        "from django import template\nregister = template.Library()\n"
        "@register.simple_tag(takes_context=True)\ndef f(context): pass\n",
    ],
)
def test_what_the_other_django_may_not_have_is_only_reported(filters: str) -> None:
    findings = find(RULE, asking(filters))
    assert [finding.fix for finding in findings] == [None]


def test_tags_without_django_are_taken_from_the_django_that_renders() -> None:
    filters = f"from django import template\nregister = template.Library()\n{NODE}"
    [finding] = find(RULE, app(filters, RENDER))
    assert "_internal" in finding.message
    assert "create_template_register" not in finding.message
    assert fixed(RULE, app(filters, RENDER))["filters/mine.py"] == filters.replace(
        "from django import template\n", INTERNAL
    )


def test_nodes_alone_are_taken_from_the_django_that_renders() -> None:
    filters = "from django.template import Node, Variable\nclass A(Node): pass\n"
    assert len(find(RULE, app(filters, RENDER))) == 1
    assert (
        "from google.appengine._internal.django.template import Node"
        in (fixed(RULE, app(filters, RENDER))["filters/mine.py"])
    )


def test_the_other_django_is_not_written_before_the_switch() -> None:
    filters = f"from django import template\n{NODE}"
    files = app(filters, RENDER)
    old = {
        **files,
        "app.yaml": str(files["app.yaml"]).replace("python27", "python").replace("main.app", "main.py"),
    }
    assert [finding.fix for finding in find(RULE, old)] == [None]
