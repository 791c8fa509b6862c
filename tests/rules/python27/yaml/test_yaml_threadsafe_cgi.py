"""`yaml-threadsafe-cgi`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.scripts import APP, KEPT

RULE = "yaml-threadsafe-cgi"
RAW = "print 'Content-Type: text/plain'\nprint\n"


def service(threadsafe: str, script: str, more: str = "") -> str:
    return f"runtime: python27\nthreadsafe: {threadsafe}\n{more}handlers:\n- url: /\n  script: {script}\n"


@pytest.mark.parametrize(
    ("threadsafe", "script"),
    [
        ("false", "raw.py"),
        ("no", "raw.py"),
        ("true", "main.app"),
        ("true", "main"),
        ("", "raw.py"),
        ("'true'", "raw.py"),
    ],
)
def test_leaves_alone(threadsafe: str, script: str) -> None:
    assert find(RULE, {"app.yaml": service(threadsafe, script), "raw.py": RAW}) == []


def test_handlers_without_scripts_are_left_alone() -> None:
    yaml = (
        "runtime: python27\nthreadsafe: true\nhandlers:\n- url: /\n  static_dir: www\n- url: /x\n"
        "  static_files: a.py\n  upload: a.py\n"
    )
    assert find(RULE, {"app.yaml": yaml}) == []


@pytest.mark.parametrize("word", ["true", "True", "yes", "on", "y", "1"])
def test_every_word_for_true(word: str) -> None:
    (finding,) = find(RULE, {"app.yaml": service(word, "raw.py"), "raw.py": RAW})
    assert "`raw.py`" in finding.message
    assert fixed(RULE, {"app.yaml": service(word, "raw.py"), "raw.py": RAW})["app.yaml"] == service(
        "false", "raw.py"
    )


def test_scripts_of_included_files_count() -> None:
    files = {
        "app.yaml": service("true", "main.app", "includes:\n- more.yaml\n"),
        "more.yaml": "handlers:\n- url: /raw\n  script: raw.py\n",
        "raw.py": RAW,
    }
    assert "threadsafe: false\n" in fixed(RULE, files)["app.yaml"]


def test_all_are_converted_where_that_can_be() -> None:
    files = {"app.yaml": service("true", "main.py"), "main.py": f"{KEPT}app = {APP}\n"}
    assert fixed(RULE, files)["app.yaml"] == service("true", "main.app")
