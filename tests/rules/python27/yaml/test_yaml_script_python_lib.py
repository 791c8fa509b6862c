"""`yaml-script-python-lib`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-script-python-lib"
EXT = "$PYTHON_LIB/google/appengine/ext"


def service(script: str) -> str:
    return (
        f"runtime: python27\nthreadsafe: false\nhandlers:\n- url: /remote_api\n  script: {script}\n"
        "  login: admin\n"
    )


@pytest.mark.parametrize(
    "script",
    [
        "main.py",
        "google.appengine.ext.deferred.application",
        "google/appengine/ext/deferred/handler.py",
        "PYTHON_LIB/a.py",
    ],
)
def test_leaves_alone(script: str) -> None:
    assert find(RULE, {"app.yaml": service(script), "main.py": ""}) == []


def test_builtins_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": "runtime: python27\nthreadsafe: true\nbuiltins:\n- deferred: on\n"}) == []


@pytest.mark.parametrize("name", ["mapreduce/main.py", "datastore_admin/main.py", "nothing/main.py"])
def test_what_is_gone_is_told(name: str) -> None:
    (finding,) = find(RULE, {"app.yaml": service(f"{EXT}/{name}")})
    assert finding.fix is None
    assert "SDK" in finding.message


@pytest.mark.parametrize(
    ("script", "name"),
    [
        (f"{EXT}/remote_api/handler.py", "google.appengine.ext.remote_api.handler.application"),
        (f"{EXT}/deferred/handler.py", "google.appengine.ext.deferred.application"),
        (f"'{EXT}/appstats/ui.py'", "'google.appengine.ext.appstats.ui.app'"),
        (f'"{EXT}//admin"', '"google.appengine.ext.admin.application"'),
    ],
)
def test_the_name_changes_and_the_url_stays(script: str, name: str) -> None:
    assert fixed(RULE, {"app.yaml": service(script)})["app.yaml"] == service(name)


def test_zipserve_gets_a_module() -> None:
    after = fixed(RULE, {"app.yaml": service(f"{EXT}/zipserve")})
    assert after["app.yaml"] == service("zipserve_app.app")
    assert "zipserve.ZipHandler" in after["zipserve_app.py"]
