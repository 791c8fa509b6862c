"""Finding the helper for Django that an app carries along, and the version it is asked for."""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.libraries.django_helper import (
    helper_copies,
    helper_version,
    uses_helper,
)
from gaebot.rules.python27.shared.libraries.use_library import django_version
from tests.rules.helpers import make_app
from tests.rules.python27.wsgi.scripts import wsgi

PATH = "appengine_django/__init__.py"
HELPER = "def InstallAppengineHelperForDjango(version=None):\n  pass\n"
IMPORT = "from appengine_django import InstallAppengineHelperForDjango\n"


def copies(main: str, path: str = PATH, helper: str = HELPER) -> list[str]:
    app = make_app({**wsgi(main), path: helper})
    return [file.source.path for file in helper_copies(app)]


@pytest.mark.parametrize(
    "main", [IMPORT, "import appengine_django\n", "def main():\n    from appengine_django import appid\n"]
)
def test_a_loaded_copy(main: str) -> None:
    assert copies(main) == [PATH]


@pytest.mark.parametrize(
    "main",
    ["", "import appengine_django_x\n", f"# {IMPORT}", f"if __name__ == '__main__':\n    {IMPORT}"],
)
def test_a_copy_that_no_request_loads(main: str) -> None:
    assert copies(main) == []


def test_other_modules_of_the_name() -> None:
    assert copies(IMPORT, helper="x = 1\n") == []
    assert copies(IMPORT, path="other/__init__.py") == []


@pytest.mark.parametrize(
    ("call", "version"),
    [
        ("InstallAppengineHelperForDjango()", None),
        ("InstallAppengineHelperForDjango('1.2')", "1.2"),
        ('InstallAppengineHelperForDjango(version="1.3")', "1.3"),
        ("InstallAppengineHelperForDjango(VERSION)", None),
        ("x = InstallAppengineHelperForDjango", None),
    ],
)
def test_the_version(call: str, version: str | None) -> None:
    assert helper_version(make_app({**wsgi(f"{IMPORT}{call}\n"), PATH: HELPER})) == version


def test_the_version_by_other_names() -> None:
    code = "from appengine_django import InstallAppengineHelperForDjango as install\ninstall('1.1')\n"
    assert helper_version(make_app(wsgi(code))) == "1.1"
    code = "import appengine_django\nappengine_django.InstallAppengineHelperForDjango('1.1')\n"
    assert helper_version(make_app(wsgi(code))) == "1.1"


def test_whether_it_is_called() -> None:
    assert uses_helper(make_app(wsgi(f"{IMPORT}InstallAppengineHelperForDjango()\n")))
    assert not uses_helper(make_app(wsgi(IMPORT)))
    assert not uses_helper(make_app(wsgi("InstallAppengineHelperForDjango()\n")))


def test_told_nothing_it_takes_the_newest_django_that_it_knows() -> None:
    app = make_app(wsgi(f"{IMPORT}InstallAppengineHelperForDjango()\n"))
    assert django_version(app) == ("1.2", "1.2")
