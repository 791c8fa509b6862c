"""Code that App Engine never gets to: behind what always leaves, and in branches for other versions of Python
or for the development server."""

from __future__ import annotations

import re
from bisect import bisect_right

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.scripts.development import asks_for_development
from gaebot.rules.python27.shared.scripts.python_versions import NEW, comes_out
from gaebot.syntax.nodes import text
from gaebot.syntax.python import PythonFile

_LEAVING = ("return", "raise", "continue", "break")
_VERSION = re.compile(r"\bversion_info\b|\bsys\.(?:hex)?version\b")


def never_runs(app: App, file: PythonFile, node: Node) -> bool:
    """Whether nothing gets to a node of a file, or only other versions of Python do."""
    starts, ends = app.remember((never_runs, file.source.path), lambda: _joined(_spans(file)))
    number = bisect_right(starts, node.start_byte) - 1
    return number >= 0 and node.start_byte < ends[number]


def _joined(spans: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Where spans begin and where they end, in order, those that overlap as one."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted(spans):
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends


def _spans(file: PythonFile) -> list[tuple[int, int]]:
    """From where to where, in byte offsets, a file has such code."""
    found = []
    for statement in file.keyword_nodes(*_LEAVING):
        block = statement.parent
        if statement.type.endswith("_statement") and block is not None and block.type == "block":
            found.append((statement.end_byte, block.end_byte))
    found += [
        (branch.start_byte, branch.end_byte)
        for node in file.keyword_nodes("if", "elif")
        if node.type in {"if_statement", "elif_clause"}
        for branch in _branches_for_others(node)
    ]
    for test in file.keyword_nodes("if"):
        body = test.child_by_field_name("consequence") if test.type == "if_statement" else None
        if body is not None and asks_for_development(test):
            found.append((body.start_byte, body.end_byte))
    return [(start, end) for start, end in found if start < end]


def _branches_for_others(test: Node) -> list[Node]:
    """The branches of an `if` for other versions of Python, which it asks for.

    Where it is not plain how the test comes out, neither branch is taken for one of python27.
    """
    condition = test.child_by_field_name("condition")
    if condition is None or not _VERSION.search(text(condition)):
        return []
    outcome = comes_out(condition, NEW)
    first, others = test.child_by_field_name("consequence"), _otherwise(test)
    return [
        *([first] if first is not None and outcome is not True else []),
        *(others if outcome is not False else []),
    ]


def _otherwise(test: Node) -> list[Node]:
    """What an `if` or `elif` leaves to the clauses behind it."""
    if test.type == "if_statement":
        return test.children_by_field_name("alternative")
    holder = test.parent
    clauses = holder.children_by_field_name("alternative") if holder is not None else []
    return [clause for clause in clauses if clause.start_byte > test.start_byte]
