"""Folders that must become packages, and names that a module of an app can't have."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from gaebot.app import App
from gaebot.text import NewFile

LOADED_FIRST = frozenset(
    {
        "__builtin__", "__main__", "codecs", "encodings", "errno", "exceptions", "gc", "google",
        "httplib", "imp", "marshal", "os", "posix", "pwd", "signal", "site", "socket", "subprocess",
        "sys", "tempfile", "thread", "threading", "urllib", "zipimport",
    }
)  # fmt: skip
"""Top-level names under which an app's module is never found: the interpreter's own modules, those that
the runtime holds before it asks the app, and those that it replaces by others.

SDK: `_should_keep_module` in devappserver2/python/runtime/sandbox.py, `MODULE_OVERRIDES` in
google/appengine/dist27. Each was tried on dev_appserver 1.9.88.
"""

# Standard modules that the runtime itself imports after the app root came first on the path: a
# folder of that name that becomes a package breaks every request.
_RUNTIME_NEEDS = frozenset(
    {
        "StringIO", "abc", "array", "ast", "base64", "bisect", "cPickle", "cStringIO", "cgi", "codecs",
        "collections", "contextlib", "copy", "copy_reg", "ctypes", "datetime", "decimal", "email",
        "encodings", "errno", "functools", "hashlib", "heapq", "hmac", "httplib", "imp", "inspect",
        "io", "itertools", "keyword", "linecache", "locale", "logging", "math", "mimetools",
        "mimetypes", "new", "numbers", "operator", "os", "pickle", "pkgutil", "platform", "posixpath",
        "pprint", "random", "re", "rfc822", "sets", "sha", "socket", "sre_compile", "sre_constants",
        "sre_parse", "ssl", "stat", "string", "struct", "sys", "tempfile", "textwrap", "thread",
        "threading", "time", "token", "tokenize", "traceback", "types", "urllib", "urllib2", "urlparse",
        "warnings", "weakref", "xml", "zipimport", "zlib",
    }
)  # fmt: skip


def missing_packages(app: App, path: str) -> Iterator[NewFile]:
    """The empty `__init__.py` files that the module at `path` needs above it, outermost first."""
    folder = posixpath.dirname(path)
    parts = folder.split("/") if folder else []
    for depth in range(1, len(parts) + 1):
        init = "/".join([*parts[:depth], "__init__.py"])
        if init not in app.paths:
            yield NewFile(init, b"")


def reserved_name(app: App, path: str) -> str | None:
    """The name of the module at `path`, when it belongs to something else; else None.

    Importing it would give another module, or turning its folder into a package would hide one that
    the runtime needs.
    """
    top, slash, _ = path.partition("/")
    name = top.removesuffix(".py")
    if name in LOADED_FIRST:
        return name
    becomes_package = bool(slash) and f"{top}/__init__.py" not in app.paths
    return name if becomes_package and name in _RUNTIME_NEEDS else None


def hidden_module(app: App, path: str) -> str | None:
    """The module that has the name of a folder above `path` which is to become a package, or None.

    Python prefers a package to a module of the same name.
    """
    becoming = (posixpath.dirname(new.path) for new in missing_packages(app, path))
    return next((f"{folder}.py" for folder in becoming if f"{folder}.py" in app.paths), None)


def import_clash(app: App, path: str) -> str | None:
    """A name that the script at `path` imports from the app root now, but not from a package.

    Once its folder is one, Python 2 looks beside the script first, and finds another module there.
    """
    folder = posixpath.dirname(path)
    file = app.python(path)
    if file is None or not folder or f"{folder}/__init__.py" in app.paths:
        return None
    for binding in file.imports():
        first = (binding.origin or "").partition(".")[0]
        beside = {f"{folder}/{first}.py", f"{folder}/{first}/__init__.py"}
        if first and beside & app.paths and f"{folder}/{first}.py" != path and _is_at_root(app, first):
            return first
    return None


def _is_at_root(app: App, name: str) -> bool:
    return f"{name}.py" in app.paths or f"{name}/__init__.py" in app.paths
