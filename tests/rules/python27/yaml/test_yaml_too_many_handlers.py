"""`yaml-too-many-handlers`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find

RULE = "yaml-too-many-handlers"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


def handlers(count: int) -> str:
    return "handlers:\n" + "".join(f"- {{url: /{n}, script: main.app}}\n" for n in range(count))


@pytest.mark.parametrize(
    "yaml",
    [
        handlers(100),
        "builtins:\n- deferred: on\n" + handlers(99),
        "builtins:\n- deferred: off\n- default: on\n- remote_api:\n" + handlers(100),
    ],
)
def test_leaves_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": HEAD + yaml}) == []


def test_other_runtimes_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": "runtime: go\n" + handlers(101)}) == []


def test_an_include_that_just_fits() -> None:
    files = {"app.yaml": HEAD + "includes: [a.yaml]\n" + handlers(60), "a.yaml": handlers(40)}
    assert find(RULE, files) == []


@pytest.mark.parametrize(
    ("yaml", "include", "count"),
    [
        (handlers(101), "", 101),
        ("builtins:\n- deferred: on\n- remote_api: yes\n" + handlers(100), "", 102),
        (handlers(60), handlers(41), 101),
        (handlers(60), "builtins:\n- deferred: on\n" + handlers(40), 101),
        ("builtins:\n- deferred: on\n" + handlers(60), "builtins:\n- deferred: on\n" + handlers(40), 101),
    ],
)
def test_too_many(yaml: str, include: str, count: int) -> None:
    (finding,) = find(RULE, {"app.yaml": f"{HEAD}includes: [a.yaml]\n{yaml}", "a.yaml": include})
    assert f"has {count} handlers" in finding.message
