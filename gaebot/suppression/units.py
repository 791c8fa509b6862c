"""What belongs together in a file, line by line: statements of Python, values of YAML, lines of a page.

A comment is for such a unit, and there are lines where no comment can stand: inside of a text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Protocol

from tree_sitter import Node

from gaebot.app import App
from gaebot.syntax.page import Page
from gaebot.syntax.python import PythonFile
from gaebot.syntax.yaml import YamlFile, walk
from gaebot.text import SourceFile, Span

_BLOCKS = frozenset({"module", "block"})


class Units(Protocol):
    """The units of one file. Lines are 1-based."""

    @property
    def is_page(self) -> bool:
        """Whether comments are written `{# … #}`."""

    def is_comment(self, offset: int) -> bool:
        """Whether the `#` at a byte offset begins a comment."""

    def lines(self, line: int, *, is_alone: bool) -> range:
        """The lines that a comment on a line is for; `is_alone` tells that it has the line for itself."""

    def first_line(self, line: int) -> int:
        """The line above which a comment can stand that is for a line."""


def units_of(app: App, path: str) -> Units | None:
    """The units of a file of the app; None for files that have no comments."""
    python, yaml, page = app.python(path), app.yaml(path), app.page(path)
    if python is not None:
        return PythonUnits(python)
    if yaml is not None:
        return YamlUnits(yaml)
    return PageUnits(page) if page is not None else None


class PythonUnits:
    """The units of a Python file: statements, and the heads of compound ones."""

    is_page = False

    def __init__(self, file: PythonFile) -> None:
        self._file = file
        self._source = file.source
        self._lines = _Lines(file.source, b"#")
        self._head_ends: dict[int, int] = {}  # by node: thousands of comments may stand in one statement

    def is_comment(self, offset: int) -> bool:
        """Whether the `#` at a byte offset begins a comment."""
        return self._file.is_in_comment(offset)

    def lines(self, line: int, *, is_alone: bool) -> range:
        """The lines that a comment on a line is for."""
        if not is_alone:
            return range(self._start_of_text(line), line + 1)
        first = self._lines.next(line)
        unit = self._unit(first)
        last = self._head_end(unit) if unit is not None and unit.start_point.row + 1 == first else first
        return range(line, max(last, self._end_of_text(first)) + 1)

    def first_line(self, line: int) -> int:
        """The first line of the statement, of a compound one's head, that a line is part of."""
        unit = self._unit(line)
        return unit.start_point.row + 1 if unit is not None else line

    def _unit(self, line: int) -> Node | None:
        """The statement or clause whose lines, without the block in it, hold a line."""
        span = self._source.line_span(self._source.line_starts[line - 1])
        text = self._source.data[span.start : span.end]
        offset = span.start + len(text) - len(text.lstrip())
        node = self._file.root.descendant_for_byte_range(offset, min(offset + 1, span.end))
        while node is not None and not _is_unit(node):
            node = node.parent
        return node if node is not None and line <= self._head_end(node) else None

    def _head_end(self, unit: Node) -> int:
        if unit.id not in self._head_ends:
            self._head_ends[unit.id] = _head_end(unit)
        return self._head_ends[unit.id]

    @cached_property
    def _texts(self) -> list[range]:
        """The lines of each text that goes over several."""
        if b'"""' not in self._source.data and b"'''" not in self._source.data:
            return []
        rows = ((node.start_point.row, node.end_point.row) for node in self._file.nodes("(string) @text"))
        return [range(start + 1, end + 2) for start, end in rows if start < end]

    def _start_of_text(self, line: int) -> int:
        return min([line, *(text.start for text in self._texts if text.stop - 1 == line)])

    def _end_of_text(self, line: int) -> int:
        return max([line, *(text.stop - 1 for text in self._texts if text.start == line)])


class YamlUnits:
    """The units of a YAML file: values with all their lines."""

    is_page = False

    def __init__(self, file: YamlFile) -> None:
        self._source = file.source
        self._lines = _Lines(file.source, b"#")
        scalars = sorted(file.span(node) for node in walk(file.root) if not isinstance(node.value, list))
        self._starts = [span.start for span in scalars]
        self._scalars = scalars
        self._long = list(self._long_scalars(scalars))

    def _long_scalars(self, scalars: list[Span]) -> Iterator[range]:
        for span in scalars:
            first = self._source.position(span.start).line
            last = self._source.position(max(span.end - 1, span.start)).line
            if first < last:
                yield range(first, last + 1)

    def is_comment(self, offset: int) -> bool:
        """Whether the `#` at a byte offset begins a comment: behind a blank, and in no value."""
        before = self._source.data[max(0, offset - 1) : offset]
        if before and before not in b" \t\r\n":
            return False
        number = bisect_right(self._starts, offset) - 1
        return number < 0 or self._scalars[number].end <= offset

    def lines(self, line: int, *, is_alone: bool) -> range:
        """The lines that a comment on a line is for."""
        if not is_alone:
            return range(min([line, *(text.start for text in self._long if text.stop - 1 == line)]), line + 1)
        first = self._lines.next(line)
        last = max([first, *(text.stop - 1 for text in self._long if text.start == first)])
        return range(line, last + 1)

    def first_line(self, line: int) -> int:
        """The first line of the value that a line is part of."""
        return min([line, *(text.start for text in self._long if line in text)])


class PageUnits:
    """The units of a page: its lines. A comment on a line of its own is for the next one."""

    is_page = True

    def __init__(self, page: Page) -> None:
        self._source = page.source
        self._lines = _Lines(page.source, b"{#")

    def is_comment(self, offset: int) -> bool:
        """Whether a comment begins at a byte offset: wherever its bracket stands."""
        return self._source.data.startswith(b"{#", offset)

    def lines(self, line: int, *, is_alone: bool) -> range:
        """The lines that a comment on a line is for."""
        return range(line, (self._lines.next(line) if is_alone else line) + 1)

    def first_line(self, line: int) -> int:
        """The line itself."""
        return line


class _Lines:
    """The lines of a file, looked at once: each of thousands of comments in a row asks about them."""

    def __init__(self, source: SourceFile, comment: bytes) -> None:
        self._source = source
        self._comment = comment

    def next(self, line: int) -> int:
        """The first line behind one that is no comment alone; without one, the last of the file."""
        return self._next[line]

    @cached_property
    def _next(self) -> list[int]:
        starts = self._source.line_starts
        found = [len(starts)] * (len(starts) + 1)
        for line in range(len(starts) - 1, 0, -1):
            span = self._source.line_span(starts[line])
            text = self._source.data[span.start : span.end].lstrip()
            found[line] = found[line + 1] if text.startswith(self._comment) else line + 1
        return found


def _is_unit(node: Node) -> bool:
    """Whether a node is a statement, or a clause of one that has a block, such as `except`."""
    parent = node.parent
    return (parent is not None and parent.type in _BLOCKS) or (
        node.type.endswith("_clause") and any(child.type == "block" for child in node.children)
    )


def _head_end(unit: Node) -> int:
    """The last line of a statement; of a compound one its colon's, of a decorated one its decorator's."""
    if unit.type == "decorated_definition":
        return unit.children[0].end_point.row + 1
    is_compound = any(child.type == "block" for child in unit.children)
    colon = next((child for child in unit.children if child.type == ":"), None) if is_compound else None
    return (colon or unit).end_point.row + 1
