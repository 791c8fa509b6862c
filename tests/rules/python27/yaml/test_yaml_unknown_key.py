"""`yaml-unknown-key`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed

RULE = "yaml-unknown-key"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


@pytest.mark.parametrize(
    "yaml",
    [
        "application: a\nversion: 1\ninstance_class: F1\n",
        "handlers:\n- {url: /, script: a.b, login: admin, secure: always, auth_fail_action: redirect}\n",
        "env_variables: {entrypoint: x, ThreadSafe: y}\n",
        "vm: true\nresources: {cpu: 1}\nentrypoint: x\n",
        "vpc_access_connector: {name: a/b}\n",
        "builtins:\n- foo: on\n",
        "beta_settings: {anything: goes}\n",
        "endpoints_api_service: {name: a, config_id: b}\n",
    ],
)
def test_leaves_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": HEAD + yaml}) == []


@pytest.mark.parametrize(
    "yaml",
    [
        "runtime: python37\nentrypoint: gunicorn\n",
        "runtime: python\nenv: flex\nentrypoint: gunicorn\nfoo: bar\n",
        "runtime: nodejs\nfoo: bar\n",
    ],
)
def test_other_runtimes_are_left_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": yaml}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("handler:\n- {url: /, script: a.b}\n", "handlers:\n- {url: /, script: a.b}\n"),
        ("Handlers: []  # why?\n", "handlers: []  # why?\n"),
        ("'skip-files': []\n", "'skip_files': []\n"),
        ("env_vars: {A: b}\n", "env_variables: {A: b}\n"),
        ("handlers:\n- {url: /, static-dir: a}\n", "handlers:\n- {url: /, static_dir: a}\n"),
        ("handlers:\n- url: /\n  mimetype: a/b\r\n", "handlers:\n- url: /\n  mime_type: a/b\r\n"),
        ("libraries:\n- {name: a, versions: b}\n", "libraries:\n- {name: a, version: b}\n"),
        ("handlers: []\nHandlers: []\n", "handlers: []\n"),
        ("automatic_scaling:\n  max_instance: 3\n", "automatic_scaling:\n  max_instances: 3\n"),
    ],
)
def test_a_misspelt_key_is_renamed(before: str, after: str) -> None:
    assert fixed(RULE, {"app.yaml": HEAD + before})["app.yaml"] == HEAD + after


def test_threadsafe_is_not_added_a_second_time() -> None:
    missing = {"app.yaml": "runtime: python27\napi_version: 1\nthreadSafe: true\n"}
    (finding,) = find(RULE, missing)
    assert "`threadsafe` is meant" in finding.message
    assert finding.fix is None
    there = {"app.yaml": HEAD + "thread_safe: false\n"}
    assert fixed(RULE, there)["app.yaml"] == HEAD


def test_two_keys_that_could_be_meant() -> None:
    findings = find(RULE, {"app.yaml": HEAD + "Handlers: []\nHANDLERS: [a]\n"})
    assert [f.fix for f in findings] == [None, None]


@pytest.mark.parametrize(
    ("yaml", "words"),
    [
        ("foo: bar\n", "does not know the key `foo`"),
        ("login: admin\n", "belongs in an entry of `handlers:`"),
        ("handlers:\n- url: /\n  script: a.b\n  libraries: []\n", "belongs at the top of the file"),
        ("<<: {a: b}\n", "merge keys"),
        ("? [a, b]\n: c\n", "does not know the key"),
        ("handlers: []\nHandlers: [a]\n", "`handlers` is meant"),
    ],
)
def test_what_only_a_human_can_put_right(yaml: str, words: str) -> None:
    (finding,) = find(RULE, {"app.yaml": HEAD + yaml})
    assert words in finding.message
    assert finding.fix is None


@pytest.mark.parametrize("key", ["entrypoint: x", "main: ./cmd", "network: {}", "source_language: java"])
def test_keys_that_python27_passes_over(key: str) -> None:
    (finding,) = find(RULE, {"app.yaml": f"{HEAD}{key}\n"})
    assert finding.severity is Severity.WARNING
    assert "python27 passes over it" in finding.message


def test_keys_of_app_yaml_in_an_include_are_another_rule() -> None:
    files = {"app.yaml": HEAD + "includes: [a.yaml]\n", "a.yaml": "libraries: []\nhandler: []\n"}
    assert fixed(RULE, files)["a.yaml"] == "libraries: []\nhandlers: []\n"
