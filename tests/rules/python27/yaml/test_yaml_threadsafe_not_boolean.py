"""`yaml-threadsafe-not-boolean`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed

RULE = "yaml-threadsafe-not-boolean"


@pytest.mark.parametrize(
    "value",
    ["true", "false", "True", "FALSE", "yes", "no", "on", "off", "y", "n", "1", "0", "", "~", "true  # 'no'"],
)
def test_leaves_alone(value: str) -> None:
    assert find(RULE, {"app.yaml": f"runtime: python27\nthreadsafe: {value}\n"}) == []


@pytest.mark.parametrize("yaml", ["runtime: go\nthreadsafe: 'false'\n", "runtime: python27\n"])
def test_what_is_not_ours(yaml: str) -> None:
    assert find(RULE, {"app.yaml": yaml}) == []


@pytest.mark.parametrize("value", ["'false'", '"no"', "'False'", "'0'", '"off"', "'n'"])
def test_a_no_that_counts_as_yes(value: str) -> None:
    files = {"app.yaml": f"runtime: python27\nthreadsafe: {value}  # CGI\r\n"}
    (finding,) = find(RULE, files)
    assert finding.severity is Severity.ERROR
    assert fixed(RULE, files)["app.yaml"] == "runtime: python27\nthreadsafe: false  # CGI\r\n"
    assert fixed(RULE, files, unsafe=False)["app.yaml"] == files["app.yaml"]


@pytest.mark.parametrize("value", ["'true'", '"yes"', "'1'", "'ON'"])
def test_a_quoted_yes(value: str) -> None:
    files = {"app.yaml": f"runtime: python\nthreadsafe: {value}\n"}
    (finding,) = find(RULE, files)
    assert finding.severity is Severity.NOTE
    assert fixed(RULE, files, unsafe=False)["app.yaml"] == "runtime: python\nthreadsafe: true\n"


@pytest.mark.parametrize(
    ("value", "words"),
    [("maybe", "`maybe` for true"), ("2", "for true"), ("00", "for false"), ("''", "for false")],
)
def test_other_words(value: str, words: str) -> None:
    (finding,) = find(RULE, {"app.yaml": f"runtime: python27\nthreadsafe: {value}\n"})
    assert words in finding.message
    assert finding.severity is Severity.WARNING
    assert finding.fix is None


def test_another_word_beside_a_cgi_script_is_refused() -> None:
    handler = "handlers:\n- {url: /, script: main.py}\n"
    (finding,) = find(RULE, {"app.yaml": f"runtime: python27\nthreadsafe: maybe\n{handler}"})
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize("value", ["[true]", "{a: b}"])
def test_collections(value: str) -> None:
    (finding,) = find(RULE, {"app.yaml": f"runtime: python27\nthreadsafe: {value}\n"})
    assert "not a list or a mapping" in finding.message
