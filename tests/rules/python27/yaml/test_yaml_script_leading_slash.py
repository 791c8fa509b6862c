"""`yaml-script-leading-slash`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.engine import fix
from gaebot.rule import discover
from tests.rules.helpers import HOP, find, fixed, make_app
from tests.rules.python27.scripts import APP, GUARD, IMPORTS

RULE = "yaml-script-leading-slash"
MAIN = f"{IMPORTS}app = {APP}\n\ndef main():\n    run_wsgi_app(app)\n{GUARD}"


def service(script: str, runtime: str = "python") -> str:
    return f"runtime: {runtime}\nhandlers:\n- url: /.*\n  script: {script}\n"


@pytest.mark.parametrize(
    "script",
    [
        "main.py",
        "./main.py",
        "pages/main.py",
        "../main.py",
        "main.app",
        r"\1.py",
        r"/\1.py",
        "/missing.py",
        "/",
        "$PYTHON_LIB/google/appengine/ext/admin",
    ],
)
def test_leaves_alone(script: str) -> None:
    assert find(RULE, {"app.yaml": service(script), "main.py": "", "pages/main.py": ""}) == []


def test_static_files_and_urls_are_left_alone() -> None:
    yaml = "runtime: python\nhandlers:\n- url: /main.py\n  static_files: /main.py\n  upload: /main.py\n"
    assert find(RULE, {"app.yaml": yaml, "main.py": ""}) == []


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("/main.py", "main.py"),
        ("'/main.py'", "'main.py'"),
        ('"/pages/main.py"  # all', '"pages/main.py"  # all'),
        ("//main.py", "main.py"),
        ("/pkg/", "pkg/"),
    ],
)
@pytest.mark.parametrize("runtime", ["python", "python27"])
def test_the_slash_goes(written: str, right: str, runtime: str) -> None:
    others: dict[str, str | bytes] = {"main.py": "", "pages/main.py": "", "pkg/__init__.py": ""}
    files = {"app.yaml": service(written, runtime), **others}
    assert fixed(RULE, files, unsafe=False)["app.yaml"] == service(right, runtime)


def test_windows_line_ends_stay() -> None:
    yaml, right = (service(script).replace("\n", "\r\n") for script in ("/main.py", "main.py"))
    assert fixed(RULE, {"app.yaml": yaml.encode(), "main.py": ""})["app.yaml"] == right


def test_the_script_can_become_an_application() -> None:
    result = fix(make_app({"app.yaml": service("/main.py"), "main.py": MAIN}), discover(HOP), unsafe=True)
    after = result.app.files["app.yaml"].data.decode()
    assert "script: main.app\n" in after
    assert "threadsafe: true\n" in after
