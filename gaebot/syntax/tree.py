"""From bytes to a tree, in time that grows with the size: what tree-sitter would take long over is spared it.

Its scanner for Python looks from each comment, and from each backslash at the end of a line, for the line
where the code goes on. So thousands of them in a row take the square of their number. And to ask a node for
its parent takes as long as the node is deep.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import tree_sitter_python
from tree_sitter import Language, Node, Parser, Range, Tree

from gaebot import limits
from gaebot.text import Span

LANGUAGE = Language(tree_sitter_python.language())

_PARSER = Parser(LANGUAGE)
# Lines without code, be it of comments or of a statement that goes on below. Compiled where there are some.
_WITHOUT_CODE = rb"(?m)(?:^[ \t\f]*(?:#[^\n]*|\\?\r?)\n){100,}"
_KEPT_LINES = 10  # of each such stretch, at both of its ends
_STEP = 200  # nodes between those whose depth is measured
_BLANKS = b" \t\r\n"
_OPENING = bytes.maketrans(b"[{", b"((")
_TOO_MANY_OPEN = b"(" * (limits.MAX_PYTHON_NESTING + 1)

TOO_DEEP = (
    f"This file nests expressions or blocks more than {limits.MAX_TREE_DEPTH} deep and was not read; "
    "build the value in several steps."
)


class Parsed(NamedTuple):
    """The tree of a file, or None where it is not read, and the lines of comments that are no part of it."""

    tree: Tree | None
    left_out: tuple[Span, ...] = ()


def parse(data: bytes) -> Parsed:
    """Parse a Python file. It has no tree when that is deeper than what is read (`limits.MAX_TREE_DEPTH`).

    In a file with more lines of comments in a row than can be afforded (`limits.MAX_COMMENT_COST`), those in
    the middle are no part of the tree.
    """
    # One NUL would end the text for the parser's C side; a blank keeps every offset.
    data = data.replace(b"\0", b" ")
    left_out = _unaffordable(data)
    parser = Parser(LANGUAGE, included_ranges=_ranges(data, left_out)) if left_out else _PARSER
    tree = parser.parse(data)
    return Parsed(None if _is_too_deep(tree.root_node) else tree, tuple(left_out))


def _unaffordable(data: bytes) -> list[Span]:
    """The comments that are not read, in order."""
    if len(data) ** 2 < limits.MAX_COMMENT_COST:
        return []
    if (data.count(b"#") + data.count(b"\\")) * len(data) < limits.MAX_COMMENT_COST:
        return []
    if not _may_hold_stretch(data):
        return []
    stretches = [Span(*match.span()) for match in re.finditer(_WITHOUT_CODE, data)]
    cost = sum(data.count(b"\n", *span) * (span.end - span.start) for span in stretches)
    return [_middle(data, span) for span in stretches] if cost >= limits.MAX_COMMENT_COST else []


def _may_hold_stretch(data: bytes) -> bool:
    """Whether there can be a hundred lines without code in a row, by a look at every tenth line."""
    starts = (line.lstrip()[:1] for line in data.split(b"\n")[::10])
    return b"#" * 10 in b"".join(b"#" if start in {b"#", b"\\", b""} else b"x" for start in starts)


def _ranges(data: bytes, left_out: list[Span]) -> list[Range]:
    """What is between the parts that are left out."""
    starts = [0, *(span.end for span in left_out)]
    ends = [*(span.start for span in left_out), len(data)]
    return [_range(data, Span(*span)) for span in zip(starts, ends, strict=True)]


def _middle(data: bytes, span: Span) -> Span:
    """The lines of a stretch without the first and the last ones."""
    start, end = span
    for _ in range(_KEPT_LINES):
        start = data.index(b"\n", start) + 1
        end = data.rindex(b"\n", 0, end - 1) + 1
    return Span(start, end)


def _range(data: bytes, span: Span) -> Range:
    return Range(_point(data, span.start), _point(data, span.end), span.start, span.end)


def _point(data: bytes, offset: int) -> tuple[int, int]:
    return data.count(b"\n", 0, offset), offset - (data.rfind(b"\n", 0, offset) + 1)


def _is_too_deep(root: Node) -> bool:
    """Whether a node lies deeper than the limit.

    Nodes are numbered as a walk meets them, each after the one it lies in. So the depth of every
    two-hundredth tells where one in between can be that deep, which is hardly ever; those are measured one
    by one.
    """
    cursor = root.walk()
    count = root.descendant_count
    for first in range(0, count, _STEP):
        cursor.goto_descendant(first)
        if cursor.depth > limits.MAX_TREE_DEPTH - _STEP:
            for number in range(first, min(first + _STEP, count)):
                cursor.goto_descendant(number)
                if cursor.depth > limits.MAX_TREE_DEPTH:
                    return True
    return False


def why_uncompilable(data: bytes) -> str | None:
    """A sentence on why CPython 2.7 can't compile a file, as far as its bytes alone tell; else None.

    The tree does not tell: the parser here reads both.
    """
    if b"\0" in data:
        return "This file holds NUL bytes, which Python can't compile; get it back from its history."
    if _TOO_MANY_OPEN in data.translate(_OPENING, _BLANKS):
        return (
            f"This file opens more than {limits.MAX_PYTHON_NESTING} brackets within each other, which "
            "Python 2.7 can't compile; build the value in several steps."
        )
    return None
