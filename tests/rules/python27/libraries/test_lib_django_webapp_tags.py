"""`lib-django-webapp-tags`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-django-webapp-tags"
MAIN = """\
import django.core.handlers.wsgi
from google.appengine.ext.webapp import template
template.register_template_library('shop.tags')
app = django.core.handlers.wsgi.WSGIHandler()
"""
MAIN_AFTER = """\
import django.core.handlers.wsgi
from django import template
template.add_to_builtins('shop.tags')
app = django.core.handlers.wsgi.WSGIHandler()
"""
TAGS = """\
from google.appengine.ext.webapp import template
register = template.create_template_register()
"""
TAGS_AFTER = """\
from django import template
register = template.Library()
"""


def app(main: str = MAIN, tags: str = TAGS) -> dict[str, str | bytes]:
    return {**wsgi(main), "shop/__init__.py": "", "shop/tags.py": tags}


@pytest.mark.parametrize(
    "main",
    [
        # webapp renders the pages
        MAIN + "template.render('a.html', {})\n",
        MAIN + "page = template.Template('x')\n",
        "from google.appengine.ext.webapp import template\ntemplate.register_template_library('shop.tags')\n",
        "from google.appengine.ext.webapp import template\nfrom django.utils import simplejson\n"
        "template.register_template_library('shop.tags')\n",
        # nothing is registered
        "import django.core.handlers.wsgi\nfrom google.appengine.ext.webapp import template\n",
        "import django.core.handlers.wsgi\nimport django.template\ndjango.template.add_to_builtins('shop.tags')\n",
        "import django.core.handlers.wsgi\n# template.register_template_library('shop.tags')\n",
        # Django is for the command line only
        "from google.appengine.ext.webapp import template\ntemplate.register_template_library('shop.tags')\n"
        "if __name__ == '__main__':\n    import django.core.handlers.wsgi\n",
    ],
)
def test_leaves_alone(main: str) -> None:
    assert find(RULE, app(main)) == []


def test_filters_that_import_django_do_not_make_it_an_app_of_django() -> None:
    main = (
        "from google.appengine.ext.webapp import template\ntemplate.register_template_library('shop.tags')\n"
    )
    assert find(RULE, app(main, "from django.template import Library\nregister = Library()\n")) == []


def test_is_told_once() -> None:
    main = MAIN + "template.register_template_library('shop.more')\n"
    (finding,) = find(RULE, app(main))
    assert finding.severity is Severity.WARNING
    assert len(finding.related) == 1


def test_nothing_is_patched_before_the_switch() -> None:
    (finding,) = find(RULE, {**cgi(MAIN), "shop/__init__.py": "", "shop/tags.py": TAGS})
    assert finding.fix is None


@pytest.mark.parametrize(
    ("main", "main_after", "tags", "tags_after"),
    [
        (MAIN, MAIN_AFTER, TAGS, TAGS_AFTER),
        (MAIN, MAIN_AFTER, TAGS_AFTER, TAGS_AFTER),
        (
            MAIN.replace("import template", "import template as t").replace("template.reg", "t.reg"),
            MAIN_AFTER.replace("import template", "import template as t").replace("template.add", "t.add"),
            TAGS.replace("import template", "import template as t").replace("template.c", "t.c"),
            TAGS_AFTER.replace("import template", "import template as t").replace("template.L", "t.L"),
        ),
        (
            MAIN.replace("import template", "import template, util") + "util.run_wsgi_app\n",
            MAIN_AFTER.replace(
                "import template\n",
                "import template\nfrom google.appengine.ext.webapp import util\n",
            )
            + "util.run_wsgi_app\n",
            TAGS.replace("\n", "\r\n"),
            TAGS_AFTER.replace("\n", "\r\n"),
        ),
    ],
)
def test_registers_with_django(main: str, main_after: str, tags: str, tags_after: str) -> None:
    after = fixed(RULE, app(main, tags))
    assert after["main.py"] == main_after
    assert after["shop/tags.py"] == tags_after


@pytest.mark.parametrize(
    ("main", "tags"),
    [
        (MAIN.replace("shop.tags", "tags"), TAGS),
        (MAIN, TAGS + "x = template\n"),
        (
            MAIN,
            "from google.appengine.ext.webapp.template import create_template_register\n"
            "register = create_template_register()\n",
        ),
        (
            MAIN,
            "from google.appengine.ext import webapp\nimport google.appengine.ext.webapp.template\n"
            "register = webapp.template.create_template_register()\n",
        ),
    ],
)
def test_other_uses_are_only_told(main: str, tags: str) -> None:
    (finding,) = find(RULE, app(main, tags))
    assert finding.fix is None


def test_the_module_may_come_by_a_star_import() -> None:
    main = "from base import *\ntemplate.register_template_library('shop.tags')\n"
    base = "import django.core.handlers.wsgi\nfrom google.appengine.ext.webapp import template\n"
    (finding,) = find(RULE, {**app(main), "base.py": base})
    assert finding.place.path == "main.py"


@pytest.mark.parametrize(
    ("version", "is_fixed"), [("1.2", True), ("1.5", True), ("1.9", False), ("1.11", False)]
)
def test_django_has_it_up_to_1_8(version: str, *, is_fixed: bool) -> None:
    files = app()
    files["app.yaml"] = f'{files["app.yaml"]!s}libraries:\n- name: django\n  version: "{version}"\n'
    (finding,) = find(RULE, files)
    assert (finding.fix is not None) is is_fixed
