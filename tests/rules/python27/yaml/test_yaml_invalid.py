"""`yaml-invalid`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.engine import check
from tests.rules.helpers import find, make_app, rule

RULE = "yaml-invalid"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


GOOD = [
    "",
    "application: shop\nversion: 1\n",
    "application: s~shop\nversion: 2012-01-01\n",
    "application: google.com:shop\nversion: 010\n",
    "service: worker\ninstance_class: F2\n",
    "automatic_scaling:\n  max_instances: '5'\n  min_pending_latency: 30ms\n",
    "default_expiration: 4d 5h\nerror_handlers:\n- file: oops.html\n",
    "env_variables:\n  DJANGO_SETTINGS_MODULE: 'settings'\n  EMPTY:\n",
    "skip_files:\n- ^(.*/)?.*\\.py[co]$\n- (?i)readme\n- a++\n",
    "handlers:\n",
    "handlers: []  # soon\n",
    "manual_scaling: {instances: 1}\n",
    "# un café\n",
    "api_config: {url: /_ah/api/.*, script: api.app}\n",
    "backends:\n- name: cruncher\n  class: B4\n  options: dynamic\n",
]


@pytest.mark.parametrize("yaml", GOOD)
def test_leaves_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": HEAD + yaml}) == []


@pytest.mark.parametrize(
    ("path", "yaml"),
    [
        ("app.yaml", "runtime: go\nversion: 1.0\n"),
        ("app.yaml", "runtime: python\nenv: flex\nversion: 1.0\n"),
        ("app.yaml", "apiVersion: apps/v1\nkind: Deployment\n---\napiVersion: v1\n"),
        ("app.yaml", "name: an app of something else\n"),
        ("app.yaml", "env: flex\nhandlers: []\n"),
        ("app.yaml.example", "application: <your-app-id>\nversion: {{ version }}\nruntime: python27\n"),
        ("app.yaml.template", "application: YOUR_APP\nruntime: python27\nthreadsafe: true\n"),
        ("index.yaml", ""),
        ("cron.yaml", "# nothing yet\n"),
        ("cron.yaml", "cron:\n- url: /x\n"),
        ("data/fixture.yaml", "a: [\n"),
        ("locale/cron.yaml", "- a list\n"),
        ("docs/queue.yaml", "a: [\n"),
    ],
)
def test_leaves_other_files_alone(path: str, yaml: str) -> None:
    assert find(RULE, {path: yaml}) == []


@pytest.mark.parametrize(
    ("yaml", "words", "line"),
    [
        ("version: 1.0\n", "`1.0` for `version`", 4),
        ("version: yes\n", "which YAML reads as `True`", 4),
        ("version: a-dot-b\n", "for `version`", 4),
        ("application: My_Shop\n", "for `application`", 4),
        ("service: a\nmodule: b\n", "Only one of `service`, `module`", 5),
        ("manual_scaling: {instances: 1}\nbasic_scaling: {max_instances: 1}\n", "Only one of", 5),
        ("manual_scaling: {}\n", "`instances` is missing", 4),
        ("skip_files:\n", "`skip_files` has no value", 4),
        ("skip_files:\n- '*.pyc'\n", "no regular expression", 5),
        ("skip_files: {a: b}\n", "not a mapping", 4),
        ("handlers: {url: /, script: a.b}\n", "must be a list", 4),
        ("handlers:\n- /a\n", "must hold lines of `key: value`", 5),
        ("handlers:\n-\n", "is empty", 5),
        ("handlers:\n- {url: /, script: a.b, login: admins}\n", "`optional`, `required`, `admin`", 5),
        ("handlers:\n- {url: /, script: a.b, login: }\n", "`login` has no value", 5),
        ("handlers:\n- {url: /, static_dir: a, expiration: 1 day}\n", "a length of time", 5),
        (
            "handlers:\n- {url: /, static_dir: a, http_headers: {Date: x}}\n",
            "sets the header `Date` itself",
            5,
        ),
        ("env_variables: {A-B: c}\n", "refuses the name `A-B`", 4),
        ("env_variables: {A: café}\n", "only ASCII", 4),
        ("automatic_scaling: {max_num_instances: 0}\n", "the least is 1", 4),
        ("service: &name a\n", "no anchors and aliases", 4),
        ("service: !important a\n", "put it in quotes", 4),
        ("error_handlers: [{error_code: timeout}]\n", "`file` is missing", 4),
    ],
)
def test_finds(yaml: str, words: str, line: int) -> None:
    (finding,) = find(RULE, {"app.yaml": HEAD + yaml})
    assert words in finding.message
    assert finding.place.start.line == line
    assert finding.fix is None


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("app.yaml", b"", "The file is empty"),
        ("app.yaml", b"# nothing\n", "The file is empty"),
        ("app.yaml", b"- a\n- b\n", "`key: value` at the top"),
        ("app.yaml", b"{}\n", "`runtime` is missing"),
        ("app.yaml", b"application: a\nhandlers: []\n", "add `runtime: python27`"),
        ("app.yaml", b"Runtime: python27\nhandlers: []\n", "is `Runtime` meant to be it?"),
        ("app.yaml", b"runtime: python27\n\tservice: a\n", "blanks, not with tabs"),
        ("app.yaml", b"runtime: python27\n---\nruntime: python27\n", "one document only"),
        ("app.yaml", b"runtime: python27\n# caf\xe9\n", "not UTF-8"),
        ("app.yaml", b"runtime: python27\nskip_files:\n- *.pyc\n", "begins with `*` needs quotes"),
        ("app.yaml", b"runtime: python27\n\x00", "characters that YAML forbids"),
        ("worker.yaml", b"runtime: python27\nhandlers: [\n", "can't read this file"),
        ("cron.yaml", b"cron:\n- url: [\n", "can't read this file"),
        ("queue.yaml", b"- a list\n", "`key: value` at the top"),
    ],
)
def test_unreadable(path: str, data: bytes, words: str) -> None:
    (finding,) = find(RULE, {path: data})
    assert words in finding.message
    assert finding.place.path == path


def test_an_included_file() -> None:
    files = {
        "app.yaml": HEAD + "includes:\n- lib\n",
        "lib/include.yaml": "handlers:\n- {url: /, script: a.b, secure: sometimes}\n",
    }
    (finding,) = find(RULE, files)
    assert finding.place.path == "lib/include.yaml"


def test_a_file_included_twice_is_judged_once() -> None:
    files = {
        "app.yaml": HEAD + "includes: [lib]\n",
        "worker.yaml": HEAD + "service: worker\nincludes: [lib]\n",
        "lib/include.yaml": "handlers:\n- {url: /, script: a.b, secure: sometimes}\n",
    }
    assert len(find(RULE, files)) == 1


def test_every_fault_is_told_in_order() -> None:
    files = {"app.yaml": HEAD + "version: 1.0\r\napplication: A\r\n"}
    assert [f.place.start.line for f in find(RULE, files)] == [4, 5]


def test_hostile_patterns_do_no_harm() -> None:
    nested = "(" * 5000 + ")" * 5000
    app = make_app({"app.yaml": f"{HEAD}skip_files:\n- '{nested}'\n- '(a{{9999}}){{9999}}'\n- '(a+)+$'\n"})
    assert check(app, [rule(RULE)]).findings == ()
