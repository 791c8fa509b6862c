"""`lib-django-handlers`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "lib-django-handlers"


def app(builtins: str = "- django_wsgi: on", libraries: str = "") -> dict[str, str | bytes]:
    text = f"runtime: python27\napi_version: 1\nthreadsafe: true\nbuiltins:\n{builtins}\n"
    return {"app.yaml": f"{text}libraries:\n{libraries}\n" if libraries else text}


def django(version: str) -> str:
    return f'- name: django\n  version: "{version}"'


@pytest.mark.parametrize("version", ["1.2", "1.3", "1.4", "1.5", "latest"])
def test_older_versions_work(version: str) -> None:
    assert find(RULE, app(libraries=django(version))) == []


@pytest.mark.parametrize("builtins", ["- django_wsgi: off", "- deferred: on", "- remote_api: on"])
def test_other_builtins_are_left_alone(builtins: str) -> None:
    assert find(RULE, app(builtins, django("1.11"))) == []


def test_no_library_is_another_matter() -> None:
    assert find(RULE, app()) == []
    assert find(RULE, app(libraries='- name: jinja2\n  version: "2.6"')) == []


@pytest.mark.parametrize("version", ["1.9", "1.11"])
@pytest.mark.parametrize("switch", ["on", "yes", "true"])
def test_newer_versions_fail(version: str, switch: str) -> None:
    (finding,) = find(RULE, app(f"- django_wsgi: {switch}", django(version)))
    assert finding.severity is Severity.ERROR
    assert finding.fix is None
    assert b"django_wsgi" in finding.place.snippet


def test_an_included_file_counts() -> None:
    files = {
        "app.yaml": "runtime: python27\nincludes:\n- more.yaml\nlibraries:\n" + django("1.11") + "\n",
        "more.yaml": "builtins:\n- django_wsgi: on\n",
    }
    (finding,) = find(RULE, {**files})
    assert finding.place.path == "more.yaml"


HANDLER = "import django.core.handlers.wsgi\napp = django.core.handlers.wsgi.WSGIHandler()\n"


def with_django(main: str, version: str = "1.11") -> dict[str, str | bytes]:
    files = wsgi(main)
    return {**files, "app.yaml": f"{files['app.yaml']!s}libraries:\n{django(version)}\n"}


@pytest.mark.parametrize("version", ["1.2", "1.3", "1.4", "1.5", "latest"])
def test_a_handler_of_an_older_version_works(version: str) -> None:
    assert find(RULE, with_django(HANDLER, version)) == []


@pytest.mark.parametrize(
    "main",
    [
        "from django.core.wsgi import get_wsgi_application\napp = get_wsgi_application()\n",
        "import django\ndjango.setup()\n" + HANDLER,
        "# " + HANDLER.replace("\n", "\n# "),
        "from other import WSGIHandler\napp = WSGIHandler()\n",
        "import django.core.handlers.wsgi\n\nclass App(django.core.handlers.wsgi.WSGIHandler):\n    pass\n",
    ],
)
def test_a_django_that_is_set_up_is_left_alone(main: str) -> None:
    assert find(RULE, with_django(main)) == []


def test_a_django_of_the_apps_own_is_left_alone() -> None:
    assert find(RULE, {**with_django(HANDLER), "django/__init__.py": "VERSION = (1, 3, 0)\n"}) == []
    assert find(RULE, wsgi(HANDLER)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HANDLER, "import django.core.wsgi\napp = django.core.wsgi.get_wsgi_application()\n"),
        (
            "from django.core.handlers.wsgi import WSGIHandler\napp = WSGIHandler()  # WSGI\n",
            "from django.core.wsgi import get_wsgi_application\napp = get_wsgi_application()  # WSGI\n",
        ),
        (
            "from django.core.handlers import wsgi\r\napp = Middleware(wsgi.WSGIHandler())\r\n",
            "from django.core import wsgi\r\napp = Middleware(wsgi.get_wsgi_application())\r\n",
        ),
    ],
)
@pytest.mark.parametrize("version", ["1.9", "1.11"])
def test_sets_django_up(before: str, after: str, version: str) -> None:
    (finding,) = find(RULE, with_django(before, version))
    assert finding.severity is Severity.WARNING
    assert fixed(RULE, with_django(before, version))["main.py"] == after


@pytest.mark.parametrize(
    "main",
    [
        "from django.core.handlers.wsgi import WSGIHandler as W\napp = W()\n",
        "from django.core.handlers.wsgi import WSGIHandler, WSGIRequest\napp = WSGIHandler()\n",
        "from django.core.handlers import wsgi\napp = wsgi.WSGIHandler()\nx = wsgi.WSGIRequest\n",
        HANDLER + "x = django.core.handlers.base\n",
    ],
)
def test_other_spellings_are_only_told(main: str) -> None:
    (finding,) = find(RULE, with_django(main))
    assert finding.fix is None
