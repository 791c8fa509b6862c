"""`yaml-duplicate-key`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-duplicate-key"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


@pytest.mark.parametrize(
    "yaml",
    [
        "version: 1\n",
        "handlers:\n- {url: /a, script: a.b}\n- {url: /b, script: a.b}\n",
        "env_variables: {A: x, a: x}\n",
        "libraries:\n- {name: a, version: b}\n- {name: a, version: b}\n",
        "builtins:\n- deferred: on\n- deferred: on\n",
    ],
)
def test_leaves_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": HEAD + yaml}) == []


def test_other_runtimes_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": "runtime: go\nversion: 1\nversion: 1\n"}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("version: 1\nversion: 1  # again\n", "version: 1\n"),
        ("version: 1\n# a comment\n'version': 1\n", "version: 1\n# a comment\n"),
        ("env_variables:\n  A: x\n  A: x\n", "env_variables:\n  A: x\n"),
        ("env_variables: {A: x, B: y, A: x}\n", "env_variables: {A: x, B: y}\n"),
        ("inbound_services:\n- mail\ninbound_services: [mail]\n", "inbound_services:\n- mail\n"),
        ("version: 1\nversion: 1\nversion: 1\n", "version: 1\n"),
        ("version: 1\r\nversion: 1\r\n", "version: 1\r\n"),
        ("version: 1\nversion: 1", "version: 1\n"),
    ],
)
def test_the_same_value_twice(before: str, after: str) -> None:
    assert fixed(RULE, {"app.yaml": HEAD + before}, unsafe=False)["app.yaml"] == HEAD + after


@pytest.mark.parametrize(
    ("yaml", "words"),
    [
        ("version: 1\nversion: 2\n", "keep one"),
        ("version: 1\nversion: '1'\n", "keep one"),
        ("handlers:\n- {url: /a, script: a.b}\nhandlers:\n- {url: /b, script: a.b}\n", "join both lists"),
        ("handlers:\n- url: /a\n  script: a.b\n  script: c.d\n", "different values"),
    ],
)
def test_different_values_are_for_a_human(yaml: str, words: str) -> None:
    (finding,) = find(RULE, {"app.yaml": HEAD + yaml})
    assert words in finding.message
    assert finding.fix is None
    assert finding.related[0].place.start.line < finding.place.start.line


def test_in_an_included_file() -> None:
    files = {"app.yaml": HEAD + "includes: [a.yaml]\n", "a.yaml": "vm: true\nvm: true\n"}
    assert fixed(RULE, files)["a.yaml"] == "vm: true\n"


def test_a_file_with_aliases_is_not_patched() -> None:
    (finding,) = find(RULE, {"app.yaml": HEAD + "version: &v 1\nversion: *v\n"})
    assert finding.fix is None


def test_values_without_an_end_are_not_compared() -> None:
    (finding,) = find(RULE, {"app.yaml": HEAD + "zones: &x [*x]\nzones: &y [*y]\n"})
    assert finding.fix is None
