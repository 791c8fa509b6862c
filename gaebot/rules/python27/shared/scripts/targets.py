"""What a WSGI script name loads, told from the sources.

Mirrors `LoadObject` of the SDK (google/appengine/runtime/wsgi.py): import the first part, then for
each further part take the attribute if there is one, else the sub-module while everything so far
is a package. Nothing is imported; where the sources can't tell, the answer is "found".
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.config.runtime_libraries import LIBRARIES
from gaebot.rules.python27.shared.scripts.applications import (
    WSGI_CONSTRUCTORS,
    find_origin,
    is_bound_on_import,
    wsgi_objects,
)
from gaebot.rules.python27.shared.scripts.packages import LOADED_FIRST
from gaebot.syntax.nodes import text
from gaebot.syntax.python import Binding, PythonFile

__all__ = ["WSGI_CONSTRUCTORS", "Kind", "Status", "Target", "find_target", "wsgi_objects"]

_LIBRARY_MODULES = frozenset(
    name.partition(".")[0] for library in LIBRARIES.values() for name in library.imports
)

# Attributes that every module object has, so that no sub-module of that name is ever reached.
_MODULE_ATTRIBUTES = frozenset(
    {
        "__class__", "__delattr__", "__dict__", "__doc__", "__file__", "__format__", "__getattribute__",
        "__hash__", "__init__", "__name__", "__new__", "__package__", "__reduce__", "__reduce_ex__",
        "__repr__", "__setattr__", "__sizeof__", "__str__", "__subclasshook__",
    }
)  # fmt: skip

# What in the app root lists packages that are installed beside the app before it is uploaded.
_PACKAGE_LIST = re.compile(r"[^/]*requirements[^/]*\.(?:txt|in|pip)|Pipfile|buildout\.cfg")

_PATH_WORDS = (b"sys.path", b"addsitedir", b"vendor.add")
_DYNAMIC_WORDS = (b"globals", b"vars", b"locals", b"setattr", b"exec", b"sys.modules")
_DYNAMIC = """
(call function: (identifier) @name)
(exec_statement) @exec
(attribute object: (identifier) @module attribute: (identifier) @attribute)
"""
_DYNAMIC_CALLS = frozenset({"globals", "vars", "locals", "setattr", "exec", "execfile"})

_CONSTANTS = frozenset(
    {"string", "concatenated_string", "integer", "float", "list", "tuple", "dictionary", "set"}
)
_FOLLOWED = 20  # how many imported or assigned names a value is followed through


class Status(Enum):
    """How the search for a script name ends."""

    FOUND = "found"
    OUTSIDE = "outside"  # in the SDK, in a library, or where the sources can't tell
    MODULE_MISSING = "module missing"
    INIT_MISSING = "init missing"  # the file is there, but a folder above it is no package
    ATTRIBUTE_MISSING = "attribute missing"
    SHADOWED = "shadowed"  # another object of that name is met first


class Kind(Enum):
    """What a script name leads to."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    CONSTANT = "constant"  # a string, a number, a list …: never an application
    OTHER = "other"  # an object, or something that the sources don't tell


class Target(NamedTuple):
    """What a WSGI script name loads.

    `file` is the module in which the search ended, `missing` the dotted module, or the attribute
    of `file`, that is not there or that hides what was meant. `missing_inits` are the paths of the
    `__init__.py` files without which `file` can't be imported. `binding` is what gives the object
    its name when that is one place in the sources, standing in `file`.
    """

    name: str
    status: Status
    file: PythonFile | None = None
    missing: str = ""
    missing_inits: tuple[str, ...] = ()
    kind: Kind = Kind.OTHER
    binding: Binding | None = None


def find_target(app: App, name: str) -> Target:
    """What the runtime finds under a WSGI script name ('admin.main.app')."""
    parts = name.split(".")
    if parts[0] in LOADED_FIRST:
        status = Status.SHADOWED if _exists(app, parts[0], parts[1:]) else Status.OUTSIDE
        return Target(name, status, missing=parts[0])
    reached = _enter(app, name, parts[:1])
    for index in range(1, len(parts)):
        if isinstance(reached, Target):
            break
        reached = _step(app, name, reached, index)
    return reached if isinstance(reached, Target) else Target(name, Status.FOUND, reached, kind=Kind.MODULE)


