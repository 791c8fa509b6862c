"""`tmpl-autoescape`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.templates.pages import app25, app27

RULE = "tmpl-autoescape"

FILTERS = """\
from google.appengine.ext.webapp import template
register = template.create_template_register()
def link(value):
    return value.replace('@', '<a href="/x">@</a>')
register.filter(link)
@register.filter
def shout(value):
    "Makes it <b>loud</b>."
    return value.upper()
@register.filter('bold')
def make_bold(value):
    return '<b>%s</b>' % value
"""
MAIN = "template.register_template_library('common.filters')\n"


def with_filters(page: str) -> dict[str, str | bytes]:
    files = app27(page, common____init__="", common__filters=FILTERS)
    return {**files, "common/__init__.py": "", "main.py": str(files["main.py"]) + MAIN}


@pytest.mark.parametrize(
    ("page", "values"),
    [
        ("{{ name }}", "{'name': 'World'}"),
        ("{{ name }}", "{'name': self.request.get('name')}"),
        ("{{ less }}", "{'less': '1 < 2'}"),
        ("{{ arrow }}", "{'arrow': '->'}"),
        ("{{ menu|safe }}", "{'menu': '<b>x</b>'}"),
        ("{{ menu|escape }}", "{'menu': '<b>x</b>'}"),
        ("{% autoescape off %}{{ menu }}{% endautoescape %}", "{'menu': '<b>x</b>'}"),
        ("{# {{ menu }} #}", "{'menu': '<b>x</b>'}"),
        ("{{ other.menu }}", "{'menu': '<b>x</b>'}"),
        ("<input value='{{ menu }}'>", "{'menu': '<b>x</b>'}"),
        ("<textarea>{{ body_html }}</textarea>", "{}"),
        ("{{ menu }}", "{'menu': '<b>x</b>' if self.x else self.y}"),
        ("{{ page }}", "{'page': template.render('other.html', {'a': '<b>'})}"),
        ("{{ html_url }}{{ htmlize }}", "{}"),
        ("{{ data_json }}", "{}"),
        ("{{ data }}", "{'data': json.dumps(self.data)}"),
        ("{{ body_html|length }}", "{}"),
        ("{{ 'html' }}", "{}"),
    ],
)
def test_leaves_alone(page: str, values: str) -> None:
    assert find(RULE, app27(page, values)) == []


def test_a_value_that_is_sometimes_something_else_is_left_alone() -> None:
    files = app27("{{ menu }}", "{'menu': '<b>x</b>'}")
    files["main.py"] = str(files["main.py"]) + "x = template.render('index.html', {'menu': other()})\n"
    assert find(RULE, files) == []


def test_pages_of_other_languages_are_left_alone() -> None:
    assert find(RULE, app27("{% set x = 1 %}{{ body_html }}")) == []


def test_apps_that_know_escaping_are_left_alone() -> None:
    files = app25("{{ body_html }}", use="")
    assert find(RULE, {**files, "other.html": "{{ x|safe }}"}) == []
    chosen = "from google.appengine.dist import use_library\nuse_library('django', '1.2')\n"
    assert find(RULE, {**files, "main.py": chosen + str(files["main.py"])}) == []


@pytest.mark.parametrize(
    ("page", "values", "after"),
    [
        ("{{ menu }}", "{'menu': '<b>x</b>'}", "{{ menu|safe }}"),
        ("{{menu}}", "{'menu': '<b>%s</b>' % self.x}", "{{menu|safe}}"),
        ("{{ menu|upper }}", "{'menu': '<br />'.join(self.x)}", "{{ menu|upper|safe }}"),
        ("{{ menu }}", "dict(), {'menu': '<a href=\"' + self.x + '\">'}", "{{ menu|safe }}"),
        ("{{ name }}", "{'name': cgi.escape(self.x)}", None),
        ("{{ body_html }}", "{}", "{{ body_html|safe }}"),
        ("{{ entry.contentHtml }}", "{}", "{{ entry.contentHtml|safe }}"),
        ("<script>var x = {{ data }};</script>", "{'data': simplejson.dumps(self.x)}", None),
        ("<script>\n<!--\nvar x = {{ data }};\n//-->\n</script>", "{'data': simplejson.dumps(self.x)}", None),
        ("<script>var x = {{ data_json }};</script>", "{}", None),
        ("{{ html }}\r\n{{ name }}\r\n{{ html }}", "{}", "{{ html|safe }}\r\n{{ name }}\r\n{{ html|safe }}"),
    ],
)
def test_what_seems_to_hold_html_is_printed_as_it_is(page: str, values: str, after: str | None) -> None:
    files = app27(page, values)
    files["main.py"] = "import cgi\nfrom django.utils import simplejson\n" + str(files["main.py"])
    expected = after or page.replace(" }}", "|safe }}")
    assert fixed(RULE, files)["index.html"] == expected
    assert [finding.severity for finding in find(RULE, files)] == [Severity.WARNING]


def test_a_name_with_one_value_is_followed() -> None:
    files = app27("{{ menu }}", "{'menu': links}")
    files["main.py"] = str(files["main.py"]).replace(
        "        self", "        links = '<a>x</a>'\n        self"
    )
    assert fixed(RULE, files)["index.html"] == "{{ menu|safe }}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{{ x|link }}", "{{ x|link|safe }}"),
        ("{{ x|bold }}", "{{ x|bold|safe }}"),
        ("{{ x|shout }}", "{{ x|shout }}"),
        ("{{ x|escape|link|linebreaksbr }}", "{{ x|force_escape|link|safe|linebreaksbr }}"),
        ("{{ x|link|safe }}", "{{ x|link|safe }}"),
        ("{{ x|default:'a|link' }}", "{{ x|default:'a|link' }}"),
    ],
)
def test_filters_of_the_app_that_return_html(before: str, after: str) -> None:
    assert fixed(RULE, with_filters(before))["index.html"] == after


def test_before_the_switch_there_is_a_note_and_no_fix() -> None:
    files = app25("{{ name }}{{ body_html }}")
    findings = find(RULE, files)
    assert {finding.severity for finding in findings} == {Severity.NOTE, Severity.WARNING}
    assert all(finding.fix is None for finding in findings)
