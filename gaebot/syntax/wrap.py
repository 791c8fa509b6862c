"""Putting `with …:` around statements, as one range edit that keeps their own bytes.

LibCST builds the frame, the `with` and a placeholder for its body, and sees nothing of the statements:
their bytes, indented one step, take the placeholder's place. So Python 2 constructs, comments, strings
and line endings need no second way.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from tree_sitter import Node

from gaebot import limits
from gaebot.syntax.lines import is_docstring, start_with_comments
from gaebot.syntax.nodes import ancestors
from gaebot.syntax.python import PythonFile
from gaebot.text import Edit, Span

_TAB = 8  # columns from one tab stop to the next, for Python 2
_MAX_BLOCKS = (
    20  # loops, `try` and `with` within each other, CPython 2.7: "too many statically nested blocks"
)
_MAX_LEVELS = 99  # CPython 2.7: "too many levels of indentation"

_BLANKS = b" \t\f"
_INDENTATION = re.compile(rb"[ \t\f]*")
_REST_OF_LINE = re.compile(rb"[ \t\f]*;?[ \t\f]*(?:#[^\r\n]*)?")
_BETWEEN = re.compile(rb"[ \t\f]*;[ \t\f]*")
_CLAUSE = re.compile(rb"(?:elif|else|except|finally)\b")
_STRINGS = "(string) @x"
_HOLDERS = "[(block) (for_statement) (while_statement) (try_statement) (with_statement)] @x"
# How many blocks of CPython 2.7 each takes: `try` with `except` and `finally` takes two.
_BLOCKS = {"for_statement": 1, "while_statement": 1, "with_statement": 1, "try_statement": 2}
_SCOPES = frozenset({"function_definition", "class_definition", "module"})
# What else than a statement of a block stands at the start of a line and is indented like one.
_PARTS = """
(block (_) @x)
(elif_clause) @x
(else_clause) @x
(except_clause) @x
(finally_clause) @x
(decorator) @x
(decorated_definition definition: (_) @x)
"""


def wrap_in_with(file: PythonFile, statements: Sequence[Node], context: str) -> Edit | None:
    """The edit that puts `with CONTEXT:` around consecutive statements of one block or of the module.

    Comment lines right above the first one go along, and so do those below the last one that are indented
    deeper. Statements that share a line with others of their block get lines of their own. What strings
    hold is not touched, nor is a continuation line or a comment that stands left of the block. None when
    something in the statements could not be read, or they stand behind the colon of their block.
    """
    header = _header(file, statements)
    if header is None:
        return None
    lines = _Lines.of(file, statements, header).indented()
    frame = _frame(context, header.step.decode(), header.newline.decode()) if lines is not None else None
    if lines is None or frame is None:
        return None
    opening = header.newline + header.indent if header.splits_start else header.indent
    closing = header.newline + header.indent if header.splits_end else b""
    return file.source.edit(header.region, opening + frame + lines + closing)


class _Header(NamedTuple):
    """Where the `with` goes: the bytes that it replaces, and how it is indented.

    `indent` stands in front of the `with`, `step` is what its body has in addition. With `splits_start`
    the region begins behind the statement before on the same line, with `splits_end` it ends in front of
    the next one.
    """

    region: Span
    indent: bytes
    step: bytes
    newline: bytes
    splits_start: bool
    splits_end: bool

    @property
    def column(self) -> int:
        """The column of the block."""
        return _column(self.indent)

    @property
    def shift(self) -> int:
        """How many columns every line moves to the right."""
        return _column(self.indent + self.step) - self.column


def _header(file: PythonFile, statements: Sequence[Node]) -> _Header | None:
    if not _are_consecutive(statements) or any(_is_unfit(node) for node in statements):
        return None
    first, last = statements[0], statements[-1]
    indent = _block_indent(file, first)
    end = _end(file, last)
    if indent is None or end is None or _is_too_deep(file, statements):
        return None
    splits_start = bool(file.indent(first).strip(_BLANKS + file.source.bom))
    start = _start_behind(file, first) if splits_start else start_with_comments(file, first)
    if start is None or _has_lone_return(file, Span(start, end)):
        return None
    splits_end = end > last.end_byte and _follows(file, last) == end
    if not splits_end:
        if _goes_on_deeper(file, end, indent):
            return None
        end = _end_of_comments(file, end, _column(indent))
    step = _step(file, first, indent)
    return _Header(Span(start, end), indent, step, _newline(file, first), splits_start, splits_end)


def _are_consecutive(statements: Sequence[Node]) -> bool:
    if not statements or statements[0].parent is None:
        return False
    block = statements[0].parent
    siblings = [node.id for node in block.named_children if node.type != "comment"]
    wanted = [node.id for node in statements if node.type != "comment"]
    if block.type not in {"block", "module"} or len(wanted) != len(statements) or wanted[0] not in siblings:
        return False
    at = siblings.index(wanted[0])
    return siblings[at : at + len(wanted)] == wanted


def _is_unfit(statement: Node) -> bool:
    """Whether a statement can't be read, or means something else inside a `with`."""
    if statement.has_error or statement.type == "future_import_statement":
        return True
    return is_docstring(statement) and statement.prev_named_sibling is None


