"""`yaml-runtime-unknown`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-runtime-unknown"


@pytest.mark.parametrize(
    "name",
    [
        "python", "python27", "'python27'", "python3", "python37", "python312", "python3.7", "python-compat",
        "pypy", "php55", "go", "nodejs", "custom", "vm", "java8", "gs://bucket/python", "rubby", "python26",
        "", "~",
    ],
)  # fmt: skip
def test_leaves_alone(name: str) -> None:
    assert find(RULE, {"app.yaml": f"runtime: {name}\nhandlers: []\n"}) == []


def test_the_flexible_environment_is_left_alone() -> None:
    assert find(RULE, {"app.yaml": "runtime: Python\nenv: flex\n"}) == []


@pytest.mark.parametrize("name", ["runtime: '{{ runtime }}'", "runtime: Java 8"])
def test_templates_and_other_services_are_left_alone(name: str) -> None:
    files = {"app.yaml.example": f"{name}\nhandlers: []\n", "other.yaml": f"{name}\nhandlers: []\n"}
    assert find(RULE, files) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("python2.7", "python27"),
        ("'python2.7'", "'python27'"),
        ("Python27", "python27"),
        ("python-27  # new", "python27  # new"),
        ("python_27", "python27"),
        ("python 2.7", "python27"),
        ("python2.7.3", "python27"),
        ("py27", "python27"),
        ("phyton27", "phyton27"),
        ("pyton27", "python27"),
        ("pythn27", "python27"),
        ("python25", "python"),
        ("python2.5", "python"),
        ("PYTHON", "python"),
    ],
)
def test_what_is_meant(before: str, after: str) -> None:
    files = {"app.yaml": f"runtime: {before}\nhandlers: []\n"}
    assert fixed(RULE, files)["app.yaml"] == f"runtime: {after}\nhandlers: []\n"


@pytest.mark.parametrize("value", ["[python27]", "{a: b}", "Java 8", "-x"])
def test_what_is_no_name(value: str) -> None:
    (finding,) = find(RULE, {"app.yaml": f"runtime: {value}\nhandlers: []\n"})
    assert finding.fix is None
