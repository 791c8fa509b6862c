"""The third-party code in an app that its own code loads."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.scripts.handler_scripts import (
    request_files,
    script_paths,
)
from gaebot.service import Service
from gaebot.syntax.imports import imported_names

# There is a lot of such code, and most of it is of no interest: it isn't parsed just to follow its imports.
_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t(]+([\w, \t]+)|import[ \t]+([\w., \t]+))", re.MULTILINE
)


@once_per_app
def third_party_files(app: App) -> dict[str, tuple[Service, ...]]:
    """The paths of third-party files that are loaded for a request, with the services that load them."""
    found: dict[str, tuple[Service, ...]] = {}
    waiting = list(_first(app))
    while waiting:
        path, services = waiting.pop()
        known = found.get(path, ())
        more = tuple(service for service in services if service not in known)
        if not more or not app.is_vendored(path) or path not in app.files:
            continue
        found[path] = (*known, *more)
        waiting += [(loaded, more) for loaded in _loaded(app, path)]
    return found


def _first(app: App) -> Iterator[tuple[str, tuple[Service, ...]]]:
    """What the app's own files load themselves, and handler scripts that are third-party code."""
    if not app.vendored:
        return
    for service in python_services(app):
        for use in service.scripts:
            yield from ((path, (service,)) for path in script_paths(app, use))
    for file in request_files(app):
        services = tuple(dict.fromkeys(service for script in file.scripts for service, _ in script.uses))
        for binding in file.file.imports():
            if file.runs(binding.statement):
                for name in imported_names(binding):
                    yield from ((path, services) for path in _paths(app, file.path, name))


def _loaded(app: App, path: str) -> Iterator[str]:
    for match in _IMPORT.finditer(app.files[path].data):
        module, names, modules = (group.decode() if group else "" for group in match.groups())
        listed = [f"{module}.{name}" for name in _names(names)] if module else _names(modules)
        for name in listed:
            yield from _paths(app, path, name)


def _names(listed: str) -> Iterable[str]:
    """The names of a list, without what they are called from then on."""
    return [words[0] for part in listed.split(",") if (words := part.split())]


def _paths(app: App, path: str, name: str) -> Iterator[str]:
    """The files of a module and of the packages around it; Python 2 looks beside the importer first."""
    here = posixpath.dirname(path).replace("/", ".")
    relative = name.lstrip(".")
    for package in dict.fromkeys([here, ""]):
        parts = [*filter(None, package.split(".")), *relative.split(".")]
        found = [app.module_path(".".join(parts[:length])) for length in range(len(parts), 0, -1)]
        if any(found[: relative.count(".") + 1]):
            yield from filter(None, found)
            return
