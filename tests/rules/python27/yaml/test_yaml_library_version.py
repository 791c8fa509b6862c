"""`yaml-library-version`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-library-version"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


def libraries(name: str, version: str) -> str:
    return f"{HEAD}libraries:\n- name: {name}\n  version: {version}\n"


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("jinja2", '"2.6"'),
        ("jinja2", "latest"),
        ("jinja2", "2.6"),
        ("yaml", "3.10"),
        ("PIL", "1.1.7"),
        ("django", "'1.2'"),
        ("setuptools", "0.6c11"),
        ("foo", "7"),
        ("jinja2", ""),
    ],
)
def test_leaves_alone(name: str, version: str) -> None:
    assert find(RULE, {"app.yaml": libraries(name, version)}) == []


def test_other_runtimes_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": "runtime: go\nlibraries:\n- {name: jinja2, version: 7}\n"}) == []


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("webob", '"1.1"', "1.1.1"),
        ("webob", "'0.9'", "1.1.1"),
        ("webob", "1.2", "1.2.3"),
        ("jinja2", '"2.5"  # old', '2.6"  # old'),
        ("jinja2", "2", "2.6"),
        ("jinja2", "Latest", "2.6"),
        ("jinja2", "newest", "2.6"),
        ("django", '"0.96"', "1.4"),
        ("django", '"1.3.7"', "1.3"),
        ("django", "1.10", "1.11"),
        ("django", '"1.8"', "1.11"),
        ("webapp2", '"2.5"', "2.5.1"),
        ("lxml", '"4.0"', "3.7.3"),
        ("PIL", '"1.1.6"', "1.1.7"),
        ("numpy", '"1.6.2"', "1.6.1"),
    ],
)
def test_the_nearest_version(name: str, before: str, after: str) -> None:
    after = f'"{after}' if after.endswith("old") else f'"{after}"'
    assert fixed(RULE, {"app.yaml": libraries(name, before)})["app.yaml"] == libraries(name, after)


def test_the_message_names_the_versions() -> None:
    (finding,) = find(RULE, {"app.yaml": libraries("lxml", '"1.0"')})
    assert "`2.3`, `2.3.5`, `3.7.3`" in finding.message


def test_a_list_is_not_patched() -> None:
    (finding,) = find(RULE, {"app.yaml": libraries("lxml", "[2.3]")})
    assert finding.fix is None
