"""`yaml-mixed-cgi-wsgi`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.scripts import APP, GUARD, IMPORTS, KEPT

RULE = "yaml-mixed-cgi-wsgi"
MAIN = f"{IMPORTS}app = {APP}\n\ndef main():\n    run_wsgi_app(app)\n{GUARD}"
RAW = "print 'Content-Type: text/plain'\nprint\n"


def service(*scripts: str, more: str = "") -> str:
    handlers = "".join(f"- url: /{number}\n  script: {script}\n" for number, script in enumerate(scripts))
    return f"runtime: python27\nthreadsafe: false\n{more}handlers:\n{handlers}"


@pytest.mark.parametrize(
    "scripts", [["main.py"], ["main.app"], ["main.py", "raw.py"], ["main.app", "raw.app"], []]
)
def test_one_kind_is_left_alone(scripts: list[str]) -> None:
    assert find(RULE, {"app.yaml": service(*scripts), "main.py": MAIN, "raw.py": RAW}) == []


def test_a_script_from_the_url_is_left_alone() -> None:
    yaml = service("main.py") + "- url: /(.*\\.py)\n  script: \\1\n"
    assert find(RULE, {"app.yaml": yaml, "main.py": MAIN}) == []


def test_builtins_and_other_places_are_not_counted() -> None:
    more = "builtins:\n- deferred: on\nbackends:\n- name: b\n  start: main.app\n"
    assert find(RULE, {"app.yaml": service("raw.py", more=more), "raw.py": RAW, "main.py": MAIN}) == []


def test_both_kinds() -> None:
    files = {"app.yaml": service("main.app", "main.py"), "main.py": MAIN}
    (finding,) = find(RULE, files)
    assert finding.place.snippet == b"main.py"
    assert finding.fix is not None
    assert finding.fix.title == "Make 1 script of app.yaml a WSGI application"
    after = fixed(RULE, files)
    assert after["app.yaml"] == service("main.app", "main.app")
    assert after["main.py"] == f"{KEPT}app = {APP}\n"


def test_of_an_included_file_too() -> None:
    files = {
        "app.yaml": service("main.app", more="includes:\n- more.yaml\n"),
        "more.yaml": "handlers:\n- url: /more\n  script: main.py\n",
        "main.py": MAIN,
    }
    assert fixed(RULE, files)["more.yaml"] == "handlers:\n- url: /more\n  script: main.app\n"


def test_one_that_can_not_be_converted_is_advice() -> None:
    files = {"app.yaml": service("main.app", "raw.py"), "main.py": MAIN, "raw.py": RAW}
    (finding,) = find(RULE, files)
    assert finding.fix is None
