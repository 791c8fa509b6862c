"""The hidden marks by which the bot knows its own comments, branches and commits again.

A mark counts only where its author is the bot: anybody can write one. Text from a repository never comes into
a comment with a mark in it (`without_marks`).
"""

from __future__ import annotations

import re

_MARK = re.compile(r"<!-- gaebot:(?P<kind>[a-z-]+) (?P<value>[A-Za-z0-9._/-]*) -->")
_ANY = re.compile(r"<!--\s*gaebot\b", re.IGNORECASE)


def mark(kind: str, value: str = "") -> str:
    """A mark of a kind ('summary', 'finding', 'fix-up'), with a value of letters, digits and ._/-."""
    text = f"<!-- gaebot:{kind} {value} -->"
    if _MARK.fullmatch(text) is None:
        raise ValueError(f"{value!r} can't stand in a mark")
    return text


def marks(body: str, kind: str) -> list[str]:
    """The values of the marks of a kind in a text, in order."""
    return [match["value"] for match in _MARK.finditer(body) if match["kind"] == kind]


def without_marks(text: str) -> str:
    """A text that is no mark to anybody."""
    return _ANY.sub("<! -- gaebot", text)
