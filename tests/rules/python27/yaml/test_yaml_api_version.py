"""`yaml-api-version`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-api-version"


@pytest.mark.parametrize(
    "yaml",
    [
        "runtime: python\napi_version: 1\n",
        "runtime: python27\napi_version: '1'\n",
        "runtime: go\nhandlers: []\n",
        "runtime: python37\nhandlers: []\n",
        "",
        "- a list\n",
    ],
)
def test_leaves_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": yaml}) == []


def test_missing_is_added_below_the_runtime() -> None:
    files = {"app.yaml": "runtime: python  # old\nhandlers: []\n"}
    assert [f.place.start.line for f in find(RULE, files)] == [1]
    assert fixed(RULE, files)["app.yaml"] == "runtime: python  # old\napi_version: 1\nhandlers: []\n"


def test_other_version_is_set() -> None:
    files = {"app.yaml": "runtime: python\napi_version: '2'  # why?\n"}
    assert fixed(RULE, files)["app.yaml"] == "runtime: python\napi_version: 1  # why?\n"


def test_every_service_file_is_checked() -> None:
    files = {
        "app.yaml": "runtime: python\napi_version: 1\n",
        "worker.yaml": "runtime: python\nhandlers: []\n",
    }
    assert [f.place.path for f in find(RULE, files)] == ["worker.yaml"]


def test_crlf_and_missing_final_newline_are_kept() -> None:
    files: dict[str, str | bytes] = {"app.yaml": b"version: 1\r\nruntime: python"}
    assert fixed(RULE, files)["app.yaml"] == "version: 1\r\nruntime: python\r\napi_version: 1"


def test_a_file_with_aliases_is_not_patched() -> None:
    files = {"app.yaml": "runtime: &r python\nservice: *r\n"}
    assert [f.fix for f in find(RULE, files)] == [None]
