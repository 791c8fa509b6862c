import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaebot.render.visible import columns, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("ä — 漢字 🐍", "ä — 漢字 🐍"),
        ("a\tb", "a    b"),
        ("a\nb\rc", "a\\x0ab\\x0dc"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x00\x7f\x9b", "\\x00\\x7f\\x9b"),
        ("\u202egnp.exe", "\\u202egnp.exe"),  # turns the direction of text around
        ("\u2028", "\\u2028"),
        ("\ufeff", "\\ufeff"),
        (os.fsdecode(b"caf\xe9"), "caf\\xe9"),
        ("\ud800", "\\ud800"),
    ],
)
def test_visible(text, shown):
    assert visible(text) == shown


@given(st.text())
def test_nothing_that_does_not_show_is_left(text):
    assert not [c for c in visible(text) if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    visible(text).encode("utf-8")


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("漢字", 4), ("e\u0301", 1), ("", 0)])
def test_columns(text, width):
    assert columns(text) == width
