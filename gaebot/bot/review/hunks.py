"""The hunks of a diff: which lines of the new side a comment can stand on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADER = re.compile(r"@@ -\d+(?:,(?P<old>\d+))? \+(?P<start>\d+)(?:,(?P<new>\d+))? @@")


@dataclass(frozen=True)
class Hunk:
    """The new side of a hunk: its lines (1-based from `start`), and which of them are new or changed."""

    start: int
    lines: tuple[str, ...]
    added: frozenset[int]

    @property
    def end(self) -> int:
        """The number of its last line."""
        return self.start + len(self.lines) - 1

    def holds(self, first: int, last: int) -> bool:
        """Whether all lines from the first to the last are in it."""
        return self.start <= first <= last <= self.end

    def texts(self, first: int, last: int) -> tuple[str, ...]:
        """The lines from the first to the last, which it holds."""
        return self.lines[first - self.start : last - self.start + 1]


def hunks(patch: str | None) -> tuple[Hunk, ...]:
    """The hunks of a file's patch, in order; none where there is no patch.

    Lines are counted by the headers, as what a line holds may look like one. At the first hunk that is not
    what its header says, reading ends: what follows can't be trusted.
    """
    return tuple(_hunks((patch or "").split("\n")))


def _hunks(lines: list[str]) -> Iterator[Hunk]:
    at = 0
    while at < len(lines):
        header = _HEADER.match(lines[at])
        at += 1
        if header is None:
            continue
        start = int(header["start"])
        old, new = (int(header[name] or "1") if header[name] != "0" else 0 for name in ("old", "new"))
        texts: list[str] = []
        added: set[int] = set()
        while (old or new) and at < len(lines):
            line = lines[at]
            at += 1
            if line.startswith("\\"):  # no newline at the end of the file
                continue
            kind, text = line[:1] or " ", line[1:]
            if kind not in " +-":
                return
            old -= kind != "+"
            if kind != "-":
                new -= 1
                if kind == "+":
                    added.add(start + len(texts))
                texts.append(text)
        if old or new:
            return
        if texts:
            yield Hunk(start, tuple(texts), frozenset(added))
