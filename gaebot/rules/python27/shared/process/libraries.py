"""Bundled third-party code that keeps the current request, session or user in a name of its module."""

from __future__ import annotations

import re
from typing import NamedTuple

from gaebot.app import App, once_per_app
from gaebot.finding import Place
from gaebot.paths import parents
from gaebot.rules.python27.shared.reach.code import app_code
from gaebot.syntax.nodes import scope_node
from gaebot.syntax.python import Binding, PythonFile

_OF_A_REQUEST = re.compile(r"(?:^|_)(?:session|request|request_id|user|environ|response)$")


class UnsafeLibrary(NamedTuple):
    """A library that mixes the data of concurrent requests.

    `name` is what it is known by, `kept` the name of the module that it assigns to, `place` where it does.
    `users` are the app's own files that load it.
    """

    name: str
    kept: str
    place: Place
    users: frozenset[str]


@once_per_app
def unsafe_libraries(app: App) -> tuple[UnsafeLibrary, ...]:
    """The libraries of that kind that the app's request files import, by path and position."""
    found = []
    for path, source in app.files.items():
        if not path.endswith(".py") or not app.is_vendored(path) or b"global " not in source.data:
            continue
        file = app.python(path)
        bindings = _kept(file) if file is not None else []
        users = _users(app, path) if bindings else frozenset()
        if file is not None and users:
            found += [
                UnsafeLibrary(_name(app, path), binding.text, file.place(binding.name), users)
                for binding in bindings
            ]
    return tuple(found)


def _kept(file: PythonFile) -> list[Binding]:
    """The first assignment of a function to each name of the module that says what it is for."""
    found: dict[str, Binding] = {}
    for name, bindings in file.scope.bindings.items():
        if not _OF_A_REQUEST.search(name):
            continue
        for binding in bindings:
            is_inside = scope_node(binding.name).type == "function_definition"
            if is_inside and binding.value is not None and binding.value.type != "none":
                found.setdefault(name, binding)
    return list(found.values())


def _users(app: App, path: str) -> frozenset[str]:
    """The request files of the app that import a file, or the package that it stands in."""
    code = app_code(app)
    folder = path.rpartition("/")[0]
    packages = [path, *(f"{each}/__init__.py" for each in (folder, *parents(folder)) if each)]
    found = {file.source.path for each in packages for file, _ in app.importers(each)}
    return frozenset(found & code.files.keys())


def _name(app: App, path: str) -> str:
    holders = [path, *parents(path)]
    return next((app.vendored[holder] for holder in holders if holder in app.vendored), path)
