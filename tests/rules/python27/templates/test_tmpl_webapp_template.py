"""`tmpl-webapp-template`: what it leaves alone and says."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.templates.pages import app25, app27
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "tmpl-webapp-template"


@pytest.mark.parametrize(
    "code",
    [
        "import webapp2\n",
        "from django import template\ntemplate.Template('x')\n",
        "from google.appengine.ext.webapp import template\n",
        "import jinja2\njinja2.Template('x').render()\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


@pytest.mark.parametrize(
    ("page", "more", "engine"),
    [
        ("{{ x }}", "", "jinja2 suits"),
        ('{{ d|date:"Y" }}{% ifequal a b %}' * 10, "", "Django's own suit"),
        ("{{ x }}", "template.register_template_library('a.b')\n", "Django's own suit"),
    ],
)
def test_the_engine_that_suits(page: str, more: str, engine: str) -> None:
    for app in (app25, app27):
        files = app(page)
        files["main.py"] = str(files["main.py"]) + more + "template.render('x', {})\n"
        (finding,) = find(RULE, files)
        assert engine in finding.message


def test_django_is_there_already() -> None:
    files = app27("{{ x }}")
    files["app.yaml"] = str(files["app.yaml"]) + 'libraries:\n- name: django\n  version: "1.4"\n'
    (finding,) = find(RULE, files)
    assert "it has Django already" in finding.message


@pytest.mark.parametrize("name", ["render", "load", "Template"])
def test_a_name_of_the_module_by_another(name: str) -> None:
    code = f"from google.appengine.ext.webapp.template import {name} as make\nmake('x')\n"
    files = wsgi("import pages\n", pages=code, zebra=code)
    assert [finding.place.path for finding in find(RULE, files)] == ["pages.py"]
