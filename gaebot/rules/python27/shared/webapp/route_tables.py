"""The tables that map URLs to handlers: what the first argument of `WSGIApplication` holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.scripts.definitions import means
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_files_with
from gaebot.rules.python27.shared.webapp.names import both
from gaebot.syntax.nodes import arguments, text

_APPLICATION = both("WSGIApplication")
_LISTS = frozenset({"list", "tuple"})


class Application(NamedTuple):
    """One call of `WSGIApplication`: `routes` is the argument with the table, `debug` the one for that."""

    file: RequestFile
    call: Node
    routes: Node | None
    debug: Node | None
    keywords: tuple[str, ...]

    @property
    def tables(self) -> Iterator[Node]:
        """The lists that the routes are written in, here or where a name is given them in this file.

        Each once, in the order of the routes: there are several in `[('/', Main)] + admin.routes + OTHERS`.
        """
        waiting = [self.routes] if self.routes is not None else []
        seen = set()
        while waiting:
            node = waiting.pop()
            if node.id in seen:
                continue
            seen.add(node.id)
            if node.type in _LISTS:
                yield node
            elif node.type == "parenthesized_expression":
                waiting += node.named_children[:1]
            elif node.type == "binary_operator" and text(node.child_by_field_name("operator")) == "+":
                sides = (node.child_by_field_name("right"), node.child_by_field_name("left"))
                waiting += [side for side in sides if side is not None]
            elif node.type == "identifier":
                known = self.file.file.lookup(text(node), node)
                waiting += [
                    binding.value for binding in known[:1] if len(known) == 1 and binding.value is not None
                ]

    @property
    def entries(self) -> list[Node]:
        """The entries of those lists."""
        return [node for table in self.tables for node in table.named_children if node.type != "comment"]

    @property
    def routed(self) -> Iterator[tuple[Node, Node]]:
        """The pattern and the handler of each entry that is a pair."""
        for entry in self.entries:
            parts = [node for node in entry.named_children if node.type != "comment"]
            if entry.type in _LISTS and len(parts) == 2:
                yield parts[0], parts[1]


@once_per_app
def applications(app: App) -> tuple[Application, ...]:
    """The applications that webapp or webapp2 make in the app's request files, by path and position."""
    return tuple(_applications(app))


def _applications(app: App) -> Iterator[Application]:
    for file in request_files_with(app, b"WSGIApplication"):
        for name in file.file.identifiers(
            "WSGIApplication", *file.file.other_names(frozenset({"WSGIApplication"}))
        ):
            parent = name.parent
            is_member = parent is not None and parent.type == "attribute" and parent.children[0] != name
            node = parent if parent is not None and is_member else name
            call = node.parent
            if call is None or call.type != "call" or call.child_by_field_name("function") != node:
                continue
            if means(app, file.file, node, *_APPLICATION):
                positional, named = arguments(call)
                first = positional[0] if positional else named.get("url_mapping", named.get("routes"))
                second = positional[1] if len(positional) > 1 else named.get("debug")
                yield Application(file, call, first, second, tuple(named))
