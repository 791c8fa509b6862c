"""Where words stand in a file: an index that fills as it is asked, far quicker than a walk over a tree."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property

from gaebot.text import Span

_WORD = re.compile(r"\w+", re.ASCII)
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_WORDS_ONLY = bytes(byte if chr(byte) in _LETTERS else 32 for byte in range(256))
_MANY_WORDS = 40  # as many are looked up together in one walk over the file


class WordIndex:
    """The words of some bytes, be they of code or not. A word is of ASCII letters, digits and underscores."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._places: dict[str, list[int]] = {}  # of those words that were asked for

    @cached_property
    def words(self) -> frozenset[str]:
        """All words."""
        return frozenset(self._data.translate(_WORDS_ONLY).decode("latin-1").split())

    @cached_property
    def text(self) -> str:
        """The file with each byte as one letter, so that offsets are those of the bytes."""
        return self._data.decode("latin-1")

    def occurrences(self, words: Iterable[str], within: Span | None = None) -> list[tuple[int, str]]:
        """Where words stand, in the file or a span of bytes, in order: byte offset and word."""
        present = self.words.intersection(words)
        if not present:
            return []
        self._look_for(present)
        if within is None:
            found = [(at, word) for word in present for at in self._places[word]]
            return found if len(present) == 1 else sorted(found)
        found = []
        for word in present:
            known = self._places[word]
            last = bisect_right(known, within.end - len(word))
            found += [(at, word) for at in known[bisect_left(known, within.start) : last]]
        return sorted(found)

    def _look_for(self, words: frozenset[str]) -> None:
        places = self._places
        unknown = words.difference(places)
        if len(unknown) > _MANY_WORDS:
            for match in _WORD.finditer(self.text):
                word = match.group()
                if word in unknown:
                    places.setdefault(word, []).append(match.start())
        else:
            for word in unknown:
                places[word] = self._places_of(word)

    def _places_of(self, word: str) -> list[int]:
        """The byte offsets at which a word stands as a whole word."""
        data, size, found = self.text, len(word), []
        at = data.find(word)
        while at >= 0:
            after = at + size
            if not (at and data[at - 1] in _LETTERS) and data[after : after + 1] not in _LETTERS:
                found.append(at)
            at = data.find(word, after)
        return found
