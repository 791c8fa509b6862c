"""Text from a repository, made safe to print."""

from __future__ import annotations

import unicodedata

# Control, format (which can turn the direction of text around), surrogate, line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_TAB = "    "


def visible(text: str) -> str:
    r"""The text with everything that does not show, or moves the cursor, written as an escape.

    A tab becomes four blanks, an escape character `\x1b`, a byte of a file name that is no text
    (a lone surrogate in Python) the byte itself: `\xff`.
    """
    if text.isprintable():
        return text
    return "".join(map(_visible_character, text))


def _visible_character(character: str) -> str:
    if character == "\t":
        return _TAB
    if unicodedata.category(character) not in _UNSEEN:
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # what `os.fsdecode` makes of a byte that it can't decode
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("ascii", "backslashreplace").decode() if code > 0x7F else f"\\x{code:02x}"


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(map(_character_columns, text)) if not text.isascii() else len(text)


def _character_columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