def _is_too_deep(file: PythonFile, statements: Sequence[Node]) -> bool:
    """Whether CPython 2.7 could not compile one more block around the statements."""
    for statement in statements:
        for node in [statement, *file.nodes(_HOLDERS, statement)]:
            around = [outer.type for outer in ancestors(node)]
            scope = next((number for number, kind in enumerate(around) if kind in _SCOPES), len(around))
            blocks = sum(_BLOCKS.get(kind, 0) for kind in (node.type, *around[:scope]))
            if blocks >= _MAX_BLOCKS or [node.type, *around].count("block") >= _MAX_LEVELS:
                return True
    return False


def _block_indent(file: PythonFile, statement: Node) -> bytes | None:
    """What stands in front of a statement, or of the one that begins its line; None behind a colon."""
    node: Node | None = statement
    while node is not None:
        before = file.indent(node).removeprefix(file.source.bom)
        if not before.strip(_BLANKS):
            return before
        node = _previous(node)
    return None


def _previous(statement: Node) -> Node | None:
    node = statement.prev_named_sibling
    while node is not None and node.type == "comment":
        node = node.prev_named_sibling
    return node


def _start_behind(file: PythonFile, statement: Node) -> int | None:
    """The end of the statement in front of this one on the same line."""
    previous = _previous(statement)
    if previous is None:
        return None
    between = file.source.data[previous.end_byte : statement.start_byte]
    return previous.end_byte if _BETWEEN.fullmatch(between) else None


def _end(file: PythonFile, statement: Node) -> int | None:
    """The end of a statement's last line, or the start of the next statement on that line."""
    following = _follows(file, statement)
    if following is not None:
        return following
    match = _REST_OF_LINE.match(file.source.data, statement.end_byte)
    end = match.end() if match is not None else statement.end_byte
    is_whole = file.source.data[end : end + 1] in {b"", b"\r", b"\n"}
    return end if is_whole else None


def _follows(file: PythonFile, statement: Node) -> int | None:
    """The start of the statement behind this one on the same line."""
    match = _BETWEEN.match(file.source.data, statement.end_byte)
    following = statement.next_named_sibling
    if match is None or following is None or following.type == "comment":
        return None
    return match.end() if following.start_byte == match.end() else None


def _end_of_comments(file: PythonFile, end: int, column: int) -> int:
    """The end of the last of the comment lines below that stand right of a column."""
    source, offset = file.source, end
    while (start := source.line_span(offset).end) < len(source.data) and start > offset:
        line = source.data[start : source.line_span(start).end]
        content = line.lstrip(_BLANKS)
        if content.strip():
            if not content.startswith(b"#") or _column(line[: len(line) - len(content)]) <= column:
                break
            end = start + len(line.rstrip(b"\r\n"))
        offset = start
    return end


def _goes_on_deeper(file: PythonFile, end: int, indent: bytes) -> bool:
    """Whether Python or the tree would take the next line of code for a part of the `with`.

    The two count tabs in other ways, and with odd mixtures of tabs and blanks see other blocks.
    """
    for start in file.source.line_starts[bisect_right(file.source.line_starts, end) :]:
        line = file.source.data[start : file.source.line_span(start).end]
        code = line.lstrip(_BLANKS)
        if code.strip() and not code.startswith(b"#"):
            own = line[: len(line) - len(code)]
            if _column(own) == _column(indent) and _CLAUSE.match(code):
                return True
            return _column(own) > _column(indent) or _tree_column(own) > _tree_column(indent)
    return False


def _has_lone_return(file: PythonFile, span: Span) -> bool:
    """Whether a line ends with a carriage return alone: Python 2 begins a line there, the tree does not."""
    return re.search(rb"\r(?!\n)", file.source.data[span.start : span.end + 2]) is not None


def _newline(file: PythonFile, statement: Node) -> bytes:
    """The ending of the line on which a statement begins; the file's own where it has none."""
    line = file.source.line_span(statement.start_byte)
    content = file.source.data[line.start : line.end]
    return content[len(content.rstrip(b"\r\n")) :] or file.source.newline


def _step(file: PythonFile, statement: Node, indent: bytes) -> bytes:
    """What the block of a statement is indented by, relative to the line that opens it.

    At module level: what the statement's own block, or the first one of the file, is.
    """
    block = statement.parent
    if block is not None and block.type == "block":
        return _own_step(file, block, indent) or b"    "
    for holder in (statement, file.root):
        for inner in file.nodes("(block) @x", holder):
            before = _block_indent(file, inner.named_children[0]) if inner.named_children else None
            step = _own_step(file, inner, before) if before else None
            if step:
                return step
    return b"    "


