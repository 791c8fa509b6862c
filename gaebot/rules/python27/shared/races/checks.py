"""Whether code looks at shared state before it changes it, and from which statement on it depends on that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.rules.python27.shared.races.accesses import Read, Write
from gaebot.syntax.nodes import ancestors, arguments, string_value, text
from gaebot.syntax.python import PythonFile

_CONDITIONS = frozenset({"if_statement", "elif_clause", "while_statement"})
_LEAVING = frozenset({"return_statement", "raise_statement", "continue_statement", "break_statement"})
_BY_NAME = frozenset({"getattr", "hasattr"})


class Check(NamedTuple):
    """A test of shared state in front of a write.

    `statement` is the one that tests, the `if` or the `try`; `first` is where the state is looked at, which
    may be an assignment above it. The write follows in the same block or stands inside.
    """

    statement: Node
    first: Node

    def decides(self, write: Write) -> bool:
        """Whether a write stands inside the statement that tests, or below one that leaves the function."""
        tests, place = self.statement, write.statement
        if tests.start_byte <= place.start_byte and place.end_byte <= tests.end_byte:
            return True
        first = tests.child_by_field_name("consequence") or tests.child_by_field_name("body")
        is_below = place.start_byte >= tests.end_byte and _statement(place).parent == tests.parent
        return is_below and _leaves(first)


class Mentions:
    """The places in a function that say a state, also by a local name for its value."""

    def __init__(self, file: PythonFile, write: Write, reads: list[Read]) -> None:
        self._file = file
        self._state = write.state
        self._nodes = [read.node for read in reads if read.function is write.function]
        self._nodes += self._by_name(write)

    def _by_name(self, write: Write) -> Iterator[Node]:
        """`getattr(cls, 'cache', None)`, `hasattr(cls, 'cache')` and `'cache' in globals()`."""
        for name in self._file.identifiers(*_BY_NAME, within=write.function.node):
            call = name.parent
            if call is not None and call.type == "call":
                positional, _ = arguments(call)
                if len(positional) > 1 and string_value(positional[1]) == self._state.name:
                    yield call
        for name in self._file.identifiers("globals", within=write.function.node):
            test = name.parent.parent if name.parent is not None else None
            if test is not None and test.type == "comparison_operator":
                yield from (test for node in test.named_children if string_value(node) == self._state.name)

    def within(self, node: Node) -> list[Node]:
        """The places inside an expression or statement."""
        return [n for n in self._nodes if node.start_byte <= n.start_byte and n.end_byte <= node.end_byte]

    def local_source(self, node: Node) -> Node | None:
        """The assignment above that gives a local name in an expression a value from the state."""
        for name in self._file.nodes("(identifier) @name", node):
            for binding in self._file.lookup(text(name), name):
                is_above = binding.kind == "assign" and binding.name.start_byte < node.start_byte
                if is_above and binding.statement.type == "assignment" and self.within(binding.statement):
                    return binding.statement
        return None


def find_check(write: Write, mentions: Mentions) -> Check | None:
    """The test on which a write depends, or None.

    `if not cache: cache = …`, `if key in cache: return …` above the write, `try: … except KeyError`,
    `cache = cache or …`.
    """
    if write.value is not None and _is_default(write, mentions):
        statement = _statement(write.statement)
        return Check(statement, statement)
    inner = write.statement
    for outer in ancestors(write.statement):
        if outer == write.function.node:
            break
        if outer.type in _CONDITIONS and inner != outer.child_by_field_name("condition"):
            condition = outer.child_by_field_name("condition")
            found = _looked_at(condition, outer, mentions) if condition is not None else None
            if found is not None:
                return found
        if outer.type == "except_clause" and outer.parent is not None:
            body = outer.parent.child_by_field_name("body")
            if body is not None and mentions.within(body):
                return Check(outer.parent, outer.parent)
        if outer.type == "block":
            found = _left_early(outer, inner, mentions)
            if found is not None:
                return found
        inner = outer
    return None


def _looked_at(condition: Node, outer: Node, mentions: Mentions) -> Check | None:
    statement = outer if outer.type != "elif_clause" else _statement(outer)
    if mentions.within(condition):
        return Check(statement, statement)
    source = mentions.local_source(condition)
    return Check(statement, _statement(source)) if source is not None else None


def _left_early(block: Node, inner: Node, mentions: Mentions) -> Check | None:
    """An `if` above a statement in its block that leaves the function, or a `try` that does."""
    for statement in block.named_children:
        if statement.start_byte >= inner.start_byte:
            return None
        if statement.type == "if_statement" and _leaves(statement.child_by_field_name("consequence")):
            condition = statement.child_by_field_name("condition")
            found = _looked_at(condition, statement, mentions) if condition is not None else None
            if found is not None:
                return found
        if statement.type == "try_statement":
            body = statement.child_by_field_name("body")
            if _leaves(body) and body is not None and mentions.within(body):
                return Check(statement, statement)
    return None


def _leaves(block: Node | None) -> bool:
    statements = [node for node in block.named_children if node.type != "comment"] if block else []
    return bool(statements) and statements[-1].type in _LEAVING


def _is_default(write: Write, mentions: Mentions) -> bool:
    """`cache = cache or load()`, `cache = cache if cache else load()`."""
    value = write.value
    if value is None or value.type not in {"boolean_operator", "conditional_expression"}:
        return False
    return bool(mentions.within(value))


def _statement(node: Node) -> Node:
    """The statement of a block that a node is, or stands in."""
    statement = node
    for outer in ancestors(node):
        if outer.type in {"block", "module"}:
            break
        statement = outer
    return statement


def enclosing_statements(nodes: list[Node], function: Node) -> list[Node]:
    """The statements of the innermost block of a function that hold all of some nodes, and those between.

    Empty where the nodes share no block.
    """
    start, end = min(node.start_byte for node in nodes), max(node.end_byte for node in nodes)
    block = nodes[0].parent
    while block is not None and block != function:
        if block.type == "block" and block.start_byte <= start and end <= block.end_byte:
            return [
                node
                for node in block.named_children
                if node.end_byte > start and node.start_byte < end and node.type != "comment"
            ]
        block = block.parent
    return []
