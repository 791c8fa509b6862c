"""`yaml-api-config-cgi`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.scripts import APP, GUARD, IMPORTS, KEPT

RULE = "yaml-api-config-cgi"
API = f"{IMPORTS}api = {APP}\n\ndef main():\n    run_wsgi_app(api)\n{GUARD}"


def service(script: str) -> str:
    return f"runtime: python27\nthreadsafe: false\napi_config:\n  url: /_ah/spi/.*\n  script: {script}\n"


@pytest.mark.parametrize("script", ["api.api", "gone.py", "$PYTHON_LIB/google/appengine/ext/admin", ""])
def test_leaves_alone(script: str) -> None:
    assert find(RULE, {"app.yaml": service(script), "api.py": API}) == []


def test_handlers_are_left_alone() -> None:
    yaml = "runtime: python27\nthreadsafe: false\napi_config: none\nhandlers:\n- url: /\n  script: api.py\n"
    assert find(RULE, {"app.yaml": yaml, "api.py": API}) == []


def test_a_script_that_can_not_be_converted_is_advice() -> None:
    (finding,) = find(RULE, {"app.yaml": service("api.py"), "api.py": "print 'Status: 200'\n"})
    assert finding.fix is None


@pytest.mark.parametrize(("script", "name"), [("api.py", "api.api"), ("'api.py'", "'api.api'")])
def test_the_script_becomes_an_application(script: str, name: str) -> None:
    after = fixed(RULE, {"app.yaml": service(script), "api.py": API})
    assert after == {"app.yaml": service(name), "api.py": f"{KEPT}api = {APP}\n"}
