"""`tmpl-extends-parent`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.templates.pages import app27
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "tmpl-extends-parent"


def found(tag: str, path: str = "pages/sub/index.html") -> list[str]:
    return [finding.path for finding in find(RULE, {**app27("{{ x }}"), path: tag})]


@pytest.mark.parametrize(
    "tag",
    [
        '{% extends "base.html" %}',
        '{% extends "parts/base.html" %}',
        '{% include "../sub/side.html" %}',
        '{% extends "a/../base.html" %}',
        "{% extends parent %}",
        '{{ "../base.html" }}',
        "{% extends '/base.html' %}",
        '{# {% extends "../base.html" %} #}',
    ],
)
def test_leaves_alone(tag: str) -> None:
    assert found(tag) == []


@pytest.mark.parametrize(
    "tag",
    [
        '{% extends "../base.html" %}',
        "{% include '../../side.html' %}",
        '{% include "../other/side.html" %}',
        '{% extends "./../base.html" %}',
    ],
)
def test_a_page_above_is_not_found(tag: str) -> None:
    assert found(tag) == ["pages/sub/index.html"]


def test_what_is_included_is_only_missing() -> None:
    for tag, severity in (("extends", Severity.ERROR), ("include", Severity.WARNING)):
        files = {**app27("{{ x }}"), "pages/sub/index.html": f'{{% {tag} "../base.html" %}}'}
        assert [finding.severity for finding in find(RULE, files)] == [severity]


FRAMEWORK = """
import os
import webapp2
from google.appengine.ext.webapp import template
from django.template import Node, resolve_variable
{more}
class Main(webapp2.RequestHandler):
    def get(self, action):
        path = os.path.join(os.path.dirname(__file__), 'views', action + '.html')
        self.response.out.write(template.render(path, {{}}))
app = webapp2.WSGIApplication([('/(.*)', Main)])
"""
PAGES = {
    "views/jobs/new.html": '{% extends "../layouts/main.html" %}',
    "views/layouts/main.html": "{% block body %}{% endblock %}",
}


def found_in(code: str, pages: dict[str, str], **modules: str) -> list[str]:
    return [finding.path for finding in find(RULE, {**wsgi(code, **modules), **pages})]


@pytest.mark.parametrize(
    "more",
    [
        "from django.shortcuts import render_to_response",
        "from django.template import Context, loader",
        "from django.template import (\n    Context,\n    loader)",
        "from django.template import Context, \\\n    loader",
        "from django.template.loader import get_template",
        "import django.template.loader as pages",
        "from django import template as pages\nx = pages.loader.get_template('a.html')",
        "from django.conf import settings\nsettings.configure(TEMPLATE_DIRS=('views',))",
        "import django.core.handlers.wsgi",
        "from django.views.generic.simple import direct_to_template",
        "import jinja2",
        "from webapp2_extras import jinja2",
        "from mako.template import Template",
        "import tornado.template",
    ],
)
def test_pages_that_another_engine_may_render_are_left_alone(more: str) -> None:
    assert found_in(FRAMEWORK.format(more=more), PAGES) == []
    assert found_in(FRAMEWORK.format(more="import other"), PAGES, other=more) == []


def test_what_webapp_does_not_render_is_left_alone() -> None:
    only_tags = (
        "from google.appengine.ext.webapp import template\nregister = template.create_template_register()\n"
    )
    assert found_in(f"{only_tags}from django.template import Node\napp = None\n", PAGES) == []
    assert found_in("from django.template import Template\napp = None\n", PAGES) == []


@pytest.mark.parametrize("target", ["../layouts/other.html", "../../main.html", "layouts/main.html"])
def test_a_name_that_leads_to_no_page_is_left_alone(target: str) -> None:
    pages = {**PAGES, "views/jobs/new.html": f'{{% extends "{target}" %}}'}
    assert found_in(FRAMEWORK.format(more=""), pages) == []


def test_static_pages_are_left_alone() -> None:
    files = {**wsgi(FRAMEWORK.format(more="")), **PAGES}
    yaml = str(files["app.yaml"]).replace("handlers:\n", "handlers:\n- url: /v\n  static_dir: views\n")
    assert find(RULE, {**files, "app.yaml": yaml}) == []


@pytest.mark.parametrize(
    "more",
    [
        "",
        "from django.template import Context, Template",
        "from django.template import Library, TemplateSyntaxError",
        "from django.http import HttpResponse",
        "from django.utils import simplejson",
        "class Loader: pass\nloader = Loader()",
    ],
)
def test_a_framework_that_computes_the_names_of_pages(more: str) -> None:
    assert found_in(FRAMEWORK.format(more=more), PAGES) == ["views/jobs/new.html"]
    assert found_in(FRAMEWORK.format(more="import other"), PAGES, other=more) == ["views/jobs/new.html"]


def test_a_framework_that_is_imported_by_a_computed_name() -> None:
    start = "import webapp2\nname = 'work'\n__import__('frame' + name)\napp = webapp2.WSGIApplication([])\n"
    for path in ("framework.py", "gaeo/controller/__init__.py"):
        files = {**wsgi(start), **PAGES, path: FRAMEWORK.format(more="")}
        assert [finding.path for finding in find(RULE, files)] == ["views/jobs/new.html"]
        assert find(RULE, {**files, "other.py": "import jinja2\n"}) == []
