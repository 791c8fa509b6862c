"""`string_value`: what a string literal holds, where that is plain to see."""

from __future__ import annotations

import pytest

from gaebot.syntax.nodes import string_value
from gaebot.syntax.python import PythonFile
from gaebot.text import SourceFile


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("'a'", "a"),
        ('"a"', "a"),
        ("''", ""),
        ("u'a'", "a"),
        ("r'a\\d'", "a\\d"),
        ("'''a\nb'''", "a\nb"),
        ("'a\\n'", None),
        ("'a' 'b'", None),
        ("name", None),
        ("1", None),
    ],
)
def test_plain_literals_are_read(literal: str, value: str | None) -> None:
    file = PythonFile(SourceFile("a.py", f"x = {literal}\n".encode()))
    (binding,) = file.scope.bindings["x"]
    assert string_value(binding.value) == value


def test_nothing_holds_nothing() -> None:
    assert string_value(None) is None
