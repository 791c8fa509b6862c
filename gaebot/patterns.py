"""Regular expressions that come from an app's YAML: `url:` patterns, `skip_files`.

Such a pattern is hostile until proven harmless: it may need hours to match, or all memory to compile.
One that is invalid, or takes too long, or is out of all proportion, matches nothing.
"""

from __future__ import annotations

import math
from time import perf_counter

import regex

from gaebot import limits

# `regex` writes out the least number of copies of what is repeated when it compiles a pattern.
_REPEAT = regex.compile(r"\{\s*(\d[\d\s]*)")


class Pattern:
    """A regular expression that can't hang.

    All matching together may take `limits.PATTERN_TOTAL_SECONDS`, a single one
    `limits.PATTERN_SECONDS`; once either is used up, the pattern matches nothing any more.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._compiled = _compile(text)
        self._seconds = limits.PATTERN_TOTAL_SECONDS

    @property
    def is_usable(self) -> bool:
        """Whether it can match: False once it has proved to be invalid or too slow."""
        return self._compiled is not None

    def match(self, value: str) -> regex.Match[str] | None:
        """Match at the start of `value`, as `re.match` does; the rest may be anything."""
        return self._run(value, whole=False)

    def fullmatch(self, value: str) -> regex.Match[str] | None:
        """Match the whole of `value`, as `re.fullmatch` does."""
        return self._run(value, whole=True)

    def _run(self, value: str, *, whole: bool) -> regex.Match[str] | None:
        if self._compiled is None:
            return None
        run = self._compiled.fullmatch if whole else self._compiled.match
        started = perf_counter()
        try:
            found = run(value, timeout=min(limits.PATTERN_SECONDS, self._seconds))
        except (TimeoutError, MemoryError):
            self._compiled = None
            return None
        self._seconds -= perf_counter() - started
        if self._seconds <= 0:
            self._compiled = None
        return found


def _compile(text: str) -> regex.Pattern[str] | None:
    if len(text) > limits.MAX_PATTERN_LENGTH:
        return None
    copies = math.prod(max(1, int("".join(number.split()))) for number in _REPEAT.findall(text))
    if copies > limits.MAX_PATTERN_COPIES:
        return None
    try:
        return regex.compile(text)
    except (regex.error, ValueError, OverflowError, RecursionError, MemoryError):
        return None
