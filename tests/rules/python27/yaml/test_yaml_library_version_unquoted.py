"""`yaml-library-version-unquoted`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed

RULE = "yaml-library-version-unquoted"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


def libraries(name: str, version: str) -> str:
    return f"{HEAD}libraries:\n- name: {name}\n  version: {version}\n"


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("jinja2", '"2.6"'),
        ("yaml", "'3.10'"),
        ("PIL", "1.1.7"),
        ("jinja2", "latest"),
        ("jinja2", "!!str 2.6"),
        ("jinja2", "2.5"),
        ("django", "1.10"),
        ("foo", "1.0"),
        ("jinja2", ""),
        ("jinja2", "[2.6]"),
    ],
)
def test_leaves_alone(name: str, version: str) -> None:
    assert find(RULE, {"app.yaml": libraries(name, version)}) == []


def test_other_runtimes_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": "runtime: go\nlibraries:\n- {name: yaml, version: 3.10}\n"}) == []


@pytest.mark.parametrize(
    ("name", "version", "severity"),
    [
        ("yaml", "3.10", Severity.ERROR),
        ("jinja2", "2.6", Severity.NOTE),
        ("django", "1.11", Severity.NOTE),
        ("pytz", "2017.3", Severity.NOTE),
    ],
)
def test_quotes_are_added(name: str, version: str, severity: Severity) -> None:
    files = {"app.yaml": libraries(name, f"{version}  # x")}
    (finding,) = find(RULE, files)
    assert finding.severity is severity
    assert fixed(RULE, files, unsafe=False)["app.yaml"] == libraries(name, f'"{version}"  # x')


def test_flow_style() -> None:
    files = {"app.yaml": f"{HEAD}libraries: [{{name: yaml, version: 3.10}}]\r\n"}
    assert '{name: yaml, version: "3.10"}]\r\n' in fixed(RULE, files)["app.yaml"]
