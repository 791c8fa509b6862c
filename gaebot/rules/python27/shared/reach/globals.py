"""Names that a module binds at its top level, and where the app's code uses them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.reach.code import app_code
from gaebot.rules.python27.shared.scripts.definitions import definitions
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.rules.python27.shared.scripts.loading import reachable
from gaebot.syntax.imports import is_name
from gaebot.syntax.nodes import scope_node, text
from gaebot.syntax.python import Binding, PythonFile


def module_values(file: PythonFile) -> Iterator[Binding]:
    """The names that a module binds to a value once, at its top level and nowhere else."""
    for name, bindings in file.scope.bindings.items():
        only = bindings[0]
        is_plain = only.kind == "assign" and scope_node(only.name).type == "module"
        if name != "*" and len(bindings) == 1 and is_plain and only.value is not None:
            yield only


def values_in_reach(app: App) -> Iterator[tuple[PythonFile, Binding]]:
    """Such names of the files that those in which findings are wanted load, and of themselves.

    What uses the value of another module's name has to load that module.
    """
    code = app_code(app)
    if app.asks_for_all:
        loaded: Iterable[str] = code.files
    else:
        loaded = dict.fromkeys(path for file in code.asked for path in reachable(app, file.path))
    for path in loaded:
        file = app.python(path)
        yield from ((file, binding) for binding in module_values(file)) if file is not None else ()


def uses_of_global(app: App, file: PythonFile, binding: Binding) -> Iterator[tuple[RequestFile, Node]]:
    """Where the app's request files use what a module-level name is bound to, with its other names.

    A use is an identifier or, as in `state.current`, an attribute chain. The binding itself is none.
    """
    word = binding.text.encode()
    for request_file in app_code(app).files.values():
        other = request_file.file
        if word not in other.source.data:
            continue
        for name in other.identifiers(binding.text, *other.other_names(frozenset({binding.text}))):
            node = name if is_name(name) else name.parent
            if node is None or name.id == binding.name.id or not _is_use(node):
                continue
            known = other.lookup(text(node), node) if node.type == "identifier" else []
            is_own = other is file and any(each.name.id == binding.name.id for each in known)
            if is_own or any(
                found.binding is not None and found.binding.name.id == binding.name.id and not found.tail
                for found in definitions(app, other, node)
            ):
                yield request_file, node


def _is_use(node: Node) -> bool:
    """Whether a node is neither an import's own word nor the keyword of an argument."""
    parent = node.parent
    if node.type not in {"identifier", "attribute"} or parent is None:
        return False
    return parent.type not in {"dotted_name", "aliased_import", "keyword_argument", "global_statement"} or (
        parent.type == "keyword_argument" and parent.child_by_field_name("value") == node
    )
