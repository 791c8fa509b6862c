"""Environment variables that modules set while they are imported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_files
from gaebot.syntax.python import ancestors, arguments, scope_node, string_value, text

_SETTERS = ("os.environ.setdefault", "os.putenv", "os.environ.__setitem__")
_FUNCTIONS = frozenset({"function_definition", "lambda"})


@dataclass(frozen=True, eq=False)
class EnvironmentWrite:
    """One place where an import sets the variable `key`; `value` is None unless it is a plain text."""

    file: RequestFile
    node: Node
    key: str
    value: str | None


@once_per_app
def environment_writes(app: App) -> tuple[EnvironmentWrite, ...]:
    """What the request files of an app set in `os.environ` at module level, by path and position.

    What `main()` of a script does counts, too: it runs as soon as the script does.
    """
    return tuple(write for file in request_files(app) for write in _writes(file))


def _writes(file: RequestFile) -> Iterator[EnvironmentWrite]:
    python = file.file
    if b"environ" not in python.source.data and b"putenv" not in python.source.data:
        return
    for node in python.references("os.environ"):
        outer = node.parent
        if outer is None or outer.type != "subscript" or outer.child_by_field_name("value") != node:
            continue
        statement = outer.parent
        if (
            statement is None
            or statement.type != "assignment"
            or statement.child_by_field_name("left") != outer
        ):
            continue
        yield from _write(
            file, statement, outer.child_by_field_name("subscript"), statement.child_by_field_name("right")
        )
    for call in python.calls(*_SETTERS):
        given = arguments(call)[0]
        if len(given) == 2:
            yield from _write(file, call, given[0], given[1])


def _write(file: RequestFile, node: Node, key: Node | None, value: Node | None) -> Iterator[EnvironmentWrite]:
    name = string_value(key)
    if name is None or not file.runs(node) or not _is_at_import(node):
        return
    yield EnvironmentWrite(file, node, name, string_value(value))


def _is_at_import(node: Node) -> bool:
    """Whether a node stands in no function, or in `main()` at module level."""
    functions = [outer for outer in ancestors(node) if outer.type in _FUNCTIONS]
    if not functions:
        return True
    is_main = len(functions) == 1 and text(functions[0].child_by_field_name("name")) == "main"
    return is_main and scope_node(functions[0]).type == "module"
