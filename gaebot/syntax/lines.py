"""Whole lines of a Python file: where a statement begins with its comments, and how it is cut out."""

from __future__ import annotations

from tree_sitter import Node

from gaebot.syntax.python import PythonFile
from gaebot.text import Edit, Span


def start_with_comments(file: PythonFile, statement: Node) -> int:
    """Byte offset of the line where a statement begins, or of the first of the comment lines right
    above it that are indented alike."""
    prefix = file.indent(statement) + b"#"
    start = file.line_span(statement).start
    while start > 0:
        line = file.source.line_span(start - 1)
        if not file.source.data[line.start : line.end].startswith(prefix):
            break
        start = line.start
    return max(start, len(file.source.bom))


def cut_from_block(file: PythonFile, statement: Node) -> Edit:
    """Take a statement and its comments out of a block in which others remain."""
    return file.source.edit(Span(start_with_comments(file, statement), file.line_span(statement).end), b"")


def cut_from_module(file: PythonFile, statement: Node) -> Edit:
    """Take a statement of the module away, with the blank lines in front of it."""
    span = file.line_span(statement)
    start = span.start
    while start > 0:
        line = file.source.line_span(start - 1)
        if file.source.data[line.start : line.end].strip(b" \t\f\r\n"):
            return file.source.edit(Span(start, span.end), b"")
        start = line.start
    return file.source.edit(Span(max(span.start, len(file.source.bom)), span.end), b"")


def insert_above(file: PythonFile, statement: Node, text: bytes) -> Edit:
    """Insert whole lines above a statement and the comments on top of it."""
    start = start_with_comments(file, statement)
    return file.source.edit(Span(start, start), text)
