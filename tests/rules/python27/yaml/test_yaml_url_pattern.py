"""`yaml-url-pattern`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed

RULE = "yaml-url-pattern"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


@pytest.mark.parametrize(
    "url",
    [
        "/", "/.*", ".*", "/a$", "/price\\$", "(/a|/b)", "(/.*)?x", "/(?i)a", "/a++", "'/a b'", "/forms",
        "/_ah/mail/.+", "|\n    /a", "/form/", "/\\d{3,}", "'/it''s'", "/[[a-z]+",
    ],
)  # fmt: skip
def test_leaves_alone(url: str) -> None:
    assert find(RULE, {"app.yaml": f"{HEAD}handlers:\n- url: {url}\n  script: main.app\n"}) == []


@pytest.mark.parametrize(
    ("path", "yaml"),
    [
        ("app.yaml", "runtime: go\nhandlers:\n- {url: ^/a, script: _go_app}\n"),
        ("app.yaml.example", "runtime: python27\nhandlers:\n- {url: <your url>, script: a.b}\n"),
        ("app.yaml", "runtime: python27\nhandlers: []\n"),
    ],
)
def test_what_is_not_ours(path: str, yaml: str) -> None:
    assert find(RULE, {path: yaml}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("^/a/.*", "/a/.*"),
        ("^/a/.*$  # all", "/a/.*  # all"),
        ("'^/it''s$'", "'/it''s'"),
        ('"^/a\\\\.b"', '"/a\\\\.b"'),
        ("(/a|/b)$", "(/a|/b)"),
        ("^(/a)$", "(/a)"),
        ("^/price\\$", "/price\\$"),
    ],
)
def test_anchors_go(before: str, after: str) -> None:
    start, end = f"{HEAD}handlers:\r\n- url: ", "\r\n  script: main.app\r\n"
    files = {"app.yaml": f"{start}{before}{end}"}
    assert fixed(RULE, files, unsafe=False)["app.yaml"] == f"{start}{after}{end}"


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        ("script: a.b", "has no `url`"),
        ("url: , script: a.b", "has no `url`"),
        ("url: a, script: a.b", "must begin with `/`"),
        ("url: '*', script: a.b", "must begin with `/`"),
        ("url: '', script: a.b", "must begin with `/`"),
        ("url: [/a], script: a.b", "not a list"),
        ("url: /é, script: a.b", "only ASCII"),
        ("url: '/a(', script: a.b", "no regular expression"),
        ("url: '(a)\\$', script: a.b", "must begin with `/`"),
    ],
)
def test_what_only_a_human_can_put_right(handler: str, words: str) -> None:
    (finding,) = find(RULE, {"app.yaml": f"{HEAD}handlers:\n- {{{handler}}}\n"})
    assert words in finding.message
    assert finding.severity is Severity.ERROR
    assert finding.fix is None


def test_the_reserved_path() -> None:
    (finding,) = find(RULE, {"app.yaml": f"{HEAD}handlers:\n- {{url: /form, script: a.b}}\n"})
    assert finding.severity is Severity.WARNING


def test_in_an_included_file() -> None:
    files = {"app.yaml": HEAD + "includes: [a.yaml]\n", "a.yaml": "handlers:\n- url: ^/a\n  script: a.b\n"}
    assert fixed(RULE, files)["a.yaml"] == "handlers:\n- url: /a\n  script: a.b\n"
