"""Whole lines of a Python file: where a statement begins with its comments, and how it is cut out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tree_sitter import Node

from gaebot.syntax.python import PythonFile
from gaebot.text import Edit, Span

_BLANK = b" \t\f\r\n"
_DEFINITIONS = frozenset({"function_definition", "class_definition", "decorated_definition"})


def within(node: Node, holders: Iterable[Node]) -> bool:
    """Whether a node lies in one of some other nodes."""
    return any(h.start_byte <= node.start_byte and node.end_byte <= h.end_byte for h in holders)


def start_with_comments(file: PythonFile, statement: Node) -> int:
    """Byte offset of the line where a statement begins, its comments counted in.

    Those are the comment lines right above it that are indented alike. The comments above the first
    statement of a module belong to the module.
    """
    own = start = max(file.line_span(statement).start, len(file.source.bom))
    prefix = file.indent(statement) + b"#"
    for line in _lines_above(file, own):
        if not file.source.data[line.start : line.end].startswith(prefix):
            break
        start = line.start
    return own if _is_first(statement) else start


def lines_of(file: PythonFile, statement: Node) -> Span:
    """The lines of a statement of a block, with all comments between it and the statement above.

    A statement that shares its lines with others has its own bytes only.
    """
    if not file.stands_alone(statement):
        return file.span(statement)
    span = file.line_span(statement)
    start = span.start
    for line in _lines_above(file, start):
        content = file.source.data[line.start : line.end].strip(_BLANK)
        if content and not content.startswith(b"#"):
            break
        if content:
            start = line.start
    return Span(start, span.end)


def is_set_off(file: PythonFile, span: Span) -> bool:
    """Whether a blank line stands above some lines."""
    above = next(_lines_above(file, span.start), None)
    return above is not None and not file.source.data[above.start : above.end].strip(_BLANK)


def cut_from_block(file: PythonFile, statement: Node) -> Edit | None:
    """Take a statement out of a block in which others remain, with its comments.

    The blank lines between it and the next one go too, and those above the first one. A statement that
    shares its line goes up to the next one on it; None when there is none.
    """
    if not file.stands_alone(statement):
        following = statement.next_named_sibling
        if following is None or file.line_span(following).start != file.line_span(statement).start:
            return None
        return file.source.edit(Span(statement.start_byte, following.start_byte), b"")
    start, end = lines_of(file, statement)
    if statement.next_named_sibling is not None:
        end = _skip_blank_lines(file, end)
    if statement.prev_named_sibling is None:
        start = _start_of_blank_lines(file, start)
    return file.source.edit(Span(start, end), b"")


def cut_from_module(file: PythonFile, statement: Node) -> Edit:
    """Take a statement of the module away, with its comments and the blank lines in front of it.

    At the end of the file the blank lines behind it go too.
    """
    start = _start_of_blank_lines(file, start_with_comments(file, statement))
    end = file.line_span(statement).end
    rest = _skip_blank_lines(file, end)
    return file.source.edit(Span(start, rest if rest == len(file.source.data) else end), b"")


def insert_above(file: PythonFile, statement: Node, text: bytes) -> Edit:
    """Insert whole lines above a statement and the comments on top of it."""
    start = start_with_comments(file, statement)
    return file.source.edit(Span(start, start), text)


def drop_statement(file: PythonFile, statement: Node) -> Edit | None:
    """Take a statement away with the lines that it stands on.

    A statement between semicolons goes up to the next one. None when it shares its line in another way.
    """
    if file.stands_alone(statement):
        return file.source.edit(_lines_with_gap(file, statement), b"")
    data = file.source.data
    following = statement.next_sibling
    if following is not None and following.type == ";":
        end = following.end_byte
        while data[end : end + 1] in {b" ", b"\t"}:
            end += 1
        if data[end : end + 1] not in {b"", b"\r", b"\n", b"#"}:
            return file.source.edit(Span(statement.start_byte, end), b"")
    previous = statement.prev_sibling
    if previous is not None and previous.type == ";":
        return file.source.edit(Span(previous.start_byte, statement.end_byte), b"")
    return None


def _lines_with_gap(file: PythonFile, statement: Node) -> Span:
    """The lines of a statement.

    Where it ends a paragraph, the comments on top of it go along, and one of two blank lines where
    its going would join them. So do they in front of a function or a class, which they can't be about.
    """
    data = file.source.data
    end = file.line_span(statement).end
    below = file.source.line_span(end) if end < len(data) else Span(end, end)
    start = max(file.line_span(statement).start, len(file.source.bom))
    if data[below.start : below.end].strip(_BLANK):
        following = statement.next_sibling
        is_last = following is not None and following.type in _DEFINITIONS
        return Span(start_with_comments(file, statement) if is_last else start, end)
    above = next(_lines_above(file, start), None)
    if above is not None and data[above.start : above.end].strip(_BLANK):
        start = start_with_comments(file, statement)
        above = next(_lines_above(file, start), None)
    is_joined = above is None or not data[above.start : above.end].strip(_BLANK)
    return Span(start, below.end if is_joined else end)


def _is_first(statement: Node) -> bool:
    """Whether a statement of the module has nothing above it but comments and the docstring."""
    if statement.parent is None or statement.parent.type != "module":
        return False
    above = [node for node in statement.parent.named_children if node.end_byte <= statement.start_byte]
    return all(node.type == "comment" or is_docstring(node) for node in above)


def is_docstring(statement: Node) -> bool:
    """Whether a statement is a string and nothing else."""
    children = statement.named_children
    return statement.type == "expression_statement" and len(children) == 1 and children[0].type == "string"


def _start_of_blank_lines(file: PythonFile, start: int) -> int:
    """Byte offset of the first of the blank lines right above a line; of the line when there is none."""
    for line in _lines_above(file, start):
        if file.source.data[line.start : line.end].strip(_BLANK):
            break
        start = line.start
    return start


def _skip_blank_lines(file: PythonFile, offset: int) -> int:
    """The start of the first line, at `offset` or behind it, that is not blank."""
    data = file.source.data
    while offset < len(data):
        line = file.source.line_span(offset)
        if data[line.start : line.end].strip(_BLANK):
            return offset
        offset = line.end
    return offset


def _lines_above(file: PythonFile, offset: int) -> Iterator[Span]:
    """The lines above the one that begins at `offset`, from below, without a byte order mark."""
    first = len(file.source.bom)
    while offset > first:
        line = file.source.line_span(offset - 1)
        offset = max(line.start, first)
        yield Span(offset, line.end)
