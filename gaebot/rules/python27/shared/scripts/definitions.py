"""What a name means in the end: followed through the app's modules to where it is defined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.scripts.applications import find_origin
from gaebot.syntax.nodes import text
from gaebot.syntax.python import Binding, PythonFile

_STEPS = 12  # how many modules a name is followed through


class Definition(NamedTuple):
    """The end of a name's way.

    Inside the app it is a `binding` of a module-level name in `file`, and `tail` is what of the name is
    an attribute of that ('get' of a class). Outside, `origin` is the whole dotted name there
    ('webapp2.RequestHandler') and the others are empty.
    """

    origin: str
    file: PythonFile | None = None
    binding: Binding | None = None
    tail: str = ""

    @property
    def node(self) -> Node | None:
        """The class or function definition that the name means as a whole, or None."""
        if self.binding is None or self.binding.kind != "def" or self.tail:
            return None
        return self.binding.statement


def definitions(app: App, file: PythonFile, node: Node) -> tuple[Definition, ...]:
    """What an identifier or attribute chain may mean, each meaning once.

    A name that nothing binds may come from a star import: then the app's modules that are imported so
    are asked, and of those outside the app the name is assumed.
    """
    if not file.origins(node):
        return ()
    key = (definitions, file.source.path, node.start_byte, node.end_byte)
    return app.remember(key, lambda: tuple(_definitions(app, file, node)))


def means(app: App, file: PythonFile, node: Node, *origins: str) -> bool:
    """Whether a node may mean one of these dotted names from outside the app, also by way of its modules."""
    return any(found.file is None and found.origin in origins for found in definitions(app, file, node))


def follow(app: App, file: PythonFile, origin: str) -> tuple[Definition, ...]:
    """What a dotted name may mean that `PythonFile.origins` gives for a file, each meaning once."""
    key = (follow, file.source.path, origin)
    return app.remember(key, lambda: tuple(_follow(app, file, origin, set(), _STEPS)))


def _definitions(app: App, file: PythonFile, node: Node) -> Iterator[Definition]:
    seen: set[tuple[str, str]] = set()
    for origin in sorted(file.origins(node)):
        if "(" in origin:
            continue
        if _is_bare(file, node, origin):
            yield from _starred(app, file, origin, seen, _STEPS)
        yield from _follow(app, file, origin, seen, _STEPS)


def _is_bare(file: PythonFile, node: Node, origin: str) -> bool:
    """Whether the name was bound nowhere in the file."""
    head = origin.partition(".")[0]
    return text(node).partition(".")[0] == head and not file.lookup(head, node)


def _follow(
    app: App, file: PythonFile, origin: str, seen: set[tuple[str, str]], steps: int
) -> Iterator[Definition]:
    """The definitions behind a dotted name, as it is seen from a file."""
    own = f"{file.module}."
    # A script's folder need not be a package: its own names are looked up in the file itself. What begins
    # like a package may also be a module in it: `from .own import work` in its `__init__`.
    is_own = origin.startswith(own) and _is_in_file(file, origin[len(own) :])
    found = (file, origin[len(own) :]) if is_own else find_origin(app, origin, file)
    if found is None:
        if ("", origin) not in seen:
            seen.add(("", origin))
            yield Definition(origin)
        return
    target, name = found
    if (target.source.path, name) in seen or not steps:
        return
    seen.add((target.source.path, name))
    if not name:
        return  # a module, which is no definition
    head, _, tail = name.partition(".")
    bindings = target.scope.bindings.get(head, ())
    for binding in bindings:
        further = _other_names(target, binding)
        for name_there in further:
            yield from _follow(app, target, _joined(name_there, tail), seen, steps - 1)
        if not further:
            yield Definition(origin, target, binding, tail)
    if not bindings:
        yield from _starred(app, target, name, seen, steps - 1)


def _is_in_file(file: PythonFile, name: str) -> bool:
    """Whether a name behind that of a file's module is one of the file, not a module of its package."""
    is_package = file.source.path.endswith("__init__.py")
    return not is_package or name.partition(".")[0] in file.scope.bindings


def _other_names(file: PythonFile, binding: Binding) -> list[str]:
    """The dotted names that a binding only passes on: of an import, or of `Base = webapp.RequestHandler`."""
    if binding.kind == "import" and binding.origin:
        return [binding.origin]
    value = binding.value
    if value is None or value.type not in {"identifier", "attribute"}:
        return []
    return sorted(origin for origin in file.origins(value) if "(" not in origin)


def _starred(
    app: App, file: PythonFile, name: str, seen: set[tuple[str, str]], steps: int
) -> Iterator[Definition]:
    """What a name that a file does not bind may be through its star imports."""
    for binding in file.scope.bindings.get("*", ()) if steps else ():
        module = (binding.origin or "").removesuffix(".*")
        yield from _follow(app, file, f"{module}.{name}", seen, steps - 1)


def _joined(origin: str, tail: str) -> str:
    return f"{origin}.{tail}" if tail else origin
