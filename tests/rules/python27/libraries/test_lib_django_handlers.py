"""`lib-django-handlers`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find

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
