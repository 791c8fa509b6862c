"""`yaml-script-file-missing`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, make_app
from tests.rules.helpers import rule as rule_of

RULE = "yaml-script-file-missing"


def service(script: str) -> str:
    return f"runtime: python\nhandlers:\n- url: /.*\n  script: {script}\n"


@pytest.mark.parametrize(
    "script",
    [
        "main.py",
        "./main.py",
        "pkg/",
        "pkg/__init__.py",
        "main.app",
        r"\1.py",
        "$PYTHON_LIB/google/appengine/ext/remote_api/handler.py",
        "{{ script }}.py",
        "../outside/main.py",
        "/main.py",
    ],
)
def test_leaves_alone(script: str) -> None:
    assert find(RULE, {"app.yaml": service(script), "main.py": "", "pkg/__init__.py": ""}) == []


def test_a_file_that_is_there_but_not_read_is_there() -> None:
    assert find(RULE, {"app.yaml": service("huge.py")}, others=("huge.py",)) == []


@pytest.mark.parametrize("other", ["requirements.txt", ".gitmodules", "buildout.cfg"])
def test_a_folder_that_may_come_later_is_left_alone(other: str) -> None:
    assert find(RULE, {"app.yaml": service("mapreduce/main.py")}, others=(other,)) == []
    assert len(find(RULE, {"app.yaml": service("mapreduce/main.py")})) == 1


def test_a_missing_file_is_named_with_what_is_like_it() -> None:
    (finding,) = find(RULE, {"app.yaml": service("Main.py"), "main.py": ""})
    assert "name main.py if that is meant" in finding.message
    (finding,) = find(RULE, {"app.yaml": service("admin.py"), "pages/admin.py": ""})
    assert "name pages/admin.py if that is meant" in finding.message


def test_a_file_that_is_not_uploaded() -> None:
    app = make_app({"app.yaml": service("tools/x.py")})
    app.skipped = frozenset({"tools/x.py"})
    (finding,) = rule_of(RULE).check(app)
    assert "skip_files" in finding.message


def test_backends_are_checked() -> None:
    files = {
        "app.yaml": service("main.py"),
        "main.py": "",
        "backends.yaml": "backends:\n- name: b\n  start: b.py\n",
    }
    assert [finding.path for finding in find(RULE, files)] == ["backends.yaml"]
