"""`yaml-handler-keys`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-handler-keys"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


@pytest.mark.parametrize(
    "handler",
    [
        "script: main.app",
        "script: main.app, login: admin, secure: always, auth_fail_action: redirect",
        "script: main.app, redirect_http_response_code: 301",
        "static_dir: a, expiration: 1d, mime_type: b, application_readable: true",
        "static_files: a, upload: a, require_matching_file: true, http_headers: {X-A: b}",
        "static_dir: a, mime_type: text/css, http_headers: {X-A: b}",
        "script: main.app, upload: , static_dir: ",
        "script: main.app, position: ",
        "static_dir: a, foo: bar",
    ],
)
def test_leaves_alone(handler: str) -> None:
    assert find(RULE, {"app.yaml": f"{HEAD}handlers:\n- {{url: /, {handler}}}\n"}) == []


@pytest.mark.parametrize("yaml", ["handlers:\n", "handlers: []\n", "handlers:\n- a\n-\n", ""])
def test_no_handlers(yaml: str) -> None:
    assert find(RULE, {"app.yaml": HEAD + yaml}) == []


def test_an_include_may_say_where_a_handler_goes() -> None:
    files = {
        "app.yaml": HEAD + "includes: [a.yaml]\n",
        "a.yaml": "handlers:\n- {url: /, script: a.b, position: tail}\n",
    }
    assert find(RULE, files) == []


def test_an_endpoint_with_its_config() -> None:
    yaml = (
        "api_config: {url: /_ah/api/.*, script: a.b}\nhandlers:\n- {url: /, script: a.b, api_endpoint: on}\n"
    )
    assert find(RULE, {"app.yaml": HEAD + yaml}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("static_files: img/\\1", "static_files: img/\\1\n  upload: img/.*"),
        ("static_files: favicon.ico  # x", "static_files: favicon.ico  # x\n  upload: favicon\\.ico"),
        ("static_files: a/\\1/b.\\2", "static_files: a/\\1/b.\\2\n  upload: a/.*/b\\..*"),
        ("static_dir: img\n  upload: img/.*", "static_dir: img"),
        ("script: a.b\n  mime_type: text/css", "script: a.b"),
        ("script: a.b\n  http_headers:\n    X-A: b", "script: a.b"),
        ("position: head\n  script: a.b", "script: a.b"),
    ],
)
def test_what_can_be_put_right(before: str, after: str) -> None:
    start, end = "handlers:\n- url: /(.*)\n  ", "\n  login: admin\n"
    files = {"app.yaml": f"{HEAD}{start}{before}{end}"}
    assert fixed(RULE, files)["app.yaml"] == f"{HEAD}{start}{after}{end}"


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        ("login: admin", "serves nothing"),
        ("script: ", "serves nothing"),
        ("upload: a", "serves nothing"),
        ("script: a.b, static_dir: c", "takes one of them"),
        ("static_files: a, static_dir: c", "takes one of them"),
        ("static_files: 'a (b)'", "needs `upload`"),
        ("static_files: \\1", "needs `upload`"),
        ("static_dir: a, mime_type: b, http_headers: {content-type: c}", "can't stand together"),
        ("script: a.b, api_endpoint: on", "needs an `api_config:`"),
    ],
)
def test_what_only_a_human_can_put_right(handler: str, words: str) -> None:
    (finding,) = find(RULE, {"app.yaml": f"{HEAD}handlers:\n- {{url: /, {handler}}}\n"})
    assert words in finding.message
    assert finding.fix is None


def test_crlf_and_flow_style_are_kept() -> None:
    before = f"{HEAD}handlers:\r\n- {{url: /, static_dir: a, upload: b}}\r\n"
    assert fixed(RULE, {"app.yaml": before})["app.yaml"] == before.replace(", upload: b", "")
