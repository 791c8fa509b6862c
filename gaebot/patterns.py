"""Regular expressions that come from an app's YAML: `url:` patterns, `skip_files`.

Such a pattern is hostile until proven harmless: it may need hours to match, or all memory to compile.
One that is invalid, or takes too long, or is out of all proportion, matches nothing.

Most are so plain that nothing can go wrong with them, `/static/.*`. Those are left to Python's own `re`, and
`regex`, which can be told to stop, need not be loaded.
"""

from __future__ import annotations

import math
import re
from time import perf_counter
from typing import TYPE_CHECKING

from gaebot import limits

if TYPE_CHECKING:
    import regex

# `regex` writes out the least number of copies of what is repeated when it compiles a pattern.
_REPEAT = re.compile(r"\{\s*(\d[\d\s]*)")

# What `re` and `regex` read alike: characters that stand for themselves, anything, groups, and what begins,
# ends or separates. Each `.*`, `)?` and `|` multiplies the ways to try, so there may only be a few.
_PLAIN = re.compile(r"(?:[\w/ ,:;=@%~<>&!-]|\\[./+*?()|^$-]|\.[*+]?|\((?:\?:)?|\)\??|[|^$])*", re.ASCII)
_REPEATS = re.compile(r"[*+]|\)\?")
_MOST_REPEATS = 2
_MOST_BARS = 6
_SHORT = 255  # the longest text, in characters, for which a few ways to try remain few


class Pattern:
    """A regular expression that can't hang.

    All matching together may take `limits.PATTERN_TOTAL_SECONDS`, a single one
    `limits.PATTERN_SECONDS`; once either is used up, the pattern matches nothing any more. With `is_ours` it
    does not come from an app, and is known to be quick.
    """

    def __init__(self, text: str, *, is_ours: bool = False) -> None:
        self.text = text
        self._plain = _compile_plain(text) if is_ours or is_plain(text) else None
        self._compiled = _compile(text) if self._plain is None else None
        self._seconds = limits.PATTERN_TOTAL_SECONDS

    @property
    def is_usable(self) -> bool:
        """Whether it can match: False once it has proved to be invalid or too slow."""
        return self._plain is not None or self._compiled is not None

    def match(self, value: str) -> re.Match[str] | regex.Match[str] | None:
        """Match at the start of `value`, as `re.match` does; the rest may be anything."""
        return self._run(value, whole=False)

    def fullmatch(self, value: str) -> re.Match[str] | regex.Match[str] | None:
        """Match the whole of `value`, as `re.fullmatch` does."""
        return self._run(value, whole=True)

    def _run(self, value: str, *, whole: bool) -> re.Match[str] | regex.Match[str] | None:
        if not self.is_usable:
            return None
        started = perf_counter()
        found: re.Match[str] | regex.Match[str] | None
        if self._plain is not None and len(value) <= _SHORT:
            found = self._plain.fullmatch(value) if whole else self._plain.match(value)
        else:
            found = self._run_limited(value, whole=whole)
        self._seconds -= perf_counter() - started
        if self._seconds <= 0:
            self._give_up()
        return found

    def _run_limited(self, value: str, *, whole: bool) -> regex.Match[str] | None:
        if self._compiled is None:
            self._compiled = _compile(self.text)
        if self._compiled is None:
            return None
        run = self._compiled.fullmatch if whole else self._compiled.match
        try:
            return run(value, timeout=min(limits.PATTERN_SECONDS, self._seconds))
        except (TimeoutError, MemoryError):
            self._give_up()
            return None

    def _give_up(self) -> None:
        self._plain = self._compiled = None


def is_plain(text: str) -> bool:
    """Whether a pattern can't be slow on a short text, and means the same to `re` and to `regex`."""
    return (
        len(text) <= _SHORT
        and text.count("|") <= _MOST_BARS
        and len(_REPEATS.findall(text)) <= _MOST_REPEATS
        and _PLAIN.fullmatch(text) is not None
    )


def _compile_plain(text: str) -> re.Pattern[str] | None:
    try:
        return re.compile(text)
    except re.error:  # a bracket too many or too few
        return None


def _compile(text: str) -> regex.Pattern[str] | None:
    if len(text) > limits.MAX_PATTERN_LENGTH:
        return None
    copies = math.prod(max(1, int("".join(number.split()))) for number in _REPEAT.findall(text))
    if copies > limits.MAX_PATTERN_COPIES:
        return None
    import regex  # noqa: PLC0415 - hardly a pattern needs it, and it takes long to load

    try:
        return regex.compile(text)
    except (regex.error, ValueError, OverflowError, RecursionError, MemoryError):
        return None
