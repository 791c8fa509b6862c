"""Bytes and where they stand: `SourceFile`, `Span`, `Edit`, `NewFile`.

The bytes on disk are the truth. Everything here counts in byte offsets; only `SourceFile.position`
turns an offset into the line and column that people and code hosts count in.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

_UTF8_BOM = b"\xef\xbb\xbf"
# PEP 263: the declaration stands in the first or second line, which must be a comment.
_CODING_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK_OR_COMMENT = re.compile(rb"^[ \t\f]*(?:#|$)")
# What Python 2 ends a line with. Form feeds and Unicode separators do not end one.
_LINE_END = re.compile(rb"\r\n|\n|\r")


class Span(NamedTuple):
    """A half-open range of byte offsets, 0-based: `start` is in it, `end` is not."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether two edits at these spans would get in each other's way.

        Two insertions at the same offset do: their order would be a guess. A span that begins
        where another ends does not.
        """
        if self == other:
            return True
        if self.start == self.end:
            return other.start < self.start < other.end
        if other.start == other.end:
            return self.start < other.start < self.end
        return self.start < other.end and other.start < self.end


class Position(NamedTuple):
    """Line and column as editors show them: both 1-based, the column counted in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `old`, which stands at byte offset `start` of the file `path`, by `new`.

    `path` is relative to the app root, with forward slashes. An insertion has an empty `old`.
    """

    path: str
    start: int
    old: bytes
    new: bytes

    @property
    def span(self) -> Span:
        """The bytes that the edit takes away."""
        return Span(self.start, self.start + len(self.old))


@dataclass(frozen=True, slots=True)
class NewFile:
    """Create the file `path` (relative to the app root, forward slashes) with the content `data`."""

    path: str
    data: bytes


class StaleEditError(ValueError):
    """The bytes that an edit wants to replace do not stand there (any more)."""


class OverlappingEditsError(ValueError):
    """Two edits want the same bytes."""


@dataclass(frozen=True, eq=False)
class SourceFile:
    """A file of an app: its path and its bytes, as they are on disk.

    `path` is relative to the app root, with forward slashes.
    """

    path: str
    data: bytes

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Byte offset at which each line begins; the first entry is 0."""
        return (0, *(match.end() for match in _LINE_END.finditer(self.data)))

    @cached_property
    def newline(self) -> bytes:
        """The line ending of the file: the one its first line has, else a line feed."""
        match = _LINE_END.search(self.data)
        return match.group() if match else b"\n"

    @cached_property
    def bom(self) -> bytes:
        """The UTF-8 byte order mark that the file begins with, or nothing."""
        return _UTF8_BOM if self.data.startswith(_UTF8_BOM) else b""

    @cached_property
    def encoding(self) -> str:
        """Name of the codec that reads the file: byte order mark, PEP 263 cookie, else UTF-8.

        Files that lie about it are read as Latin-1, which can read any byte: text is only shown,
        edits are made in bytes.
        """
        declared = "utf-8" if self.bom else self._cookie() or "utf-8"
        try:
            self.data.decode(declared)
            b"x".decode(
                declared, "replace"
            )  # not every codec can leave bytes out that it does not know: idna
        except (LookupError, ValueError, TypeError):
            return "latin-1"
        return declared

    def _cookie(self) -> str | None:
        for line in self.data[:1000].splitlines()[:2]:
            if match := _CODING_COOKIE.match(line):
                return match.group(1).decode("ascii")
            if not _BLANK_OR_COMMENT.match(line):
                return None
        return None

    def decode(self, span: Span | None = None) -> str:
        """The text of a span, or of the whole file without its byte order mark."""
        start, end = span if span is not None else (len(self.bom), len(self.data))
        return self.data[start:end].decode(self.encoding, "replace")

    def position(self, offset: int) -> Position:
        """Line and column (1-based, in characters) of a byte offset."""
        row = bisect_right(self.line_starts, offset) - 1
        start = self.line_starts[row]
        if row == 0:
            start = min(len(self.bom), offset)
        return Position(row + 1, len(self.decode(Span(start, offset))) + 1)

    def line_span(self, offset: int) -> Span:
        """The whole line that `offset` stands in, with its line ending."""
        row = bisect_right(self.line_starts, offset) - 1
        end = self.line_starts[row + 1] if row + 1 < len(self.line_starts) else len(self.data)
        return Span(self.line_starts[row], end)

    def line_text(self, line: int) -> str:
        """Text of a line (1-based) without its line ending."""
        span = self.line_span(self.line_starts[line - 1])
        if line == 1:
            span = Span(len(self.bom), span.end)
        return self.decode(span).rstrip("\r\n")

    def edit(self, span: Span, new: bytes) -> Edit:
        """The edit that puts `new` in the place of a span."""
        return Edit(self.path, span.start, self.data[span.start : span.end], new)

    def apply(self, edits: Iterable[Edit]) -> SourceFile:
        """This file with the edits made. Equal edits count once.

        Raises `StaleEditError` when an edit's old bytes do not stand where it says, and
        `OverlappingEditsError` when two different edits want the same bytes.
        """
        parts: list[bytes] = []
        done = 0
        previous: Edit | None = None
        for edit in sorted(set(edits), key=lambda edit: (edit.span, edit.new)):
            if edit.path != self.path:
                raise ValueError(f"an edit of {edit.path} was given to {self.path}")
            if self.data[edit.start : edit.span.end] != edit.old:
                raise StaleEditError(f"{self.path}: the text at byte {edit.start} has changed")
            if previous is not None and previous.span.overlaps(edit.span):
                raise OverlappingEditsError(f"{self.path}: two edits at byte {edit.start}")
            parts += (self.data[done : edit.start], edit.new)
            done = edit.span.end
            previous = edit
        parts.append(self.data[done:])
        return SourceFile(self.path, b"".join(parts))
