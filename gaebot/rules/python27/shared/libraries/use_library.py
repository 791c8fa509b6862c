"""Calls of `use_library`, by which apps on Python 2.5 chose their version of Django."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.config.runtime_libraries import LIBRARIES
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.libraries.django_helper import helper_version, uses_helper
from gaebot.rules.python27.shared.scripts.handler_scripts import script_paths
from gaebot.syntax.nodes import arguments, string_value
from gaebot.syntax.python import Binding, PythonFile

DIST = "google.appengine.dist"
USE_LIBRARY = f"{DIST}.use_library"
_WORDS = (b"use_library", b"appengine.dist", b"import dist")
_HELPERS_OWN = "1.2"  # what the Django helper takes if it is told nothing
_CONFIG = "appengine_config.py"
_CONFIG_NAME = "webapp_django_version"


class LibraryUse(NamedTuple):
    """What one file has to do with `use_library`: the imports that bring it, and the calls."""

    file: PythonFile
    imports: tuple[Binding, ...]
    calls: tuple[Node, ...]

    @property
    def first(self) -> Node:
        """The node to show: the first call, else the first import."""
        return self.calls[0] if self.calls else self.imports[0].statement

    def chosen(self) -> Iterator[tuple[str, str | None]]:
        """The library and the version of each call, as far as they are written out."""
        for call in self.calls:
            positional, named = arguments(call)
            values = [*positional, *(named[key] for key in ("name", "version") if key in named)]
            name = string_value(values[0]) if values else None
            if name is not None:
                yield name, string_value(values[1]) if len(values) > 1 else None


@once_per_app
def library_uses(app: App) -> tuple[LibraryUse, ...]:
    """The app's own files that import or call `use_library`, by path."""
    return tuple(_library_uses(app))


@once_per_app
def vendored_library_uses(app: App) -> tuple[LibraryUse, ...]:
    """The bundled third-party files that do so and are handler scripts by themselves, by path."""
    files = (app.python(path) for path in sorted(_vendored_scripts(app)) if says_it(app, path))
    return tuple(_uses_in(file for file in files if file is not None))


def _vendored_scripts(app: App) -> set[str]:
    """The paths of third-party files that `script:` strings name as they are."""
    return {
        path
        for service in python_services(app)
        for use in service.scripts
        if not use.script.has_backreference
        for path in script_paths(app, use)
        if app.is_vendored(path)
    }


def says_it(app: App, path: str) -> bool:
    """Whether a file may be one of these, told by its words."""
    return path.endswith(".py") and any(word in app.files[path].data for word in _WORDS)


def _library_uses(app: App) -> Iterator[LibraryUse]:
    yield from _uses_in(app.python_files(*_WORDS))


def _uses_in(files: Iterable[PythonFile]) -> Iterator[LibraryUse]:
    for file in files:
        imports = tuple(binding for binding in file.imports() if _brings(binding))
        calls = tuple(file.calls(USE_LIBRARY))
        if imports or calls:
            yield LibraryUse(file, imports, calls)


def _brings(binding: Binding) -> bool:
    """Whether an import needs the package that is gone; its own zipimport is another matter."""
    if binding.statement.type == "import_statement":
        names = binding.statement.children_by_field_name("name")
        return any((name.child_by_field_name("name") or name).text == DIST.encode() for name in names)
    origin = binding.origin or ""
    return origin == DIST or (origin.startswith(f"{DIST}.") and origin != f"{DIST}.py_zipimport")


def django_version(app: App) -> tuple[str, str | None]:
    """The version of Django for the app's `libraries:`, and the one that the app chose on 2.5.

    The chosen one is that of `use_library`, else of `webapp_django_version` in appengine_config.py, else
    of the Django helper, else None: that was 0.96. python27 begins with 1.2.
    """
    wanted = [version for use in library_uses(app) for name, version in use.chosen() if name == "django"]
    chosen = max((version for version in wanted if version), key=_order, default=None)
    chosen = chosen or _configured(app) or helper_version(app) or (_HELPERS_OWN if uses_helper(app) else None)
    return nearest_django(chosen or ""), chosen


def nearest_django(version: str) -> str:
    """The version that python27 offers for the one that an app ran with: the next one up."""
    offered = LIBRARIES["django"].versions
    return next((known for known in offered if _order(known) >= _order(version)), offered[-1])


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _configured(app: App) -> str | None:
    file = app.python(_CONFIG)
    for binding in file.scope.bindings.get(_CONFIG_NAME, ()) if file is not None else ():
        value = binding.value
        if value is not None and value.type == "float":
            return (value.text or b"").decode("latin-1")
        if (written := string_value(value)) is not None:
            return written
    return None
