"""`yaml-builtin-unknown`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-builtin-unknown"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


@pytest.mark.parametrize(
    "yaml",
    [
        "builtins:\n- deferred: on\n- appstats: off\n- default: on\n",
        "builtins:\n- deferred: 'yes'\n- remote_api: true\n- django_wsgi: 1\n- admin_redirect: y\n",
        "builtins:\n- deferred:\n",
        "builtins:\n",
        "builtins: []\n",
        "builtins:\n- mapreduce: on\n- datastore_admin: on\n",
    ],
)
def test_leaves_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": HEAD + yaml}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "builtins:\n  deferred: on\n  remote_api: on\n",
            "builtins:\n  - deferred: on\n  - remote_api: on\n",
        ),
        ("builtins:\n- deferred\n", "builtins:\n- deferred: on\n"),
        ("builtins: [deferred, appstats: on]\n", "builtins: [deferred: on, appstats: on]\n"),
        ("builtins:\n- deferred: on\n  remote_api: on\n", "builtins:\n- deferred: on\n- remote_api: on\n"),
        ("builtins:\n- remote-api: on\n", "builtins:\n- remote_api: on\n"),
        ("builtins:\n- app_stats: on  # x\n", "builtins:\n- appstats: on  # x\n"),
        ("builtins:\r\n- defered: on\r\n", "builtins:\r\n- deferred: on\r\n"),
    ],
)
def test_what_is_meant(before: str, after: str) -> None:
    assert fixed(RULE, {"app.yaml": HEAD + before})["app.yaml"] == HEAD + after


@pytest.mark.parametrize(
    ("yaml", "words"),
    [
        ("builtins: deferred\n", "must be a list"),
        ("builtins: {deferred: on}\n", "must be a list"),
        ("builtins:\n- deferred: enabled\n", "`on`, `off`"),
        ("builtins:\n- deferred: 'On'\n", "`on`, `off`"),
        ("builtins:\n- deferred: on\n- deferred: on\n", "given twice"),
        ("builtins:\n- foo: off\n", "no builtin `foo`"),
        ("builtins:\n-\n", "must be a name"),
        ("builtins:\n- {}\n", "must be a name"),
        ("builtins:\n- [deferred]\n", "must be a name"),
        ("builtins:\n- deferred: on  # one\n  remote_api: on\n", "dash of its own"),
        ("builtins:\n- {deferred: on, remote_api: on}\n", "dash of its own"),
    ],
)
def test_what_only_a_human_can_put_right(yaml: str, words: str) -> None:
    (finding,) = find(RULE, {"app.yaml": HEAD + yaml})
    assert words in finding.message
    assert finding.fix is None