def _own_step(file: PythonFile, block: Node, indent: bytes) -> bytes | None:
    opener = block.parent
    if opener is None:
        return None
    line = file.source.line_span(opener.start_byte).start
    match = _INDENTATION.match(file.source.data, line + (len(file.source.bom) if not line else 0))
    outer = match.group() if match is not None else b""
    if indent.startswith(outer):
        return indent[len(outer) :].replace(b"\f", b"")
    return b" " * (_column(indent) - _column(outer))


def _column(indentation: bytes) -> int:
    """The column that Python 2 counts behind blanks and tabs; a form feed begins anew."""
    column = 0
    for byte in indentation:
        if byte == 0x20:
            column += 1
        else:
            column = (column // _TAB + 1) * _TAB if byte == 0x09 else 0
    return column


def _tree_column(indentation: bytes) -> int:
    """The column that tree-sitter counts: each tab is eight more."""
    return len(indentation.rpartition(b"\f")[2].replace(b"\t", b" " * _TAB))


def _frame(context: str, step: str, newline: str) -> bytes | None:
    """The line `with CONTEXT:` with its ending; None when the context is no expression."""
    import libcst  # noqa: PLC0415 - 350 ms that a check without such a patch need not pay

    if len(context) > limits.MAX_FRAGMENT_BYTES or context.count("(") > limits.MAX_FRAGMENT_NESTING:
        return None
    try:
        item = libcst.WithItem(libcst.parse_expression(context))
    except (libcst.ParserSyntaxError, RecursionError, UnicodeError):
        return None
    placeholder = libcst.SimpleStatementLine([libcst.Pass()])
    block = libcst.With([item], libcst.IndentedBlock([placeholder], indent=step))
    code = libcst.Module([block], default_newline=newline).code
    return code[: -len(step + "pass" + newline)].encode()


class _Lines(NamedTuple):
    """The lines of some statements, and how they read one step further to the right."""

    file: PythonFile
    header: _Header
    strings: Sequence[Span]
    own: frozenset[int]  # where the statements begin, and the clauses and decorators of these
    inner: frozenset[int]  # where the statements and clauses in their blocks begin

    @classmethod
    def of(cls, file: PythonFile, statements: Sequence[Node], header: _Header) -> _Lines:
        """The lines between the first and the last of some statements, comments included."""
        strings = [file.span(node) for each in statements for node in file.nodes(_STRINGS, each)]
        ids = {node.id for node in statements}
        own = {node.start_byte for node in statements}
        inner: set[int] = set()
        for part in (node for each in statements for node in file.nodes(_PARTS, each)):
            is_own = part.parent is not None and part.parent.id in ids
            if part.type != "comment":
                (own if is_own else inner).add(part.start_byte)
        return cls(file, header, strings, frozenset(own), frozenset(inner - own))

    def indented(self) -> bytes | None:
        """All lines; None when Python sees other blocks than the tree, as with odd mixtures of tabs."""
        source, (start, end) = self.file.source, self.header.region
        parts = []
        if self.header.splits_start:
            start = min(self.own)
            parts.append(self.header.indent + self.header.step)
        starts = [start, *(offset for offset in source.line_starts if start < offset < end)]
        for line, following in pairwise([*starts, end]):
            content = source.data[line:following]
            is_rest = self.header.splits_start and line == start
            new = content if is_rest else self._line(line, content)
            if new is None:
                return None
            parts.append(new)
        code = b"".join(parts)
        return code.rstrip(_BLANKS + b";") if self.header.splits_end else code

    def _line(self, offset: int, content: bytes) -> bytes | None:
        code = content.lstrip(_BLANKS)
        if not code.strip() or any(start < offset < end for start, end in self.strings):
            return content
        indent = content[: len(content) - len(code)]
        at, column = offset + len(indent), _column(indent)
        if at in self.own or at in self.inner:
            return self._shifted(indent, column) + code if self._is_clear(at, indent) else None
        # What is left is a comment or the rest of a line above: it may stand anywhere.
        return content if column < self.header.column else self._shifted(indent, column) + code

    def _is_clear(self, at: int, indent: bytes) -> bool:
        """Whether Python and the tree see a line of code in the same block, now and when it has moved."""
        for column in (_column, _tree_column):
            own = column(self.header.indent)
            if column(indent) <= own if at in self.inner else column(indent) != own:
                return False
        moved = _tree_column(self._shifted(indent, _column(indent))) - _tree_column(indent)
        return moved == _tree_column(self.header.indent + self.header.step) - _tree_column(self.header.indent)

    def _shifted(self, indent: bytes, column: int) -> bytes:
        """An indentation moved to the right: by a step behind that of the block where that is exact."""
        wanted = column + self.header.shift
        own = self.header.indent
        lengths = [len(own)] if indent.startswith(own) else range(len(indent) + 1)
        for length in lengths:
            moved = indent[:length] + self.header.step + indent[length:]
            if _column(indent[:length]) == self.header.column and _column(moved) == wanted:
                return moved
        return own + self.header.step + b" " * (column - self.header.column)
