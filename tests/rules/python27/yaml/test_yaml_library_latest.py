"""`yaml-library-latest`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-library-latest"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


@pytest.mark.parametrize("version", ['"2.6"', "2.6", "Latest", "", "[latest]", "'latest '"])
def test_leaves_alone(version: str) -> None:
    assert find(RULE, {"app.yaml": f"{HEAD}libraries:\n- name: jinja2\n  version: {version}\n"}) == []


@pytest.mark.parametrize("yaml", ["libraries:\n- {name: foo, version: latest}\n", "libraries: latest\n"])
def test_unknown_libraries_are_left_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": HEAD + yaml}) == []


@pytest.mark.parametrize(
    ("name", "version"),
    [("jinja2", "2.6"), ("django", "1.4"), ("webapp2", "2.5.2"), ("ssl", "2.7.11"), ("PIL", "1.1.7")],
)
def test_the_version_is_written(name: str, version: str) -> None:
    start = f"{HEAD}libraries:\r\n- name: {name}\r\n  version: "
    files = {"app.yaml": f"{start}latest  # x\r\n"}
    assert fixed(RULE, files, unsafe=False)["app.yaml"] == f'{start}"{version}"  # x\r\n'


def test_quotes_and_flow_style() -> None:
    files = {"app.yaml": f"{HEAD}libraries: [{{name: jinja2, version: 'latest'}}]\n"}
    assert '{name: jinja2, version: "2.6"}]' in fixed(RULE, files)["app.yaml"]


def test_latest_is_not_always_the_highest() -> None:
    (finding,) = find(RULE, {"app.yaml": f"{HEAD}libraries:\n- {{name: django, version: latest}}\n"})
    assert "django 1.4, not 1.11" in finding.message
