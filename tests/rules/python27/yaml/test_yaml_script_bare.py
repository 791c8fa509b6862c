"""`yaml-script-bare`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-script-bare"
MAIN = "import webapp2\napplication = webapp2.WSGIApplication([])\n"


def service(script: str) -> str:
    return f"runtime: python27\nthreadsafe: true\nhandlers:\n- url: /.*\n  script: {script}\n"


@pytest.mark.parametrize(
    "script",
    ["main.application", "main.py", "shop/main.py", r"\1.py", r"\1", "missing", "webapp2", "main.nothing"],
)
def test_leaves_alone(script: str) -> None:
    assert find(RULE, {"app.yaml": service(script), "main.py": MAIN}) == []


def test_other_languages_are_left_alone() -> None:
    files = {"app.yaml": "runtime: go\nhandlers:\n- url: /.*\n  script: main\n", "main.py": MAIN}
    assert find(RULE, files) == []


def test_an_application_with_the_name_of_a_module_is_left_alone() -> None:
    files = {
        "app.yaml": service("pkg.main"),
        "pkg/__init__.py": "def main(environ, start): pass\n",
        "pkg/main.py": "",
    }
    assert find(RULE, files) == []


@pytest.mark.parametrize("script", ["main", "'main'", '"main"'])
def test_the_only_application_is_named(script: str) -> None:
    files = {"app.yaml": service(f"{script}  # all"), "main.py": MAIN}
    written = script.replace("main", "main.application")
    assert fixed(RULE, files, unsafe=False)["app.yaml"] == service(f"{written}  # all")


def test_a_sub_module_and_a_package() -> None:
    files = {"app.yaml": service("pkg.main"), "pkg/__init__.py": "", "pkg/main.py": MAIN}
    assert fixed(RULE, files)["app.yaml"] == service("pkg.main.application")
    files = {"app.yaml": service("pkg"), "pkg/__init__.py": MAIN}
    assert fixed(RULE, files)["app.yaml"] == service("pkg.application")


def test_of_several_applications_none_is_chosen() -> None:
    (finding,) = find(
        RULE, {"app.yaml": service("main"), "main.py": f"{MAIN}mobile = webapp2.WSGIApplication([])\n"}
    )
    assert finding.fix is None
    assert "`main.application` or `main.mobile`" in finding.message


def test_without_an_application_there_is_advice_only() -> None:
    (finding,) = find(RULE, {"app.yaml": service("main"), "main.py": "def main(): pass\n"})
    assert finding.fix is None


def test_a_file_with_aliases_is_not_patched() -> None:
    yaml = "runtime: python27\nhandlers:\n- url: /a\n  script: &s main\n- url: /.*\n  script: *s\n"
    assert {finding.fix for finding in find(RULE, {"app.yaml": yaml, "main.py": MAIN})} == {None}


def test_backends_and_other_services() -> None:
    files = {
        "app.yaml": service("main.application"),
        "backends.yaml": "backends:\n- name: b\n  start: main\n",
        "worker.yaml": service("main"),
        "main.py": MAIN,
    }
    assert sorted(finding.path for finding in find(RULE, files)) == ["backends.yaml", "worker.yaml"]
