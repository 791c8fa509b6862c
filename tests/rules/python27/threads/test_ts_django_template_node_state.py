"""`ts-django-template-node-state`: what it leaves alone and finds."""

from __future__ import annotations

from textwrap import indent

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "ts-django-template-node-state"

MAIN = """\
import webapp2
from google.appengine.ext.webapp import template
template.register_template_library('tags')
class Main(webapp2.RequestHandler):
    def get(self):
        self.response.write(template.render('index.html', {}))
app = webapp2.WSGIApplication([('/', Main)])
"""


def app(render: str, more: str = "", base: str = "template.Node", main: str = MAIN) -> dict[str, str | bytes]:
    """An app with a class of nodes whose `render` runs some statements."""
    body = indent(render, "        ")
    rest = indent(more, "    ")
    tags = (
        f"from django import template\nclass Tag({base}):\n    def render(self, context):\n{body}\n{rest}\n"
    )
    return {**wsgi(main), "tags.py": tags}


def severities(files: dict[str, str | bytes]) -> list[Severity]:
    return [finding.severity for finding in find(RULE, files)]


@pytest.mark.parametrize(
    ("render", "more", "base"),
    [
        ("return self.user", "", "template.Node"),
        ("user = context['user']\nreturn user", "", "template.Node"),
        ("context.render_context[self] = 1", "", "template.Node"),
        ("context['x'] = self.x", "", "template.Node"),
        ("return ''", "def __init__(self):\n    self.user = None", "template.Node"),
        ("return ''", "def other(self):\n    self.user = None", "template.Node"),
        ("x = self.x == 1", "", "template.Node"),
        ("x = self.x.pop", "", "template.Node"),
        ("x = self.nodelist.render(context)", "", "template.Node"),
        ("x = []\nx.append(self.x)", "", "template.Node"),
        ("self.user = 1", "", "object"),
        ("self.user = 1", "", "xml.dom.Node"),
        ("with self.lock:\n    self.user = 1", "", "template.Node"),
    ],
)
def test_leaves_alone(render: str, more: str, base: str) -> None:
    assert find(RULE, app(render, more, base)) == []


def test_tests_are_left_alone() -> None:
    files = app("self.user = 1")
    files["tags_test.py"] = files.pop("tags.py")
    assert find(RULE, files) == []


@pytest.mark.parametrize(
    ("render", "more"),
    [
        ("self.user = context['user']", ""),
        ("self.count += 1", ""),
        ("self.seen['x'] = context['user']", ""),
        ("self.seen.append(context['user'])", ""),
        ("self.user = 1\nself.user = 2", ""),
        ("return self.load(context)", "def load(self, context):\n    self.user = context['user']"),
    ],
)
def test_finds(render: str, more: str) -> None:
    assert severities(app(render, more)) == [Severity.WARNING]


def test_classes_below_a_class_of_nodes() -> None:
    files = app("return ''")
    files["tags.py"] = f"{files['tags.py']!s}class More(Tag):\n    def render(self, c):\n        self.x = c\n"
    (finding,) = find(RULE, files)
    assert "`More`" in finding.message


def test_pages_that_are_compiled_anew_are_a_note() -> None:
    main = "import webapp2\nimport tags\napp = webapp2.WSGIApplication([])\n"
    assert severities(app("self.user = context['user']", main=main)) == [Severity.NOTE]
    cached = "TEMPLATE_LOADERS = (('django.template.loaders.cached.Loader', ()),)\n"
    files = {**app("self.user = context['user']", main=main), "settings.py": cached}
    assert severities(files) == [Severity.WARNING]


def test_what_is_set_once_is_a_note() -> None:
    render = "if not getattr(self, 'nodelist', False):\n    self.nodelist = load()"
    assert severities(app(render)) == [Severity.NOTE]