def _step(app: App, name: str, file: PythonFile, index: int) -> PythonFile | Target:
    """The module that the part at `index` leads to from the module before it, or the answer."""
    parts = name.split(".")
    part, following = parts[index], parts[index + 1 :]
    if _binds(file, part) and not _is_submodule(app, file, part):
        return _attribute(app, name, file, part, following)
    if not file.is_package:
        return Target(name, Status.ATTRIBUTE_MISSING, file, missing=part)
    if _may_extend_path(file):
        return Target(name, Status.OUTSIDE, file, missing=part)
    if not following and app.module_path(".".join(parts[: index + 1])) is None:
        return _without_attribute(app, name, file, parts)
    return _enter(app, name, parts[: index + 1])


def _enter(app: App, name: str, reached: list[str]) -> PythonFile | Target:
    """The module that the parts so far name, or the answer when there is none."""
    dotted = ".".join(reached)
    path = app.module_path(dotted)
    file = app.python(path) if path is not None else None
    if file is not None:
        return file
    base = "/".join(reached)
    if any(
        f"{base}{ending}" in app.paths for ending in (".py", ".pyc", ".so", "/__init__.py", "/__init__.pyc")
    ):
        return Target(name, Status.OUTSIDE, missing=dotted)  # there, but not to be read
    whole = name.split(".")
    if base in app.folders and (found := _behind_missing_inits(app, whole)) is not None:
        module, inits = found
        return Target(name, Status.INIT_MISSING, module, ".".join(reached), inits)
    if len(reached) == 1 and _may_be_elsewhere(app, reached[0]):
        return Target(name, Status.OUTSIDE, missing=dotted)
    return Target(name, Status.MODULE_MISSING, missing=dotted)


def _behind_missing_inits(app: App, parts: list[str]) -> tuple[PythonFile, tuple[str, ...]] | None:
    """The module that a name would reach if every folder on the way were a package.

    The longest part of the name counts. With it the `__init__.py` files that this takes.
    """
    for length in range(len(parts), 1, -1):
        base = "/".join(parts[:length])
        path = next((p for p in (f"{base}/__init__.py", f"{base}.py") if p in app.files), None)
        file = app.python(path) if path is not None else None
        if file is not None:
            folders = ("/".join(parts[:depth]) for depth in range(1, length))
            inits = (f"{folder}/__init__.py" for folder in folders)
            return file, tuple(init for init in inits if init not in app.files)
    return None


def _exists(app: App, first: str, rest: list[str]) -> bool:
    """Whether the app has a file under a name that the runtime already holds."""
    if first != "google":
        return f"{first}.py" in app.files or f"{first}/__init__.py" in app.files
    # The SDK has packages of its own there: only a file that the name means exactly counts.
    return "appengine" not in rest[:1] and any(
        f"{'/'.join([first, *rest[:n]])}.py" in app.files for n in range(1, len(rest) + 1)
    )


@once_per_app
def installs_packages(app: App) -> bool:
    """Whether the app gets packages from elsewhere before it is uploaded, as far as the sources tell."""
    listed = any(_PACKAGE_LIST.fullmatch(path) for path in app.paths | app.skipped)
    return listed or any(True for _ in app.python_files(b"vendor.add("))


def installs_more(app: App) -> bool:
    """Whether modules may be missing here that are there when the app is uploaded.

    Those are packages that are installed, and what git fetches as submodules.
    """
    return ".gitmodules" in app.paths | app.skipped or installs_packages(app)


@once_per_app
def _changes_path(app: App) -> bool:
    return any(True for _ in app.python_files(*_PATH_WORDS))


def _may_be_elsewhere(app: App, first: str) -> bool:
    """Whether a module that is not in the app root may be found all the same.

    It may in a folder put on `sys.path`, in a library of the SDK, or installed before the upload.
    """
    if first in _LIBRARY_MODULES or installs_more(app):
        return True
    if not _changes_path(app):
        return False
    return any(path.endswith((f"/{first}.py", f"/{first}/__init__.py", ".zip", ".egg")) for path in app.paths)


# -- names in a module -------------------------------------------------------------------------


def _binds(file: PythonFile, name: str) -> bool:
    """Whether a module has an attribute, or may have it, once it is imported."""
    if name in _MODULE_ATTRIBUTES or (name == "__path__" and file.is_package):
        return True
    bindings = file.scope.bindings.get(name, [])
    if any(is_bound_on_import(file, binding) or _is_in_function(file, binding) for binding in bindings):
        return True
    if file.is_broken or file.scope.bindings.get("*"):
        return True
    return _is_dynamic(file)


def _is_in_function(file: PythonFile, binding: Binding) -> bool:
    """Whether a function binds the module's name (`global app`): it may be called on import."""
    return file.scope_at(binding.name).node.id != file.root.id


