"""`yaml-builtin-unavailable`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-builtin-unavailable"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


@pytest.mark.parametrize(
    "yaml",
    [
        "builtins:\n- deferred: on\n- remote_api: on\n- appstats: on\n",
        "builtins:\n- mapreduce:\n",
        "builtins: []\n",
        "builtins:\n",
        "builtins: mapreduce\n",
        "handlers:\n- {url: /mapreduce, script: mapreduce.main.APP}\n",
    ],
)
def test_leaves_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": HEAD + yaml}) == []


def test_other_runtimes_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": "runtime: java\nbuiltins:\n- mapreduce: on\n"}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "builtins:\n- deferred: on\n- mapreduce: on  # jobs\n- remote_api: on\n",
            "builtins:\n- deferred: on\n- remote_api: on\n",
        ),
        ("builtins:\n  - datastore_admin: on\n  - deferred: on\n", "builtins:\n  - deferred: on\n"),
        ("builtins:\n- datastore_admin: on\nlibraries: []\n", "libraries: []\n"),
        ("builtins:\n- datastore_admin: on\n- mapreduce: on\nlibraries: []\n", "libraries: []\n"),
        ("builtins: [mapreduce: on, deferred: on]\n", "builtins: [deferred: on]\n"),
        ("builtins: [deferred: on, mapreduce: on]\n", "builtins: [deferred: on]\n"),
        ("builtins:\r\n- deferred: on\r\n- mapreduce: on", "builtins:\r\n- deferred: on\r\n"),
    ],
)
def test_the_entry_goes(before: str, after: str) -> None:
    files = {"app.yaml": HEAD + before}
    assert fixed(RULE, files)["app.yaml"] == HEAD + after
    assert fixed(RULE, files, unsafe=False)["app.yaml"] == HEAD + before


def test_one_that_is_off_goes_safely() -> None:
    files = {"app.yaml": "runtime: python\nbuiltins:\n- mapreduce: off\n- deferred: on\n"}
    assert fixed(RULE, files, unsafe=False)["app.yaml"] == "runtime: python\nbuiltins:\n- deferred: on\n"


def test_in_an_included_file() -> None:
    files = {
        "app.yaml": HEAD + "includes: [a.yaml]\n",
        "a.yaml": "builtins:\n- mapreduce: on\n- deferred: on\n",
    }
    assert fixed(RULE, files)["a.yaml"] == "builtins:\n- deferred: on\n"
