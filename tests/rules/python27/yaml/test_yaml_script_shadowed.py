"""`yaml-script-shadowed`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find

RULE = "yaml-script-shadowed"
MAIN = "import webapp2\napp = webapp2.WSGIApplication([])\n"


def service(script: str) -> str:
    return f"runtime: python27\nthreadsafe: true\nhandlers:\n- url: /.*\n  script: {script}\n"


@pytest.mark.parametrize(
    "name", ["code", "test", "user", "calendar", "random", "json", "commands", "search", "mail", "statistics"]
)
def test_names_that_do_no_harm(name: str) -> None:
    assert find(RULE, {"app.yaml": service(f"{name}.app"), f"{name}.py": MAIN}) == []
    assert find(RULE, {"app.yaml": service(f"{name}.py"), f"{name}.py": MAIN}) == []


@pytest.mark.parametrize(
    "init", ["", "import sub\n", "from pkg import sub\n", "from other import *\n", "sub = make()\n"]
)
def test_packages_that_hide_nothing(init: str) -> None:
    assert find(RULE, {"app.yaml": service("pkg.sub.app"), "pkg/__init__.py": init, "pkg/sub.py": MAIN}) == []


def test_scripts_in_folders_hide_nothing() -> None:
    files = {"app.yaml": service("pkg/email.py") + "- url: /x\n  script: pkg.site.app\n"}
    assert find(RULE, {**files, "pkg/__init__.py": "", "pkg/email.py": MAIN, "pkg/site.py": MAIN}) == []


def test_site_as_a_cgi_script_does_no_harm() -> None:
    assert find(RULE, {"app.yaml": service("site.py"), "site.py": MAIN}) == []


@pytest.mark.parametrize("script", ["site.app", "google.pages.app"])
def test_a_name_that_the_runtime_holds(script: str) -> None:
    (finding,) = find(RULE, {"app.yaml": service(script), "site.py": MAIN, "google/pages.py": MAIN})
    assert "of its own" in finding.message


def test_a_package_attribute_that_hides_a_sub_module() -> None:
    files = {"app.yaml": service("pkg.sub.app"), "pkg/__init__.py": "def sub(): pass\n", "pkg/sub.py": MAIN}
    (finding,) = find(RULE, files)
    assert "pkg/__init__.py" in finding.message


@pytest.mark.parametrize("script", ["string.app", "string.py"])
def test_a_script_in_the_place_of_a_module_that_the_runtime_needs(script: str) -> None:
    (finding,) = find(RULE, {"app.yaml": service(script), "string.py": MAIN})
    assert "string.py" in finding.message
