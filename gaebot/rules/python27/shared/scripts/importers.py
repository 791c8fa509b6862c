"""Whether other modules take a name out of one, and whether an import is one of several attempts."""

from __future__ import annotations

import re
from collections import defaultdict

from tree_sitter import Node

from gaebot.app import App
from gaebot.syntax.imports import is_plain
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import PythonFile


def is_taken(app: App, file: PythonFile, name: str) -> bool:
    """Whether another file of the app may use a name that a file binds at module level.

    By `from util import name`, as `util.name`, which is told by these bytes, or by a star import, where
    the importing module says the name, without an import of its own, or hands it on to one that does.
    """
    word = re.compile(rb"\b" + re.escape(name.encode()) + rb"\b")
    sayers = app.remember((is_taken, name), lambda: _sayers(app, name))
    seen = {file.source.path: file.module}
    waiting = [file.source.path]
    while waiting:
        path = waiting.pop()
        module = seen[path].rpartition(".")[2]
        if sayers.get(module.encode(), set()) - {path}:
            return True
        for importer, binding in app.importers(path):
            if (binding.origin or "").endswith(f".{name}"):
                return True
            if binding.text == "*" and importer.source.path not in seen:
                if word.search(importer.source.data) and not _imports(importer, name):
                    return True
                seen[importer.source.path] = importer.module
                waiting.append(importer.source.path)
    return False


def _sayers(app: App, name: str) -> dict[bytes, set[str]]:
    """For each word that stands before a dot and a name, the paths of the Python files that say both."""
    chain = re.compile(rb"\b(\w+)\." + re.escape(name.encode()) + rb"\b")
    found: dict[bytes, set[str]] = defaultdict(set)
    for path, source in app.files.items():
        if path.endswith(".py"):
            for module in chain.findall(source.data):
                found[module].add(path)
    return dict(found)


def is_attempt(statement: Node) -> bool:
    """Whether an import is one of several: it stands in a `try`, or where Python's version is asked for."""
    for outer in ancestors(statement):
        if outer.type in {"try_statement", "except_clause"}:
            return True
        condition = outer.child_by_field_name("condition") if outer.type == "if_statement" else None
        if condition is not None and "version" in text(condition):
            return True
    return False


def _imports(file: PythonFile, name: str) -> bool:
    """Whether a file has a name from plain imports of its own, and from nothing else that it says."""
    own = file.scope.bindings.get(name, ())
    return bool(own) and all(binding.kind == "import" and is_plain(file, binding) for binding in own)
