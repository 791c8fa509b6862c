"""`cwd-template-path`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Safety, Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.files.folders import below
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "cwd-template-path"
HEAD = "import os\nimport jinja2\nfrom mako.lookup import TemplateLookup\nfrom google.appengine.ext import webapp\nfrom google.appengine.ext.webapp import template\n"
THERE = ["admin/menu.yaml", "admin/pages/tea.yaml"]


@pytest.mark.parametrize(
    "line",
    [
        "x = template.render('/abs/menu.yaml', {})",
        "x = template.render(os.path.join(os.path.dirname(__file__), 'menu.yaml'), {})",
        "x = template.render(path, {})",
        "x = template.render('elsewhere.html', {})",
        "x = self.render('menu.yaml', {})",
        "x = jinja2.FileSystemLoader(os.path.join(os.path.dirname(__file__), 'pages'))",
        "x = jinja2.PackageLoader('pages')",
        "TEMPLATE_DIRS = (os.path.join(os.path.dirname(__file__), 'pages'),)",
        "TEMPLATE_DIRS = ()",
    ],
)
@pytest.mark.parametrize("runtime", ["python", "python27"])
def test_leaves_alone(line: str, runtime: str) -> None:
    assert find(RULE, below(HEAD + line + "\n", *THERE, runtime=runtime)) == []


@pytest.mark.parametrize(
    ("line", "severity", "made"),
    [
        (
            "x = template.render('menu.yaml', {})",
            Severity.ERROR,
            "x = template.render(os.path.join(os.path.dirname(__file__), 'menu.yaml'), {})",
        ),
        (
            "x = webapp.template.render('pages/%s' % name, {})",
            Severity.ERROR,
            "x = webapp.template.render(os.path.join(os.path.dirname(__file__), 'pages/%s' % name), {})",
        ),
        (
            "x = template.load('pages/tea.yaml')",
            Severity.ERROR,
            "x = template.load(os.path.join(os.path.dirname(__file__), 'pages/tea.yaml'))",
        ),
        (
            "x = jinja2.Environment(loader=jinja2.FileSystemLoader('pages'))",
            Severity.ERROR,
            "x = jinja2.Environment(loader=jinja2.FileSystemLoader(os.path.join(os.path.dirname(__file__), 'pages')))",
        ),
        (
            "x = jinja2.FileSystemLoader(['pages', other])",
            Severity.ERROR,
            "x = jinja2.FileSystemLoader([os.path.join(os.path.dirname(__file__), 'pages'), other])",
        ),
        (
            "x = TemplateLookup(directories=['pages'])",
            Severity.ERROR,
            "x = TemplateLookup(directories=[os.path.join(os.path.dirname(__file__), 'pages')])",
        ),
        (
            "from bottle import TEMPLATE_PATH as places; places.insert(0, 'pages')",
            Severity.ERROR,
            "from bottle import TEMPLATE_PATH as places; places.insert(0, os.path.join(os.path.dirname(__file__), 'pages'))",
        ),
        (
            "from google.appengine.ext.webapp.template import load as page; x = page('menu.yaml')",
            Severity.ERROR,
            "from google.appengine.ext.webapp.template import load as page; x = page(os.path.join(os.path.dirname(__file__), 'menu.yaml'))",
        ),
        (
            "TEMPLATE_DIRS = ('pages',)",
            Severity.ERROR,
            "TEMPLATE_DIRS = (os.path.join(os.path.dirname(__file__), 'pages'),)",
        ),
    ],
)
@pytest.mark.parametrize("runtime", ["python", "python27"])
def test_starts_at_the_module(line: str, severity: Severity, made: str, runtime: str) -> None:
    files = below(HEAD + line + "\n", *THERE, runtime=runtime)
    (finding,) = find(RULE, files)
    assert finding.severity == severity
    assert finding.fix is not None
    assert fixed(RULE, files)["admin/main.py"] == HEAD + made + "\n"


def test_what_is_in_the_root_too_is_a_question_before_the_switch() -> None:
    code = HEAD + "x = template.render('menu.yaml', {})\n"
    files = below(code, *THERE, *["menu.yaml"], runtime="python")
    (finding,) = find(RULE, files)
    assert finding.severity == Severity.WARNING
    assert finding.fix is not None
    assert finding.fix.safety == Safety.REVIEW
    assert find(RULE, below(code, *THERE, *["menu.yaml"])) == []


def test_scripts_in_the_root_and_tools_are_left_alone() -> None:
    code = HEAD + "x = template.render('menu.yaml', {})\n"
    there = dict.fromkeys(THERE, "x: 1\n")
    assert find(RULE, {**wsgi(code), **there}) == []
    assert find(RULE, {**wsgi("app = 1\n"), "admin/tool.py": code, **there}) == []
