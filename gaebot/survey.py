"""A look over the whole app: which services, handlers and modules it has, and how they hang together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gaebot.app import App
from gaebot.script import Script
from gaebot.service import Role, ScriptUse, Service
from gaebot.structure import AppStructure, HandlerNode, ServiceNode
from gaebot.syntax.python import PythonFile


def survey(app: App) -> AppStructure:
    """The structure of an app. It parses every module that a handler leads to.

    Templates of an app.yaml are left out unless there is nothing else, and so is third-party code.
    """
    services = [service for service in app.services if not service.is_template] or app.services
    nodes = tuple(_service(app, service) for service in services)
    entries = [handler.module_path for node in nodes for handler in node.handlers if handler.module_path]
    return AppStructure(nodes, tuple(_imports(app, dict.fromkeys(entries))), app.root)


def _service(app: App, service: Service) -> ServiceNode:
    handlers = tuple(_handler(app, use) for use in service.scripts)
    static = sum(handler.use is None for handler in service.handlers)
    return ServiceNode(service.path, handlers, static)


def _handler(app: App, use: ScriptUse) -> HandlerNode:
    place = use.file.place(use.holder)
    url = "/_ah/start" if use.role is Role.BACKEND else use.url or ""
    return HandlerNode(url, use.script.text, _module_path(app, use.script), place)


def _module_path(app: App, script: Script) -> str:
    """The app's module that a script loads; empty where it has none, or a URL decides which."""
    if script.is_sdk or script.has_backreference:
        return ""
    if script.is_cgi:
        inside = (f"{script.path}/__init__.py", f"{script.path}.py")
        return next((path for path in (script.path, *inside) if app.python(path) is not None), "")
    return app.module_path(script.module) or ""


def _imports(app: App, entries: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each importing module with each that it imports, breadth first from the `entries`."""
    waiting = [*entries]
    seen = set(waiting)
    for path in waiting:
        file = app.python(path)
        if file is None or app.is_vendored(path):
            continue
        for imported in dict.fromkeys(_imported(app, file)):
            if imported == path or app.is_vendored(imported):
                continue
            yield path, imported
            if imported not in seen:
                seen.add(imported)
                waiting.append(imported)


def _imported(app: App, file: PythonFile) -> Iterator[str]:
    """The paths of the app's modules that a file imports, in order, also more than once."""
    for binding in file.imports():
        statement = binding.statement
        names = [binding.origin or ""]
        if statement.type == "import_statement":  # `import a.b` binds `a`, and loads `a.b` too
            parts = statement.children_by_field_name("name")
            names = [
                ((part.child_by_field_name("name") or part).text or b"").decode("latin-1") for part in parts
            ]
        for name in names:
            path = app.imported_path(name, file) if name else None
            if path is not None:
                yield path
