"""`ts-django-settings`: what it leaves alone and finds."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "ts-django-settings"

HEAD = "import django.conf\nimport webapp2\nfrom django.conf import settings\n"
APP = "\napp = webapp2.WSGIApplication([('/', Main)])\n"


def handler(code: str, head: str = HEAD) -> dict[str, str | bytes]:
    """An app whose one request handler runs some statements."""
    body = indent(dedent(code), "        ")
    return wsgi(f"{head}\nclass Main(webapp2.RequestHandler):\n    def get(self):\n{body}\n{APP}")


@pytest.mark.parametrize(
    "code",
    [
        "x = settings.DEBUG",
        "if settings.DEBUG == 1: pass",
        "settings._target = None",
        "self.settings.DEBUG = True",
        "settings = self.load()\nsettings.DEBUG = True",
        "settings.X.append(1)",
        "getattr(settings, 'DEBUG')",
        "setattr(self, 'DEBUG', settings)",
        "configure()",
        "f(settings.configured)",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, handler(code)) == []


@pytest.mark.parametrize("code", ["settings.DEBUG = True", "settings.configure(DEBUG=True)"])
def test_import_code_and_other_modules_are_left_alone(code: str) -> None:
    assert find(RULE, wsgi(f"{HEAD}{code}\nclass Main(webapp2.RequestHandler):\n    pass\n{APP}")) == []
    own = handler(code, "import webapp2\nimport settings  # not django's\n")
    assert find(RULE, {**own, "settings.py": "DEBUG = False\n"}) == []
    assert find(RULE, {**handler("pass"), "tool.py": f"{HEAD}def get(request):\n    {code}\n"}) == []


@pytest.mark.parametrize(
    "code",
    [
        "settings.LANGUAGE_CODE = self.request.get('l')",
        "django.conf.settings.LANGUAGE_CODE = self.request.get('l')",
        "setattr(settings, 'LANGUAGE_CODE', self.request.get('l'))",
        "setattr(settings, self.request.get('l'), 1)",
        "settings.DEBUG = True\nself.load()\nsettings.DEBUG = False",
        "settings._wrapped = self.load()",
        "settings.configure(DEBUG=True)",
        "from django import conf\nconf.settings.DEBUG = self.load()",
        "from django.conf import settings as chosen\nchosen.configure(DEBUG=True)",
        "django.conf.settings.configure(DEBUG=True)",
    ],
)
def test_finds(code: str) -> None:
    (finding,) = find(RULE, handler(code))
    assert finding.severity is Severity.WARNING
    assert "`Main.get`" in finding.message


@pytest.mark.parametrize(
    "code",
    [
        "settings.DEBUG = True",
        "settings.DEBUG = True\nsettings.DEBUG = True",
        "if not settings.configured:\n    settings.configure(DEBUG=True)",
        "try:\n    settings.configure(DEBUG=True)\nexcept RuntimeError: pass",
    ],
)
def test_what_comes_to_the_same_each_time_is_a_note(code: str) -> None:
    assert [finding.severity for finding in find(RULE, handler(code))] == [Severity.NOTE]
