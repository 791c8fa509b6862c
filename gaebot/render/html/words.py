"""Texts as the page shows them: messages with code in them, numbers with their noun, places."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gaebot.finding import Finding, Place, Safety, Severity

# What each severity means, for people who read their first report.
MEANINGS = {
    Severity.ERROR: "will not deploy, or not run there",
    Severity.WARNING: "behaves differently there, or is deprecated",
    Severity.NOTE: "advice",
}

# How a finding is mended: the word that filters and columns go by, and what it is called.
MENDING = {
    "safe": "Safe patch",
    "review": "Patch to review",
    "hand": "By hand",
}


class Words(NamedTuple):
    """A piece of a message: plain, or code that stood in backquotes."""

    text: str
    is_code: bool


def prose(text: str) -> tuple[Words, ...]:
    """The pieces of a message on one line. A backquote without a partner stays as it is."""
    parts = " ".join(text.split()).split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    return tuple(Words(part, bool(number % 2)) for number, part in enumerate(parts) if part)


def number(count: int, noun: str) -> str:
    """A count with its noun: '1 finding', '2,000 findings'."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def mending(finding: Finding) -> str:
    """How a finding is mended: 'safe' or 'review' when a patch can be applied, else 'hand'."""
    if finding.fix is None or finding.fix.safety is Safety.DISPLAY:
        return "hand"
    return str(finding.fix.safety.value)


def place_text(place: Place, in_app: Callable[[str], str]) -> str:
    """A place as compilers write it: 'shop/main.py:12'. `in_app` makes the caller's path of the app's."""
    return f"{in_app(place.path)}:{place.start.line}"
