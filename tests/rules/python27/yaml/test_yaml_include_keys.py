"""`yaml-include-keys`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.app import App
from gaebot.engine import check
from tests.rules.helpers import find, rule

RULE = "yaml-include-keys"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


@pytest.mark.parametrize(
    ("include", "more"),
    [
        ("handlers: []\nbuiltins: []\nincludes: []\nadmin_console: {}\n", {}),
        ("manual_scaling: {instances: 1}\nvm: false\nskip_files: []\nenv_variables: {A: b}\n", {}),
        ("", {}),
        ("foo: bar\n", {}),
        ("includes: [../other.yaml]\n", {"other.yaml": ""}),
        ("includes: [deep]\n", {"lib/deep/include.yaml": ""}),
        ("includes: [lib/b.yaml]\n", {"lib/b.yaml": ""}),
        ("includes: [../../shared/a.yaml, /etc/a.yaml]\n", {}),
    ],
)
def test_leaves_alone(include: str, more: dict[str, str]) -> None:
    files = {"app.yaml": HEAD + "includes:\n- lib\n", "lib/include.yaml": include, **more}
    assert find(RULE, files) == []


@pytest.mark.parametrize("yaml", ["includes:\n", "includes: []\n", "libraries: []\n"])
def test_leaves_app_yaml_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": HEAD + yaml}) == []


def test_a_file_that_is_kept_from_upload_is_there() -> None:
    app = App(
        {"app.yaml": f"{HEAD}includes: [lib/a.yaml, vendor]\n".encode()}, skipped=["lib/a.yaml", "vendor"]
    )
    assert check(app, [rule(RULE)]).findings == ()


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("libraries:\n- {name: a, version: b}", "move it to app.yaml"),
        ("threadsafe: true", "app.yaml says it already"),
        ("runtime: python27", "app.yaml says it already"),
        ("application: shop", "move it to app.yaml"),
        ("inbound_services: [mail]", "move it to app.yaml"),
    ],
)
def test_keys_of_app_yaml(key: str, words: str) -> None:
    (finding,) = find(
        RULE, {"app.yaml": HEAD + "includes: [lib/include.yaml]\n", "lib/include.yaml": f"{key}\n"}
    )
    assert words in finding.message
    assert finding.place.path == "lib/include.yaml"


@pytest.mark.parametrize(
    ("yaml", "words"),
    [
        ("includes:\n- lib/include.yaml\n", "`lib/include.yaml` is not there"),
        ("includes:\n- lib\n", "`lib` is not there"),
        ("includes: lib\n", "must be a list"),
        ("includes: {a: b}\n", "must be a list"),
        ("includes: [5]\n", "the path of a file"),
        ("includes:\n-\n", "the path of a file"),
    ],
)
def test_includes_that_lead_nowhere(yaml: str, words: str) -> None:
    findings = find(RULE, {"app.yaml": HEAD + yaml})
    assert words in findings[0].message


def test_a_missing_file_of_an_included_file() -> None:
    files = {"app.yaml": HEAD + "includes: [a.yaml]\n", "a.yaml": "includes:\n- b.yaml\n"}
    (finding,) = find(RULE, files)
    assert (finding.place.path, finding.place.start.line) == ("a.yaml", 2)
