"""Scripts that are imported back by what they import.

A CGI script runs as `__main__`. When a module that it imports says `from main import Base`, Python
loads main.py a second time, from the start, and all is well. As the module `main` the script is there
already, half loaded, and whatever it defines further down is not.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Place
from gaebot.script import module_name
from gaebot.syntax.nodes import ancestors, scope_node, text
from gaebot.syntax.python import Binding, PythonFile


def import_back(app: App, path: str) -> tuple[str, Place] | None:
    """A name of the script at `path` that a module needs while the script is still being imported,
    and would not find, with the place that needs it; None when there is none."""
    script = app.python(path)
    if script is None or not app.importers(path):
        return None
    seen = {path}
    for first in _imports_on_load(script):
        waiting = list(_paths(app, script, first))
        while waiting:
            current = waiting.pop()
            file = app.python(current) if current not in seen else None
            seen.add(current)
            if file is None:
                continue
            for binding in _imports_on_load(file):
                paths = _paths(app, file, binding)
                if path in paths:
                    for name, place in _needed(file, binding, module_name(path)):
                        if not _is_bound_before(script, name, first.statement.start_byte):
                            return name, place
                waiting += paths
    return None


def _imports_on_load(file: PythonFile) -> Iterator[Binding]:
    """The imports that importing the file executes, in order: those outside functions."""
    found = sorted(file.imports(), key=lambda binding: binding.name.start_byte)
    return (binding for binding in found if _runs_on_load(binding))


def _runs_on_load(binding: Binding) -> bool:
    around = {node.type for node in ancestors(binding.statement)}
    return not around & {"function_definition", "lambda"}


def _paths(app: App, file: PythonFile, binding: Binding) -> list[str]:
    """The app's own files that an import loads."""
    origin = binding.origin or ""
    if binding.statement.type == "import_statement":
        named = binding.name.parent
        origin = text(named) if named is not None and named.type == "dotted_name" else origin
    path = app.imported_path(origin.removesuffix(".*"), file)
    return [path] if path is not None and not app.is_vendored(path) else []


def _needed(file: PythonFile, binding: Binding, module: str) -> Iterator[tuple[str, Place]]:
    """The names of the module that the file asks for while it is being loaded itself."""
    origin = binding.origin or ""
    if binding.statement.type == "import_from_statement" and origin.rpartition(".")[0].endswith(module):
        name = origin.rpartition(".")[2]
        if name != "*":
            yield name, file.place(binding.statement)
            return
    for use in file.identifiers(binding.text):
        attribute = use.parent
        if (
            attribute is None
            or attribute.type != "attribute"
            or attribute.child_by_field_name("object") != use
        ):
            continue
        if scope_node(use).type in {"module", "class_definition"}:
            yield text(attribute.child_by_field_name("attribute")), file.place(attribute)


def _is_bound_before(script: PythonFile, name: str, offset: int) -> bool:
    return any(binding.name.start_byte < offset for binding in script.scope.bindings.get(name, ()))
