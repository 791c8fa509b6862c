"""`lib-django-version`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-django-version"
USE = "from google.appengine.dist import use_library\nuse_library('django', '{}')\n"


@pytest.mark.parametrize(
    "code",
    [
        "import djangoforms",
        "from django.utils import simplejson",
        "import django.utils.simplejson as json",
        "# import django",
        "try:\n    import django\nexcept ImportError:\n    django = None",
        USE.format("1.2") + "import django",
        USE.format("1.3") + "from django import template",
        "from appengine_django import InstallAppengineHelperForDjango\n"
        "InstallAppengineHelperForDjango()\nimport django",
        "try:\n    from django import newforms as forms\nexcept ImportError:\n    from django.utils import simplejson",
        "from mylib import newforms",
        "from djangolib.newforms import CharField",
        "from django.utils import simplejson\nx = dict(maxlength=3)",
        "if __name__ == '__main__':\n    import django",
    ],
)
@pytest.mark.parametrize("app", [wsgi, cgi])
def test_leaves_alone(code: str, app: object) -> None:
    if app is cgi and "__main__" in code:
        return  # a CGI script does run it
    assert find(RULE, app(f"{code}\n")) == []  # type: ignore[operator]


def test_an_app_that_has_switched_has_chosen() -> None:
    assert find(RULE, wsgi("import django\n")) == []


def test_an_app_with_its_own_django_is_left_alone() -> None:
    own = {"django/__init__.py": "VERSION = (0, 96)\n"}
    assert find(RULE, {**cgi("import django\nfrom django import newforms\n"), **own}) == []


def test_tools_are_left_alone() -> None:
    assert find(RULE, {**cgi("x = 1\n"), "manage.py": "import django\nfrom django import newforms\n"}) == []


def test_filters_of_webapps_templates_are_left_alone() -> None:
    main = "from google.appengine.ext.webapp import template\ntemplate.register_template_library('common.filters')\n"
    files = {**cgi(main), "common/__init__.py": "", "common/filters.py": "from django import template\n"}
    assert find(RULE, files) == []


@pytest.mark.parametrize(
    ("code", "version"),
    [
        ("import django", "0.96"),
        ("from django.template import Context", "0.96"),
        ("from django.conf import settings\nimport django.db", "0.96"),
        (USE.format("1.0") + "import django", "1.0"),
        (USE.format("1.1") + "import django", "1.1"),
        (
            "from appengine_django import InstallAppengineHelperForDjango\n"
            "InstallAppengineHelperForDjango('1.1')\nimport django",
            "1.1",
        ),
    ],
)
def test_tells_the_version_once(code: str, version: str) -> None:
    (finding,) = find(RULE, cgi(f"{code}\n"))
    assert finding.severity is Severity.WARNING
    assert f"Django {version}," in finding.message
    assert "take 1.2" in finding.message


@pytest.mark.parametrize("value", ["'1.1'", "1.1", "'1.0'"])
def test_appengine_config_may_choose(value: str) -> None:
    (finding,) = find(RULE, cgi("import django\n", appengine_config=f"webapp_django_version = {value}\n"))
    chosen = value.strip("'")
    assert f"Django {chosen}," in finding.message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from django import newforms as forms\n", "from django import forms\n"),
        ("from django import newforms\n", "from django import forms as newforms\n"),
        ("from django.newforms import CharField\n", "from django.forms import CharField\n"),
        ("from django.newforms import *\n", "from django.forms import *\n"),
        ("from django.newforms.util import ErrorList\n", "from django.forms.util import ErrorList\n"),
        ("import django.newforms as forms\n", "import django.forms as forms\n"),
        (
            "def view():\n\tfrom django import newforms as f\n",
            "def view():\n\tfrom django import forms as f\n",
        ),
        ("from django import newforms as forms; x = 1\r\n", "from django import forms; x = 1\r\n"),
        (
            "from django.db import models\nx = models.CharField(maxlength=3)\n",
            "from django.db import models\nx = models.CharField(max_length=3)\n",
        ),
        (
            "from django.db.models import CharField as C\nx = C('a', null=True, maxlength = N)  # maxlength\n",
            "from django.db.models import CharField as C\nx = C('a', null=True, max_length = N)  # maxlength\n",
        ),
    ],
)
def test_writes_the_new_names(before: str, after: str) -> None:
    (finding,) = find(RULE, wsgi(before))
    assert finding.severity is Severity.ERROR
    assert fixed(RULE, wsgi(before))["main.py"] == after


def test_nothing_is_patched_before_the_switch() -> None:
    findings = find(RULE, cgi(USE.format("1.2") + "from django import newforms as forms\n"))
    assert [finding.fix for finding in findings] == [None]


def test_a_plain_import_is_only_told() -> None:
    (finding,) = find(RULE, wsgi("import django.newforms\nx = django.newforms.CharField()\n"))
    assert finding.fix is None
