"""`ts-lib-not-threadsafe`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from gaebot.rule import discover
from tests.rules.helpers import find, make_app

RULE = "ts-lib-not-threadsafe"
YAML = "runtime: python27\napi_version: 1\nthreadsafe: true\nhandlers:\n- url: /.*\n  script: main.app\n"
OLD = "_current_session = None\n\ndef start(environ):\n    global _current_session\n    _current_session = Session(environ)\n"
MAIN = "import webapp2\nimport gaesessions\n\napp = gaesessions.wrap(webapp2.WSGIApplication([]))\n"


def findings(library: str, main: str = MAIN, yaml: str = YAML, path: str = "gaesessions/__init__.py"):
    files = {"app.yaml": yaml, "main.py": main, path: library}
    app = make_app(files)
    app.vendored = {"gaesessions": "gae-sessions"}
    rule = next(rule for rule in discover("python27") if rule.id == RULE)
    return list(rule.check(app))


@pytest.mark.parametrize(
    "library",
    [
        "import threading\n_tls = threading.local()\n\ndef start(environ):\n    _tls.current_session = environ\n",
        "_current_session = None\n\ndef start(environ):\n    _current_session = environ\n    return _current_session\n",
        "_current_session = None\n\ndef stop():\n    global _current_session\n    _current_session = None\n",
        "_processors = None\n\ndef processors():\n    global _processors\n    _processors = []\n",
        "user_agents = None\n\ndef agents():\n    global user_agents\n    user_agents = []\n",
        "session = Session()\n",
        "class A(object):\n    def start(self, request):\n        self.request = request\n",
    ],
)
def test_other_libraries_are_left_alone(library: str) -> None:
    assert findings(library) == []


def test_a_library_that_nothing_loads_is_left_alone() -> None:
    assert findings(OLD, main="import webapp2\napp = webapp2.WSGIApplication([])\n") == []


def test_the_apps_own_code_is_for_other_rules() -> None:
    assert find(RULE, {"app.yaml": YAML, "main.py": MAIN.replace("gaesessions", "own"), "own.py": OLD}) == []


def test_an_old_session_library() -> None:
    (finding,) = findings(OLD)
    assert (finding.place.path, finding.place.start.line) == ("gaesessions/__init__.py", 5)
    assert finding.severity is Severity.ERROR
    assert "gae-sessions keeps `_current_session` for all requests" in finding.message


def test_a_module_of_a_package_that_is_loaded() -> None:
    assert len(findings(OLD, path="gaesessions/middleware.py")) == 0  # its package does not exist
    (finding,) = findings(OLD, main=MAIN.replace("gaesessions\n", "gaesessions.middleware\n", 1))
    assert finding.severity is Severity.ERROR


def test_while_requests_come_one_after_the_other_it_is_advice() -> None:
    (finding,) = findings(OLD, yaml=YAML.replace("true", "false"))
    assert finding.severity is Severity.NOTE
