"""`yaml-script-init-module`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-script-init-module"
MAIN = "import webapp2\napp = webapp2.WSGIApplication([])\n"


def service(script: str) -> str:
    return f"runtime: python27\nthreadsafe: true\nhandlers:\n- url: /.*\n  script: {script}\n"


@pytest.mark.parametrize(
    "script", ["blog.app", "blog/__init__.py", "__init__.app", "google.__init__.app", "blog.init.app"]
)
def test_leaves_alone(script: str) -> None:
    files = {"app.yaml": service(script), "blog/__init__.py": MAIN, "__init__.py": MAIN}
    assert find(RULE, files) == []


@pytest.mark.parametrize(
    ("script", "written"), [("blog.__init__.app", "blog.app"), ("'a.b.__init__.app'", "'a.b.app'")]
)
def test_init_is_left_out(script: str, written: str) -> None:
    files = {
        "app.yaml": service(script),
        "blog/__init__.py": MAIN,
        "a/__init__.py": "",
        "a/b/__init__.py": MAIN,
    }
    assert fixed(RULE, files, unsafe=False)["app.yaml"] == service(written)
