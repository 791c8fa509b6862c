"""`backends-options`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find

RULE = "backends-options"
BACKENDS = "backends:\n- name: b\n  max_concurrent_requests: 5\n"


@pytest.mark.parametrize("backends", ["", "backends:\n", "backends: []\n", "backends: 3\n", "backends: [\n"])
def test_leaves_alone(backends: str) -> None:
    assert find(RULE, {"app.yaml": "runtime: python27\nthreadsafe: true\n", "backends.yaml": backends}) == []


def test_other_languages_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": "runtime: go\n", "backends.yaml": BACKENDS}) == []


def test_backends_are_noted_once() -> None:
    files = {"app.yaml": "runtime: python27\nthreadsafe: true\n", "backends.yaml": BACKENDS}
    (finding,) = find(RULE, files)
    assert finding.place.snippet == b"backends"


def test_concurrent_requests_without_threads() -> None:
    files = {"app.yaml": "runtime: python27\nthreadsafe: false\n", "backends.yaml": BACKENDS}
    assert ["max_concurrent_requests" in finding.message for finding in find(RULE, files)] == [False, True]


def test_backends_in_app_yaml() -> None:
    assert len(find(RULE, {"app.yaml": f"runtime: python27\nthreadsafe: false\n{BACKENDS}"})) == 2