def _is_dynamic(file: PythonFile) -> bool:
    """Whether the file may bind names that don't stand in it: `globals()['app'] = …`."""
    if not any(word in file.source.data for word in _DYNAMIC_WORDS):
        return False
    for match in file.matches(_DYNAMIC):
        if "exec" in match or text(match.get("name")) in _DYNAMIC_CALLS:
            return True
        if text(match.get("module")) == "sys" and text(match.get("attribute")) == "modules":
            return True
    return False


def _may_extend_path(package: PythonFile) -> bool:
    return b"__path__" in package.source.data or b"__import__" in package.source.data


def _is_submodule(app: App, file: PythonFile, name: str) -> bool:
    """Whether a name of a package is nothing but its own sub-module.

    So it is after `import sub` in `__init__.py`; a star import may bind it or not.
    """
    if not file.is_package or name in _MODULE_ATTRIBUTES or not app.module_path(f"{file.module}.{name}"):
        return False
    bindings = file.scope.bindings.get(name, [])
    return all(_imported_module(app, file, b) == f"{file.module}.{name}" for b in bindings)


def _imported_module(app: App, file: PythonFile, binding: Binding) -> str | None:
    """Dotted name of the app's module that an import binds, or None for anything else."""
    if binding.kind != "import" or binding.origin is None:
        return None
    found = find_origin(app, binding.origin, file)
    return found[0].module if found is not None and not found[1] else None


def _attribute(app: App, name: str, file: PythonFile, part: str, following: list[str]) -> Target:
    """The answer when `part` is an attribute of a module and `following` stands behind it."""
    if part in _MODULE_ATTRIBUTES:
        return Target(name, Status.SHADOWED, file, missing=part)
    where, binding, kind = _value(app, file, part)
    if not following:
        return Target(name, Status.FOUND, where, kind=kind, binding=binding)
    if kind is Kind.MODULE:
        rest = find_target(app, ".".join([where.module, *following]))
        return Target(name, rest.status, rest.file, rest.missing, rest.missing_inits, rest.kind, rest.binding)
    hides = file.is_package and app.module_path(f"{file.module}.{part}") is not None
    if (
        hides
        and kind in {Kind.FUNCTION, Kind.CONSTANT}
        and f"{part}.{following[0]}" not in file.source.decode()
    ):
        return Target(name, Status.SHADOWED, where, missing=part, binding=binding)
    return Target(name, Status.FOUND, where)


def _without_attribute(app: App, name: str, package: PythonFile, parts: list[str]) -> Target:
    """The answer when the last part is neither an attribute of a package nor a module in it."""
    base = "/".join(parts)
    is_there = any(f"{base}{ending}" in app.paths for ending in (".pyc", ".so", ".py"))  # but not to be read
    status = Status.OUTSIDE if is_there else Status.ATTRIBUTE_MISSING
    return Target(name, status, package, missing=parts[-1])


def _value(app: App, file: PythonFile, name: str) -> tuple[PythonFile, Binding | None, Kind]:
    """What a module-level name holds when that is plain to see, and where it gets it."""
    for _ in range(_FOLLOWED):
        binding = _only_binding(file, name)
        if binding is None:
            break
        if binding.kind == "import":
            found = find_origin(app, binding.origin or "", file)
            if found is None:
                return file, binding, Kind.OTHER
            if not found[1]:
                return found[0], None, Kind.MODULE
            file, name = found
        elif binding.value is not None and binding.value.type == "identifier":
            name = text(binding.value)
        else:
            return file, binding, _kind(binding)
    return file, None, Kind.OTHER


def _only_binding(file: PythonFile, name: str) -> Binding | None:
    """The binding that gives a module-level name its value, None when the sources don't tell.

    It is the last one, when that is a statement of the module itself.
    """
    bindings = file.scope.bindings.get(name)
    if not bindings:
        return None
    last = max(bindings, key=lambda binding: binding.name.start_byte)
    return last if _is_top_level(file, last.statement) else None


def _is_top_level(file: PythonFile, statement: Node) -> bool:
    parent = statement.parent
    if parent is not None and parent.type in {"expression_statement", "decorated_definition"}:
        parent = parent.parent
    return parent is not None and parent.id == file.root.id


def _kind(binding: Binding) -> Kind:
    statement = binding.statement
    if binding.kind == "def":
        if statement.parent is not None and statement.parent.type == "decorated_definition":
            return Kind.OTHER
        return Kind.CLASS if statement.type == "class_definition" else Kind.FUNCTION
    if binding.value is not None and binding.value.type in _CONSTANTS:
        return Kind.CONSTANT
    return Kind.OTHER
