"""`yaml-script-subdir-no-init`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Safety
from tests.rules.helpers import find, fixed

RULE = "yaml-script-subdir-no-init"
MAIN = "import webapp2\napp = webapp2.WSGIApplication([])\n"


def service(script: str) -> str:
    return f"runtime: python27\nthreadsafe: true\nhandlers:\n- url: /.*\n  script: {script}\n"


@pytest.mark.parametrize(
    "files",
    [
        {"app.yaml": service("admin.main.app"), "admin/__init__.py": "", "admin/main.py": MAIN},
        {"app.yaml": service("admin/main.py"), "admin/main.py": MAIN},
        {"app.yaml": service("main.app"), "admin/main.py": MAIN, "main.py": MAIN},
        {"app.yaml": service("admin.main.app"), "admin/other.py": MAIN},
        {"app.yaml": service("admin.main.app"), "admin.py": MAIN, "admin/main.py": MAIN},
    ],
)
def test_leaves_alone(files: dict[str, str | bytes]) -> None:
    assert find(RULE, files) == []


def test_every_level_is_made_a_package() -> None:
    files = {"app.yaml": service("a.b.main.app"), "a/b/main.py": MAIN}
    after = fixed(RULE, files, unsafe=False)
    assert (after["a/__init__.py"], after["a/b/__init__.py"]) == ("", "")


def test_two_scripts_of_one_folder() -> None:
    yaml = service("a.x.app") + "- url: /y\n  script: a.y.app\n"
    after = fixed(RULE, {"app.yaml": yaml, "a/x.py": MAIN, "a/y.py": MAIN})
    assert after["a/__init__.py"] == ""
    assert after["app.yaml"] == yaml


def test_an_import_that_would_change_its_meaning_needs_a_reader() -> None:
    files = {"app.yaml": service("a.x.app"), "a/x.py": f"import util\n{MAIN}", "a/util.py": "", "util.py": ""}
    (finding,) = find(RULE, files)
    assert finding.fix is not None
    assert finding.fix.safety is Safety.REVIEW


def test_a_folder_that_would_hide_a_module_of_python_is_not_made_a_package() -> None:
    (finding,) = find(RULE, {"app.yaml": service("email.main.app"), "email/main.py": MAIN})
    assert finding.fix is None
    assert "Rename the folder" in finding.message
