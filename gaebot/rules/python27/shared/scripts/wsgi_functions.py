"""Hand-written WSGI applications and middleware: functions that get `environ` and `start_response`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.syntax.nodes import ancestors, arguments, text
from gaebot.syntax.python import PythonFile

_CALLS = "(call) @call"


class WsgiFunction(NamedTuple):
    """A function or method that is called as a WSGI application, and what it calls its two arguments.

    `starts` are the calls that begin the answer: `start_response(status, headers)`.
    """

    node: Node
    environ: str
    start_response: str
    starts: tuple[Node, ...]


def wsgi_functions(file: PythonFile) -> tuple[WsgiFunction, ...]:
    """The functions of a file that call their second argument as `start_response`, or hand it on.

    Two arguments, behind `self`, one of which is called so that it says what it is.
    """
    return file.remember(wsgi_functions, lambda: tuple(_wsgi_functions(file)))


def _wsgi_functions(file: PythonFile) -> Iterator[WsgiFunction]:
    if b"start" not in file.source.data and b"environ" not in file.source.data:
        return
    for node in file.keyword_nodes("def"):
        names = _parameters(node)
        if names is None or not ("env" in names[0] or "start" in names[1]):
            continue
        environ, start = names
        calls = file.nodes(_CALLS, node)
        starts = tuple(call for call in calls if text(call.child_by_field_name("function")) == start)
        hands_on = any(start in [text(argument) for argument in arguments(call)[0]] for call in calls)
        if starts or hands_on:
            yield WsgiFunction(node, environ, start, starts)


def wsgi_function_at(file: PythonFile, node: Node) -> WsgiFunction | None:
    """The WSGI function whose own body holds a node, functions inside left out."""
    around = next(
        (outer for outer in ancestors(node) if outer.type in {"function_definition", "lambda"}), None
    )
    return next((function for function in wsgi_functions(file) if function.node == around), None)


def _parameters(function: Node) -> tuple[str, str] | None:
    """The names of the two arguments behind `self`, or None when there are not two."""
    holder = function.child_by_field_name("parameters")
    names = [text(child) for child in (holder.named_children if holder else []) if child.type == "identifier"]
    if holder is None or len(names) != len([c for c in holder.named_children if c.type != "comment"]):
        return None
    if names and names[0] in {"self", "cls"}:
        names = names[1:]
    return (names[0], names[1]) if len(names) == 2 else None
