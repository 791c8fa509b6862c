"""Restructuring one statement with LibCST, put back as one range edit.

LibCST reads Python 3 and takes some Python 2 for something else without a word, so only statements
that mean the same in both get here, and each is bounded in size and nesting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaebot import limits
from gaebot.syntax.python import PythonFile, text
from gaebot.text import Edit, Span

if TYPE_CHECKING:
    import libcst
    from tree_sitter import Node


def drop_imported_names(file: PythonFile, statement: Node, names: frozenset[str]) -> Edit | None:
    """Take names out of an import statement: the names as the file uses them, after `as`.

    A statement that loses all its names goes with its line, or becomes `pass` where a block would
    be left empty. None when the statement can't be rewritten.
    """
    local = [_local_name(child) for child in statement.children_by_field_name("name")]
    if not local or not names.issuperset(local):
        return _drop_some(file, statement, names) if names.intersection(local) else None
    block = statement.parent
    if block is not None and block.type == "block" and len(block.named_children) == 1:
        return file.source.edit(file.span(statement), b"pass")
    return drop_statement(file, statement)


def drop_statement(file: PythonFile, statement: Node) -> Edit | None:
    """Take a statement away with the lines that it stands on; None when it shares them.

    A statement between semicolons goes up to the next one.
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
    """The lines of a statement, and one of two blank lines where its going would join them."""
    span = file.line_span(statement)
    data = file.source.data
    above = file.source.line_span(span.start - 1) if span.start else span
    below = file.source.line_span(span.end) if span.end < len(data) else span
    between_blanks = not data[above.start : above.end].strip() and not data[below.start : below.end].strip()
    start = max(span.start, len(file.source.bom))
    return Span(start, below.end if between_blanks else span.end)


def _drop_some(file: PythonFile, statement: Node, names: frozenset[str]) -> Edit | None:
    import libcst  # noqa: PLC0415 - 350 ms that a check without such a patch need not pay

    code = statement.text or b""
    if not _is_readable(code):
        return None
    try:
        tree = libcst.parse_module(code)
    except (libcst.ParserSyntaxError, RecursionError):
        return None
    line = tree.body[0] if len(tree.body) == 1 else None
    small = line.body[0] if isinstance(line, libcst.SimpleStatementLine) and len(line.body) == 1 else None
    if not isinstance(small, (libcst.Import, libcst.ImportFrom)) or isinstance(
        small.names, libcst.ImportStar
    ):
        return None
    kept = [alias for alias in small.names if _alias_name(alias) not in names]
    if not isinstance(small, libcst.ImportFrom) or small.lpar is None:
        kept[-1] = kept[-1].with_changes(comma=libcst.MaybeSentinel.DEFAULT)
    elif small.names[-1] not in kept:
        # Inside parentheses the last comma carries the line break in front of the closing one.
        kept[-1] = kept[-1].with_changes(comma=small.names[-1].comma)
    rewritten = tree.deep_replace(small, small.with_changes(names=kept))
    return file.source.edit(file.span(statement), rewritten.bytes.rstrip(b"\r\n"))  # type: ignore[attr-defined]


def _is_readable(code: bytes) -> bool:
    if len(code) > limits.MAX_FRAGMENT_BYTES:
        return False
    return code.count(b"(") <= limits.MAX_FRAGMENT_NESTING


def _local_name(child: Node) -> str:
    """The name that an import binds: `import a.b` binds `a`, but is asked for as `a.b`."""
    return text(child.child_by_field_name("alias") or child)


def _alias_name(alias: libcst.ImportAlias) -> str:
    if alias.asname is not None:
        return str(alias.evaluated_alias)
    return str(alias.evaluated_name)
