"""`backends-start-cgi`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.scripts import APP, GUARD, IMPORTS, KEPT

RULE = "backends-start-cgi"
WORKER = f"{IMPORTS}app = {APP}\n\ndef main():\n    run_wsgi_app(app)\n{GUARD}"
APP_YAML = "runtime: python27\nthreadsafe: false\n"


def backends(start: str) -> str:
    return f"backends:\n- name: worker\n  class: B2\n  start: {start}\n  options: dynamic\n"


@pytest.mark.parametrize("start", ["worker.app", "gone.py", "$PYTHON_LIB/google/appengine/ext/admin", "~"])
def test_leaves_alone(start: str) -> None:
    assert find(RULE, {"app.yaml": APP_YAML, "backends.yaml": backends(start), "worker.py": WORKER}) == []


def test_backends_without_a_start_and_other_files_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": APP_YAML, "backends.yaml": "backends:\n- name: worker\n"}) == []
    assert (
        find(RULE, {"app.yaml": APP_YAML, "old/backends.yaml": backends("worker.py"), "worker.py": WORKER})
        == []
    )


def test_a_script_that_can_not_be_converted_is_advice() -> None:
    files = {
        "app.yaml": APP_YAML,
        "backends.yaml": backends("worker.py"),
        "worker.py": "print 'Status: 200'\n",
    }
    (finding,) = find(RULE, files)
    assert finding.fix is None


@pytest.mark.parametrize(("start", "name"), [("worker.py", "worker.app"), ('"worker.py"', '"worker.app"')])
def test_the_script_becomes_an_application(start: str, name: str) -> None:
    after = fixed(RULE, {"app.yaml": APP_YAML, "backends.yaml": backends(start), "worker.py": WORKER})
    assert after == {
        "app.yaml": APP_YAML,
        "backends.yaml": backends(name),
        "worker.py": f"{KEPT}app = {APP}\n",
    }


def test_backends_in_app_yaml() -> None:
    files = {"app.yaml": APP_YAML + backends("worker.py"), "worker.py": WORKER}
    assert fixed(RULE, files)["app.yaml"] == APP_YAML + backends("worker.app")
