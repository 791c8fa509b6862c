"""What the pages of the `templates` rules say, asked of the Django that renders them on python27.

Each example that a rule patches is rendered before and after.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gaebot.prove.python27 import ask
from tests.rules.helpers import fixed
from tests.trees import write_tree

# Python 2 code. Each line of its input is an expression; it prints what it gives, or the error's name.
RENDER = r"""
import json, os, sys
sdk, app = sys.argv[1:3]
os.environ['APPENGINE_RUNTIME'] = 'python27'
sys.path[:0] = [app, sdk, sdk + '/lib/webapp2-2.5.2', sdk + '/lib/webob-1.1.1', sdk + '/lib/django-1.4']
os.chdir(app)
from google.appengine.ext.webapp import template
for line in sys.stdin.read().split('\0'):
    try:
        scope = {'template': template}
        exec line in scope
        answer = scope['answer']
    except Exception, error:
        answer = type(error).__name__
    print json.dumps(answer)
"""

FILTERS = """\
from google.appengine.ext.webapp import template
register = template.create_template_register()
def link(value):
    return value.replace('@', '<a>@</a>')
register.filter(link)
"""
MAIN = """\
import webapp2
from google.appengine.ext.webapp import template
{register}
class Main(webapp2.RequestHandler):
    def get(self):
        self.response.out.write(template.render('index.html', {{'x': '<b>x</b>'}}))
app = webapp2.WSGIApplication([('/', Main)])
"""
APP_YAML = "runtime: python27\napi_version: 1\nthreadsafe: true\nhandlers:\n- url: /.*\n  script: main.app\n"


@pytest.fixture
def answers(python27: Path, sdk: Path, tmp_path: Path):
    def run(files: dict[str, str | bytes], *lines: str) -> list[str]:
        app = write_tree(tmp_path / str(len(list(tmp_path.iterdir()))), files)
        output = ask(python27, RENDER, [str(sdk), str(app)], [line.encode() for line in lines])
        return [json.loads(line or "null") for line in output]

    return run


def app(page: str, register: str = "") -> dict[str, str | bytes]:
    main = MAIN.format(register=register)
    return {"app.yaml": APP_YAML, "main.py": main, "filters.py": FILTERS, "index.html": page}


def patched(rule: str, files: dict[str, str | bytes]) -> dict[str, str | bytes]:
    made: dict[str, str | bytes] = {**fixed(rule, files)}
    assert made != files
    return made


PAGE = "answer = template.render('index.html', {'x': '<b>@</b>', 'y': '<'})"


def test_html_is_escaped_and_the_patch_prints_it(answers) -> None:
    files = app("{{ x }} {{ y }}")
    assert answers(files, PAGE) == ["&lt;b&gt;@&lt;/b&gt; &lt;"]
    assert answers(patched("tmpl-autoescape", files), PAGE) == ["<b>@</b> &lt;"]


def test_filters_that_return_html(answers) -> None:
    register = "template.register_template_library('template_libraries.filters_library')"
    files = {
        **app("{{ y|escape|link }}|{{ x|escape|link|linebreaksbr }}", register),
        "template_libraries/__init__.py": "",
        "template_libraries/filters_library.py": FILTERS,
    }
    spoilt = answers(files, f"{register}\n{PAGE}")
    assert spoilt == ["&lt;|&lt;b&gt;&lt;a&gt;@&lt;/a&gt;&lt;/b&gt;"]
    made = patched("tmpl-autoescape", files)
    assert answers(made, f"{register}\n{PAGE}") == ["&lt;|&lt;b&gt;<a>@</a>&lt;/b&gt;"]


def test_a_library_without_a_package(answers) -> None:
    files = app("{{ x|link }}", "template.register_template_library('filters')")
    call = "template.register_template_library('{}')\nanswer = 'registered'"
    assert answers(files, call.format("filters")) == ["ValueError"]
    made = patched("tmpl-register-nodot", files)
    assert answers(made, call.format("template_libraries.filters_library")) == ["registered"]


def test_tags_and_pages_that_are_not_there(answers) -> None:
    files = {
        **app("{% url x %}"),
        "load.html": "{% load mine %}",
        "cache.html": "{% load cache %}",
        "there.html": "{% load i18n %}x",
        "pages/up.html": '{% extends "../index.html" %}',
        "pages/back.html": '{% include "../pages/part.html" %}',
        "pages/part.html": "part",
        "latin.html": b"{{ x }} \xe9",
    }
    names = ("index", "load", "cache", "there", "pages/up", "pages/back", "latin")
    lines = [f"answer = template.render('{name}.html', {{}})" for name in names]
    assert answers(files, *lines) == [
        *(
            "NotImplementedError",
            "TemplateSyntaxError",
            "TemplateSyntaxError",
            "x",
            "TemplateDoesNotExist",
            "part",
        ),
        "UnicodeDecodeError",
    ]


def test_safe_texts_of_the_public_django_are_escaped(answers) -> None:
    register = "template.register_template_library('common.filters')"
    filters = "from django.utils.safestring import mark_safe\n" + FILTERS.replace(
        "return value.replace('@', '<a>@</a>')", "return mark_safe('<a>')"
    )
    files = {**app("{{ x|link }}", register), "common/__init__.py": "", "common/filters.py": filters}
    assert answers(files, f"{register}\n{PAGE}") == ["&lt;a&gt;"]
    assert answers(patched("tmpl-mark-safe", files), f"{register}\n{PAGE}") == ["<a>"]


def test_settings_are_each_threads_own_and_not_the_apps(answers) -> None:
    swap = "template._swap_settings({'TEMPLATE_DIRS': ()})\nanswer = 'swapped'"
    files = app("{{ x }}")
    assert answers(files, swap, PAGE, swap) == ["AssertionError", "&lt;b&gt;@&lt;/b&gt;", "swapped"]


def test_pages_are_unicode(answers) -> None:
    files = app("é{{ y }}")
    assert answers(
        files,
        "answer = isinstance(template.render('index.html', {}), unicode)",
        "answer = template.render('index.html', {}).decode('utf-8')",
        "answer = unicode(template.render('index.html', {}), 'utf-8')",
        "import hashlib\nanswer = hashlib.md5(template.render('index.html', {}))",
    ) == [True, "UnicodeEncodeError", "TypeError", "UnicodeEncodeError"]
