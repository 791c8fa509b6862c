"""`tmpl-url-tag`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.templates.pages import app25, app27
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "tmpl-url-tag"


@pytest.mark.parametrize(
    "page",
    [
        "{{ url }}",
        "{% urlize %}",
        "{# {% url x %} #}",
        "{% comment %}{% url x %}{% endcomment %}",
        "{% if url %}",
    ],
)
def test_leaves_alone(page: str) -> None:
    assert find(RULE, app27(page)) == []


def test_pages_of_django_itself_are_left_alone() -> None:
    code = "from django.shortcuts import render_to_response\napp = 1\n"
    assert find(RULE, {**wsgi(code), "index.html": "{% url x %}"}) == []


def test_static_pages_are_left_alone() -> None:
    files = app27("{{ x }}")
    files["app.yaml"] = str(files["app.yaml"]) + "- url: /s\n  static_dir: s\n"
    assert find(RULE, {**files, "s/a.html": "{% url x %}"}) == []


@pytest.mark.parametrize("app", [app25, app27])
def test_one_finding_for_a_page(app) -> None:
    findings = find(RULE, app("<a href='{% url A %}'>\n{% url B 'x' y=1 %}"))
    assert [(finding.path, len(finding.related)) for finding in findings] == [("index.html", 1)]
