"""What App Engine's parser makes of scalars, and where a file uses anchors."""

from __future__ import annotations

import pytest

from gaebot.syntax.yaml import YamlFile, as_text
from gaebot.text import SourceFile


def read(text: str) -> YamlFile:
    return YamlFile(SourceFile("app.yaml", text.encode()))


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("a b", "a b"),
        ("'1.10'", "1.10"),
        ('"yes"', "yes"),
        ("1.10", "1.1"),
        ("1.0", "1.0"),
        ("2.6", "2.6"),
        ("1.1.7", "1.1.7"),
        ("1e3", "1000.0"),
        ("-1.50", "-1.5"),
        ("010", "8"),
        ("09", "09"),
        ("0x1F", "31"),
        ("1:30", "90"),
        ("1_000", "1000"),
        ("yes", "True"),
        ("OFF", "False"),
        ("y", "True"),
        ("N", "False"),
        ("!!str yes", "yes"),
        ("!!str 1.10", "1.10"),
        ("!!int x", "x"),
        ("2012-01-01", "2012-01-01"),
        ("|\n  a", "a"),
        (">\n  a\n  b\n", "a b"),
        ("9" * 5000, "9" * 5000),
        ("[a]", None),
        ("{a: b}", None),
    ],
)
def test_as_text(written: str, text: str | None) -> None:
    file = read(f"key: {written}")
    assert file.problem is None
    assert as_text(file.pairs(file.mapping)[0].value) == text


@pytest.mark.parametrize(
    "text", ["a: b\n", "a: '&x'\n", "a: b & c *d\n", "# &x\n", "", "a: [\n", "a: &x [\n"]
)
def test_no_anchor(text: str) -> None:
    assert read(text).anchor is None


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("a: &x b\n", "&x b"),
        ("é: &x b\nc: *x\n", "&x b"),
        ("a: b\nc: &x {d: e}\nf: *x\n", "&x {"),
        ("a:\n- &x\n  b: c\n- *x\n", "&x"),
    ],
)
def test_the_first_anchor(text: str, covered: str) -> None:
    file = read(text)
    assert file.anchor is not None
    assert file.source.data[slice(*file.anchor)].decode().strip() == covered
