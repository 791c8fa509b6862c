"""Which files hold code that may run for a request: what scripts lead to, and what is loaded by name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.scripts.handler_scripts import (
    RequestFile,
    handler_scripts,
    request_files_by_path,
    script_paths,
)
from gaebot.rules.python27.shared.scripts.loading import may_load, reachable
from gaebot.syntax.nodes import arguments, string_value
from gaebot.syntax.python import PythonFile

MAPREDUCE = "mapreduce.yaml"
"""The file in which the mapreduce library finds the names of the app's functions that it calls."""

_HANDLER = re.compile(
    rb"^[\s-]*(?:handler|params_validator|input_reader|output_writer): *['\"]?([\w.]+)", re.MULTILINE
)
# Strings without blanks, in which a module or a part of its name may stand.
_STRING = re.compile(rb"""(['"])([\w./%*-]{1,80})\1""")
_PART = re.compile(rb"[A-Za-z_]\w*")
_TAGS = "templatetags"
_IMPORTS = ("__import__", "import_module")
_IMPORTING = re.compile("|".join(_IMPORTS).encode())
_LISTINGS = ("listdir", "walk", "glob", "iglob", "iter_modules", "walk_packages")


def code_files(app: App) -> Iterator[RequestFile]:
    """The request files, and those that are loaded by names that no import says.

    A framework whose own script starts the app loads its modules by names from settings: then all own
    files count. An app may load its plugins by names that it works out: a file counts whose name its
    strings make up, one of them where the names are worked out, and where a folder is listed, one in a
    folder that they name. Django loads the modules in `templatetags`, and mapreduce those that its YAML file
    names.
    """
    known = request_files_by_path(app)
    if known:
        starts = [*_tag_libraries(app, known), *_of_mapreduce(app), *_loaded_by_name(app, known)]
        more = dict.fromkeys(path for start in starts for path in reachable(app, start))
    else:
        more = dict.fromkeys(path for path in app.files if _starts_in_framework(app) and may_load(app, path))
    for path in app.files:
        file = app.python(path) if path in known or path in more else None
        if file is not None:
            yield known.get(path) or RequestFile(file, (), None)


@once_per_app
def may_hold_more(app: App) -> bool:
    """Whether more files may count than the request files, told without looking for them."""
    return (
        not handler_scripts(app)
        or MAPREDUCE in app.files
        or any(f"/{_TAGS}/" in f"/{path}" for path in app.files)
        or any(_IMPORTING.search(file.source.data) for file in app.python_files())
    )


def _starts_in_framework(app: App) -> bool:
    """Whether third-party code that the app carries is the script of a service."""
    return any(
        app.is_vendored(path)
        for service in python_services(app)
        for use in service.scripts
        for path in script_paths(app, use)
    )


def mapreduce_names(app: App) -> list[str]:
    """The dotted names of functions that mapreduce.yaml says: 'counters.count'."""
    source = app.files.get(MAPREDUCE)
    return [name.decode("latin-1") for name in _HANDLER.findall(source.data)] if source is not None else []


def _of_mapreduce(app: App) -> Iterator[str]:
    for name in mapreduce_names(app):
        path = app.module_path(name.rpartition(".")[0])
        if path is not None and may_load(app, path):
            yield path


def _tag_libraries(app: App, known: dict[str, RequestFile]) -> Iterator[str]:
    """The modules in `templatetags`, of an app whose requests load Django's list of applications."""
    if not any(b"INSTALLED_APPS" in request_file.file.source.data for request_file in known.values()):
        return
    for path in app.files:
        if _TAGS in path.split("/")[:-1] and path.endswith(".py") and may_load(app, path):
            yield path


def _loaded_by_name(app: App, known: dict[str, RequestFile]) -> Iterator[str]:
    loaders = [request_file.file for request_file in known.values() if _loads_by_name(request_file.file)]
    if not loaders:
        return
    said = frozenset(part for request_file in known.values() for part in _parts(request_file.file))
    own = frozenset(part for file in loaders for part in _parts(file))
    listed = frozenset(part for file in loaders if file.identifiers(*_LISTINGS) for part in _parts(file))
    for path in app.files:
        file = app.python(path) if path not in known and may_load(app, path) else None
        if file is None:
            continue
        parts = file.module.split(".")
        is_made_up = said.issuperset(parts) and not own.isdisjoint(parts)
        if is_made_up or not listed.isdisjoint(parts[:-1]):
            yield path


def _loads_by_name(file: PythonFile) -> bool:
    """Whether a file imports modules whose names it works out, as those of plugins."""
    for name in file.identifiers(*_IMPORTS):
        call = name.parent if name.parent is None or name.parent.type == "call" else name.parent.parent
        given = arguments(call)[0] if call is not None and call.type == "call" else []
        if given and string_value(given[0]) is None:
            return True
    return False


def _parts(file: PythonFile) -> Iterator[str]:
    """The words in the strings of a file, of those without blanks."""
    for match in _STRING.finditer(file.source.data):
        if not file.is_in_comment(match.start()):
            yield from (part.decode("latin-1") for part in _PART.findall(match.group(2)))
