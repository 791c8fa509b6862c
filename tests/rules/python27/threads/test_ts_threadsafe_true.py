"""`ts-threadsafe-true`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "ts-threadsafe-true"
YAML = "runtime: python27\napi_version: 1\nthreadsafe: true\nhandlers:\n- url: /.*\n  script: main.app\n"
HEAD = "import webapp2\n\nshared = None\n\nclass Home(webapp2.RequestHandler):\n    def get(self):\n"
ROUTES = "\n\napp = webapp2.WSGIApplication([('/', Home)])\n"
LEAK = f"{HEAD}        global shared\n        shared = self.request.get('a')\n        print shared{ROUTES}"


@pytest.mark.parametrize(
    "body",
    [
        "shared = self.request.get('a')",
        "global shared\n        if shared is None:\n            shared = len('a')",
        "self.shared = self.request.get('a')",
    ],
)
def test_harmless_code_is_left_alone(body: str) -> None:
    assert (
        find(RULE, {"app.yaml": YAML, "main.py": f"{HEAD}        {body}\n        print shared{ROUTES}"}) == []
    )


@pytest.mark.parametrize("value", ["false", "'true'", ""])
def test_other_values_are_left_alone(value: str) -> None:
    yaml = YAML.replace("threadsafe: true", f"threadsafe: {value}")
    assert find(RULE, {"app.yaml": yaml, "main.py": LEAK}) == []


def test_beside_cgi_scripts_another_rule_tells_it() -> None:
    yaml = f"{YAML}- url: /raw\n  script: raw.py\n"
    assert find(RULE, {"app.yaml": yaml, "main.py": LEAK, "raw.py": "print 1\n"}) == []


def test_a_service_that_does_not_load_the_code_is_left_alone() -> None:
    files = {"app.yaml": YAML, "main.py": "app = 1\n", "leak.py": LEAK, "b.yaml": f"service: b\n{YAML}"}
    files["b.yaml"] = files["b.yaml"].replace("main.app", "leak.app")
    assert [finding.path for finding in find(RULE, files)] == ["b.yaml"]


def test_it_names_the_places() -> None:
    (finding,) = find(RULE, {"app.yaml": YAML, "main.py": LEAK})
    assert finding.place.start.line == 3
    assert "`shared`" in finding.message
    assert [(r.place.path, r.place.start.line) for r in finding.related] == [("main.py", 8)]


def test_it_takes_concurrent_requests_back() -> None:
    after = fixed(RULE, {"app.yaml": YAML, "main.py": LEAK})
    assert after["app.yaml"] == YAML.replace("true", "false")


def test_where_locks_mend_it_they_come_first() -> None:
    code = f"{HEAD}        global shared\n        shared += 1\n        print shared{ROUTES}"
    (finding,) = find(RULE, {"app.yaml": YAML, "main.py": code})
    assert finding.fix is None
    assert "a patch is on offer" in finding.message
