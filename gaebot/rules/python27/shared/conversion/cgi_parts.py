"""What only a CGI run needs of a handler script, and whether it may go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.conversion.hoist import names_in
from gaebot.rules.python27.shared.conversion.startup import Startup
from gaebot.rules.python27.shared.scripts.adapters import ADAPTER_IMPORTS
from gaebot.rules.python27.shared.scripts.entry import definition, function_name, uses
from gaebot.syntax.lines import within
from gaebot.syntax.nodes import text
from gaebot.syntax.python import Binding, PythonFile
from gaebot.syntax.rewrite import drop_imported_names
from gaebot.text import Edit


class CgiParts:
    """The statements of the module that start an application as a CGI script."""

    def __init__(self, app: App, startup: Startup) -> None:
        self.app = app
        self.startup = startup
        self.entry = startup.entry
        self.file = startup.file

    @cached_property
    def statements(self) -> list[Node]:
        """`main()`, its other names, the guards and the unguarded calls."""
        function = self.startup.function
        own = [definition(function)] if function is not None else []
        names = self.entry.names(function) if function is not None else ()
        aliases = [alias.statement for alias in self.entry.aliases if alias.name in names]
        return [*own, *aliases, *self.entry.guards, *self.entry.starters]

    @cached_property
    def may_go(self) -> bool:
        """Whether nothing is lost with them, and nothing else uses them."""
        startup, function = self.startup, self.startup.function
        if startup.lost or self.entry.halves:
            return False
        starts = [*self.entry.guards, *self.entry.starters]
        for other in self.entry.functions:
            if other != function and any(within(n, starts) for n in uses(self.file, function_name(other))):
                return False
        if function is not None and any(map(self._is_used_elsewhere, self.entry.names(function))):
            return False
        return all(node.parent == self.file.root and self.file.stands_alone(node) for node in self.statements)

    def unneeded_imports(self, kept: Sequence[Node]) -> Iterator[Edit]:
        """Take away the imports of the module that only the adapters needed.

        `kept` are the statements that stay although they stand in what goes.
        """
        calls = [call.function for call in self.startup.calls]
        mentioned = (name for node in kept for name in self.file.parts("identifier", node))
        still = {text(name) for name in mentioned if not within(name, calls)}
        if self.startup.expression not in calls:
            still |= names_in(self.file, self.startup.expression)
        dropped: dict[int, tuple[Node, set[str]]] = {}
        for binding in self.file.imports():
            if binding.text not in still and self._is_for_adapter(binding) and self._is_unused(binding):
                _, names = dropped.setdefault(binding.statement.id, (binding.statement, set()))
                names.add(_as_spelled(binding.name))
        for statement, names in dropped.values():
            edit = drop_imported_names(self.file, statement, frozenset(names))
            if edit is not None:
                yield edit

    def _is_used_elsewhere(self, name: str) -> bool:
        if any(not within(node, self.statements) for node in mentions(self.file, name)):
            return True
        return any(
            (binding.origin or "").endswith(f".{name}")
            or f"{binding.text}.{name}".encode() in other.source.data
            or (binding.text == "*" and any(not other.lookup(name, node) for node in uses(other, name)))
            for other, binding in self.app.importers(self.file.source.path)
        )

    def _is_for_adapter(self, binding: Binding) -> bool:
        return binding.origin in ADAPTER_IMPORTS or binding.text in self._adapter_names

    @cached_property
    def _adapter_names(self) -> set[str]:
        """The names that the adapter calls begin with, followed through helper statements."""
        parts = [*(call.function for call in self.startup.calls), *self.startup.helpers]
        return {name for part in parts for name in names_in(self.file, part)}

    def _is_unused(self, binding: Binding) -> bool:
        """Whether an import of the module is used by nothing but what goes."""
        if binding.statement.parent != self.file.root:
            return False
        if any(not within(node, self.statements) for node in mentions(self.file, binding.text)):
            return False
        return not any(
            imported.text == "*" or (imported.origin or "").endswith(f".{binding.text}")
            for _, imported in self.app.importers(self.file.source.path)
        )


def mentions(file: PythonFile, name: str) -> Iterator[Node]:
    """Where a file uses a name, also in `profile.runctx('real_main()', …)`; not where it binds it."""
    bound = {binding.name.start_byte for binding in file.scope.bindings.get(name, ())}
    yield from (node for node in uses(file, name) if node.start_byte not in bound)
    yield from file.strings(f"{name}()")


def _as_spelled(node: Node) -> str:
    """The name in an import list: of `import a.b`, which binds `a`, the whole of it."""
    parent = node.parent
    return text(parent) if parent is not None and parent.type == "dotted_name" else text(node)
