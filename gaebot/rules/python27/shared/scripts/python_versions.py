"""Tests of Python's version: how a comparison of `sys.version_info` comes out."""

from __future__ import annotations

import operator
import re

from tree_sitter import Node

from gaebot.syntax.nodes import text

OLD = (2, 5, 2)
NEW = (2, 7, 18)
"""The last Python 2.5 and 2.7 that App Engine had."""

# `sys.version_info`, whole or its first numbers.
_CUT = re.compile(r"\bversion_info(?:\[0?:(\d)\])?$")
_COMPARISONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def comes_out(test: Node, version: tuple[int, int, int]) -> bool | None:
    """How a comparison of `sys.version_info` with plain numbers comes out on a version of Python.

    None for other expressions.
    """
    operands = test.named_children
    operators = [text(child) for child in test.children_by_field_name("operators")]
    if test.type != "comparison_operator" or len(operands) != 2 or operators[0] not in _COMPARISONS:
        return None
    is_turned = operands[0].type == "tuple"
    bound, asked = operands if is_turned else reversed(operands)
    cut = _CUT.search(text(asked))
    numbers = [child for child in bound.named_children if child.type != "comment"]
    if cut is None or bound.type != "tuple" or any(not text(child).isdigit() for child in numbers):
        return None
    wanted = tuple(int(text(child)) for child in numbers)
    known = version[: int(cut.group(1) or len(version))]
    compare = _COMPARISONS[operators[0]]
    return bool(compare(wanted, known) if is_turned else compare(known, wanted))
