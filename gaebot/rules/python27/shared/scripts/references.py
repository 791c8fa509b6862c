"""What a name refers to, when a star import may have brought it."""

from __future__ import annotations

from collections.abc import Collection

from tree_sitter import Node

from gaebot.syntax.nodes import text
from gaebot.syntax.python import PythonFile


def may_be(file: PythonFile, node: Node, names: Collection[str]) -> bool:
    """Whether a node may refer to one of some dotted names.

    A name that the file binds nowhere may come from one of its star imports: then
    `util.run_wsgi_app` is taken for the known name that ends like this.
    """
    origins = file.origins(node)
    if not origins.isdisjoint(names):
        return True
    if "*" not in file.scope.bindings or file.lookup(text(_head(node)), node):
        return False
    return any(name.endswith(f".{origin}") for name in names for origin in origins)


def possible_calls(file: PythonFile, *names: str) -> list[Node]:
    """The calls of what may be one of some dotted names, in the order of the source."""
    words = frozenset(name.rpartition(".")[2] for name in names)
    found = []
    for name in file.identifiers(*words, *file.other_names(words)):
        is_member = name.parent is not None and name.parent.type == "attribute"
        node = name.parent if name.parent is not None and is_member else name
        call = node.parent
        if call is None or call.type != "call" or call.child_by_field_name("function") != node:
            continue
        if may_be(file, node, names):
            found.append(call)
    return found


def _head(node: Node) -> Node:
    """The first name of `a.b().c`."""
    inner: Node | None = node
    while inner is not None:
        node = inner
        inner = node.child_by_field_name("object") or node.child_by_field_name("function")
    return node
