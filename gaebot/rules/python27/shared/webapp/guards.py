"""Whether code asks first: `if referer:` in front of what fails for None, or a `try` around it."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.syntax.nodes import ancestors, arguments, text
from gaebot.syntax.python import PythonFile

_CONDITIONS = frozenset(
    {"if_statement", "elif_clause", "while_statement", "conditional_expression", "assert_statement"}
)
_LOGICAL = frozenset({"boolean_operator", "not_operator", "parenthesized_expression"})
_QUESTIONS = frozenset({"bool", "isinstance", "callable", "hasattr", "type"})
_CATCHING = frozenset({"Exception", "StandardError", "BaseException", "AttributeError", "TypeError"})


def is_asked(file: PythonFile, node: Node, function: Node) -> bool:
    """Whether the function asks, before it gets to a node, whether that very expression is there.

    `if x:`, `if not x: return`, `x and …`, `not x or …`, `x is None`, `… if x else …`. What else the
    condition says, and which way it goes, is not looked at.
    """
    for other in _same(file, node, function):
        if other.id == node.id or not _is_question(other):
            continue
        whole = _whole(other)
        outer = whole.parent
        if _holds(whole, node):
            if other.start_byte < node.start_byte:
                return True
        elif outer is not None and outer.type in _CONDITIONS and _is_condition(whole, outer):
            before = other.start_byte < node.start_byte
            if before or (outer.type == "conditional_expression" and _holds(outer, node)):
                return True
    return False


def is_caught(node: Node, function: Node, names: frozenset[str] = _CATCHING) -> bool:
    """Whether an error of one of these names, raised at a node, is caught in the function."""
    inner = node
    for outer in ancestors(node):
        if outer == function:
            return False
        if outer.type == "try_statement" and inner == outer.child_by_field_name("body"):
            clauses = [child for child in outer.named_children if child.type == "except_clause"]
            if any(_catches(clause, names) for clause in clauses):
                return True
        inner = outer
    return False


def _catches(clause: Node, names: frozenset[str]) -> bool:
    caught = [child for child in clause.named_children if child.type not in {"block", "comment"}]
    words = {word.strip("()") for node in caught[:1] for word in text(node).replace(",", " ").split()}
    return not caught or bool({word.rpartition(".")[2] for word in words} & names)


def _same(file: PythonFile, node: Node, function: Node) -> Iterator[Node]:
    """The expressions in a function that are spelt like a node, a name or a chain of attributes."""
    code = text(node)
    for name in file.identifiers(code.rpartition(".")[2], within=function):
        parent = name.parent
        is_member = parent is not None and parent.type == "attribute" and parent.children[0] != name
        found = parent if parent is not None and is_member else name
        if text(found) == code:
            yield found


def _is_question(node: Node) -> bool:
    """Whether an expression stands for whether it is there: by itself, or compared with None."""
    outer = node.parent
    if outer is None:
        return False
    if outer.type == "comparison_operator":
        return any(child.type == "none" or "None" in text(child) for child in outer.named_children)
    if outer.type == "argument_list" and outer.parent is not None:
        function = outer.parent.child_by_field_name("function")
        return text(function) in _QUESTIONS and arguments(outer.parent)[0][:1] == [node]
    if outer.type in _CONDITIONS:
        return _is_condition(node, outer)
    return outer.type in _LOGICAL


def _whole(node: Node) -> Node:
    """The whole logical expression that a question is a part of."""
    outer = node.parent
    while outer is not None and (
        outer.type in _LOGICAL or outer.type in {"comparison_operator", "argument_list", "call"}
    ):
        node, outer = outer, outer.parent
    return node


def _is_condition(node: Node, outer: Node) -> bool:
    """Whether a node is the condition of the statement or expression around it."""
    if outer.type == "assert_statement":
        return outer.named_children[0] == node
    if outer.type == "conditional_expression":
        return [child for child in outer.named_children if child.type != "comment"][1:2] == [node]
    return outer.child_by_field_name("condition") == node


def _holds(outer: Node, inner: Node) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte
