"""Environment variables that modules set while they are imported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_files_with
from gaebot.syntax.nodes import ancestors, arguments, scope_node, string_value, text
from gaebot.syntax.python import PythonFile

_SETTERS = ("os.environ.setdefault", "os.putenv", "os.environ.__setitem__")
_UPDATE = "os.environ.update"
_FUNCTIONS = frozenset({"function_definition", "lambda"})


class EnvironmentWrite(NamedTuple):
    """One place where an import sets the variable `key`; `value` is None unless it is a plain text."""

    file: RequestFile
    node: Node
    key: str
    value: str | None


@once_per_app
def environment_writes(app: App) -> tuple[EnvironmentWrite, ...]:
    """What the request files of an app set in `os.environ` while they are imported, by path.

    What `main()` of a script does counts, too: it runs as soon as the script does.
    """
    files = request_files_with(app, b"environ", b"putenv")
    return tuple(write for file in files for write in _writes(file))


def _writes(file: RequestFile) -> Iterator[EnvironmentWrite]:
    python = file.file
    for node, key, value in _settings(python):
        name = key if isinstance(key, str) else string_value(key)
        if name is not None and file.runs(node) and _is_at_import(python, node):
            yield EnvironmentWrite(file, node, name, string_value(value))


def _settings(file: PythonFile) -> Iterator[tuple[Node, Node | str | None, Node | None]]:
    """Each place that sets a variable, with the variable's name and the value."""
    for node in file.references("os.environ"):
        outer = node.parent
        if outer is None or outer.type != "subscript" or outer.child_by_field_name("value") != node:
            continue
        statement = outer.parent
        if (
            statement is not None
            and statement.type == "assignment"
            and statement.child_by_field_name("left") == outer
        ):
            value = statement.child_by_field_name("right")
            while value is not None and value.type == "assignment":  # a = b = 'settings'
                value = value.child_by_field_name("right")
            yield statement, outer.child_by_field_name("subscript"), value
    for call in file.calls(*_SETTERS):
        given = arguments(call)[0]
        if len(given) == 2:
            yield call, given[0], given[1]
    for call in file.calls(_UPDATE):
        positional, named = arguments(call)
        yield from ((call, key, value) for key, value in named.items())
        for pair in positional[0].named_children if positional and positional[0].type == "dictionary" else ():
            if pair.type == "pair":
                yield call, pair.child_by_field_name("key"), pair.child_by_field_name("value")


def _is_at_import(file: PythonFile, node: Node) -> bool:
    """Whether a node runs while its module is imported.

    It does where it stands in no function, in `main()` at module level, or in a function that the module
    itself calls by a statement of its own.
    """
    functions = [outer for outer in ancestors(node) if outer.type in _FUNCTIONS]
    if not functions:
        return True
    name = text(functions[0].child_by_field_name("name"))
    if len(functions) > 1 or scope_node(functions[0]).type != "module" or not name:
        return False
    return name == "main" or any(_is_called_at_import(use) for use in file.identifiers(name))


def _is_called_at_import(name: Node) -> bool:
    call = name.parent
    if call is None or call.type != "call" or call.child_by_field_name("function") != name:
        return False
    return (
        call.parent is not None
        and call.parent.type == "expression_statement"
        and not any(outer.type in _FUNCTIONS or outer.type == "class_definition" for outer in ancestors(call))
    )
