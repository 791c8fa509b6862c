"""`yaml-library-deprecated`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-library-deprecated"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


def libraries(name: str, version: str) -> str:
    return f"{HEAD}libraries:\n- name: {name}\n  version: {version}\n"


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("django", '"1.4"'),
        ("django", '"1.11"'),
        ("webapp2", '"2.3"'),
        ("webapp2", "latest"),
        ("lxml", '"3.7.3"'),
        ("foo", '"1.2"'),
        ("django", ""),
        ("django", '"0.96"'),
    ],
)
def test_leaves_alone(name: str, version: str) -> None:
    assert find(RULE, {"app.yaml": libraries(name, version)}) == []


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("webapp2", "2.5.1  # x", '"2.5.2"  # x'),
        ("MySQLdb", "'1.2.4b4'", '"1.2.5"'),
        ("MySQLdb", "'1.2.4'", '"1.2.5"'),
        ("ssl", "2.7", '"2.7.11"'),
    ],
)
def test_another_patch_level(name: str, before: str, after: str) -> None:
    files = {"app.yaml": libraries(name, before)}
    assert fixed(RULE, files)["app.yaml"] == libraries(name, after)
    assert fixed(RULE, files, unsafe=False)["app.yaml"] == libraries(name, before)


@pytest.mark.parametrize(
    ("name", "version"),
    [("django", '"1.2"'), ("lxml", '"2.3"'), ("lxml", '"2.3.5"'), ("pytz", '"2017.2"'), ("pycrypto", "2.3")],
)
def test_an_upgrade_is_for_a_human(name: str, version: str) -> None:
    (finding,) = find(RULE, {"app.yaml": libraries(name, version)})
    assert "is deprecated" in finding.message
    assert finding.fix is None
