"""Which Python files answer requests: the scripts that YAML files name, and what those import.

Rules about `main()`, `print` or the end of a request must not look at anything else: a tool that is
run by hand keeps its `if __name__ == '__main__'`, its prints and its `sys.exit()`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.patterns import Pattern
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.config.url_groups import url_groups
from gaebot.rules.python27.shared.scripts.applications import wsgi_objects
from gaebot.rules.python27.shared.scripts.entry import find_entry, function_name, is_guard, top_level, uses
from gaebot.rules.python27.shared.scripts.loading import CONFIG, may_lead_to, reachable
from gaebot.script import Script, module_name
from gaebot.service import ScriptUse, Service
from gaebot.syntax.nodes import ancestors
from gaebot.syntax.python import PythonFile

FEW = 20
"""How many files are looked up one by one; with more it is quicker to follow all imports."""

_REFERENCE = re.compile(r"\\(\d)")


@dataclass(frozen=True, eq=False)
class HandlerScript:
    """A file of the app's own that `script:` (or `start:`) strings name, with those strings."""

    file: PythonFile
    uses: tuple[tuple[Service, ScriptUse], ...]

    @property
    def path(self) -> str:
        """Path of the file, relative to the app root."""
        return self.file.source.path

    @property
    def is_cgi(self) -> bool:
        """Whether a service runs the file as a CGI script."""
        return any(use.script.is_cgi for _, use in self.uses)

    @property
    def is_wsgi(self) -> bool:
        """Whether a service calls an object of the file as a WSGI application."""
        return any(not use.script.is_cgi for _, use in self.uses)

    @cached_property
    def has_main(self) -> bool:
        """Whether a CGI run keeps the file loaded and calls its `main()` from the second request on.

        That takes a `main` without required arguments (SDK runtime/cgi.py, `_GetValidMain`, and the
        2.5 runtime before it). A file without one is executed anew for every request.
        """
        for binding in self.file.scope.bindings.get("main", ()):
            if binding.kind != "def" or not _required_parameters(binding.statement):
                return True
        return False


@dataclass(frozen=True, eq=False)
class RequestFile:
    """A file of the app's own whose code may run for a request, and the scripts that lead to it.

    `script` is the file itself where it is a handler script.
    """

    file: PythonFile
    scripts: tuple[HandlerScript, ...]
    script: HandlerScript | None

    @property
    def path(self) -> str:
        """Path of the file, relative to the app root."""
        return self.file.source.path

    @property
    def is_wsgi(self) -> bool:
        """Whether a script that leads to it is called as a WSGI application."""
        return any(script.is_wsgi for script in self.scripts)

    def runs(self, node: Node) -> bool:
        """Whether the code at a node can run for a request.

        What stands below `if __name__ == '__main__':`, and the functions that nothing else in the
        file uses, do so in CGI scripts only.
        """
        if (self.script is not None and self.script.is_cgi) or not self._command_line:
            return True
        return not any(node_around.id in self._command_line for node_around in (node, *ancestors(node)))

    @cached_property
    def _command_line(self) -> frozenset[int]:
        return command_line_nodes(self.file)


@once_per_app
def handler_scripts(app: App) -> tuple[HandlerScript, ...]:
    """The app's own files that its Python services name as scripts, by path."""
    found: dict[str, list[tuple[Service, ScriptUse]]] = defaultdict(list)
    for service in python_services(app):
        for use in service.scripts:
            for path in script_paths(app, use):
                found[path].append((service, use))
    scripts = []
    for path, named in sorted(found.items()):
        file = app.python(path)
        if file is not None and not app.is_vendored(path):
            scripts.append(HandlerScript(file, tuple(named)))
    return tuple(scripts)


@once_per_app
def request_files(app: App) -> tuple[RequestFile, ...]:
    """The handler scripts and the app's own files that they import, at once or later, by path.

    To know them all, all of them have to be parsed: `request_file` and `request_files_with` are quicker.
    """
    leading: dict[str, list[HandlerScript]] = defaultdict(list)
    for script in handler_scripts(app):
        for path in reachable(app, script.path):
            leading[path].append(script)
    files = (_request_file(app, path, tuple(scripts)) for path, scripts in sorted(leading.items()))
    return tuple(file for file in files if file is not None)


@once_per_app
def request_files_by_path(app: App) -> dict[str, RequestFile]:
    """The same by path."""
    return {file.path: file for file in request_files(app)}


@once_per_app
def asked_files(app: App) -> tuple[RequestFile, ...]:
    """Those of the request files in which findings are wanted."""
    if app.asks_for_all:
        return request_files(app)
    paths = (file.source.path for file in app.python_files())
    return tuple(_found(app, filter(app.is_asked_for, paths)))


def request_files_with(app: App, *words: bytes) -> Iterator[RequestFile]:
    """Those of the request files that hold one of some words, each looked up when it is its turn."""
    return _found(app, (file.source.path for file in app.python_files(*words)))


def request_file(app: App, path: str) -> RequestFile | None:
    """The request file at a path, or None.

    As long as findings are wanted in some files only, files that can't lead to it are not parsed.
    """
    return app.remember((request_file, path), lambda: _look_up(app, path))


def _found(app: App, paths: Iterable[str]) -> Iterator[RequestFile]:
    for number, path in enumerate(paths):
        file = request_file(app, path) if number < FEW else request_files_by_path(app).get(path)
        if file is not None:
            yield file


def _look_up(app: App, path: str) -> RequestFile | None:
    if app.python(path) is None or app.is_vendored(path):
        return None
    is_known = app.asks_for_all or app.knows(request_files)
    leading = None if is_known else may_lead_to(app, path)
    if leading is None:
        return request_files_by_path(app).get(path)
    is_for_all = CONFIG in leading and CONFIG in app.files
    scripts = (
        script
        for script in handler_scripts(app)
        if (is_for_all or script.path in leading) and path in reachable(app, script.path, leading)
    )
    return _request_file(app, path, tuple(scripts))


def _request_file(app: App, path: str, scripts: tuple[HandlerScript, ...]) -> RequestFile | None:
    """The one object for a file to which these scripts lead."""

    def make() -> RequestFile | None:
        file = app.python(path)
        own = next((script for script in scripts if script.path == path), None)
        return RequestFile(file, scripts, own) if file is not None and scripts else None

    return app.remember((_request_file, path), make)


def writes_itself(app: App, script: HandlerScript) -> bool:
    """Whether a CGI script makes its answer with its own means.

    That is so where neither it nor a file that it leads to hands an application to an adapter, and
    it holds no application either.
    """
    if script.is_wsgi or wsgi_objects(script.file, app):
        return False
    files = (app.python(path) for path in reachable(app, script.path))
    return all(file is None or find_entry(file).is_empty for file in files)


def script_paths(app: App, use: ScriptUse) -> list[str]:
    r"""The paths of the app's files that a script string leads to: one, none, or several for `\1.py`.

    A WSGI name leads to the file of its longest part that is a module.
    """
    script = use.script
    if script.is_sdk:
        return []
    if script.has_backreference:
        return [path for path in app.files if path.endswith(".py") and _can_name(use, path)]
    if script.is_cgi:
        candidates = (script.path, f"{script.path}/__init__.py")
        return [path for path in candidates if path in app.files and path.endswith(".py")][:1]
    found = app.longest_module(script.text)
    return [found[0]] if found is not None else []


# -- scripts made from groups of the URL ----------------------------------------------------


def _can_name(use: ScriptUse, path: str) -> bool:
    """Whether a script string with group references can become the one that leads to `path`."""
    script = use.script
    name = path if script.is_cgi else f"{module_name(path)}.{script.attribute}"
    match = _script_pattern(script).fullmatch(name)
    return match is not None and all(
        pattern.fullmatch(match[f"g{number}"]) for number, pattern in _referenced_groups(use)
    )


def _referenced_groups(use: ScriptUse) -> Iterator[tuple[str, Pattern]]:
    """The groups of the URL that a script string refers to, each as a pattern of its own."""
    groups = [r"(?:.*)", *(group.inner for group in url_groups(use.url or ""))]
    for number in sorted(set(_REFERENCE.findall(use.script.text))):
        # A group that is not there can't be filled in: nothing is called so.
        yield number, Pattern(groups[int(number)] if int(number) < len(groups) else r"(?!)")


def _script_pattern(script: Script) -> re.Pattern[str]:
    """A pattern for the script string with a named group for every group of the URL put into it."""
    text_of_script = script.path if script.is_cgi else script.text
    parts = _REFERENCE.split(text_of_script)
    pattern = re.escape(parts[0])
    seen = set()
    for number, literal in zip(parts[1::2], parts[2::2], strict=True):
        pattern += f"(?P=g{number})" if number in seen else f"(?P<g{number}>.+)"
        pattern += re.escape(literal)
        seen.add(number)
    return re.compile(pattern)


# -- what only a command line runs -----------------------------------------------------------


def command_line_nodes(file: PythonFile) -> frozenset[int]:
    """The ids of the nodes of a file that run only when it is executed by itself.

    These are the bodies of `if __name__ == '__main__':`, and the module-level functions that
    nothing else in the file uses.
    """
    statements = top_level(file)
    guards = [statement for statement in statements if is_guard(statement)]
    if not guards:
        return frozenset()
    functions = [statement for statement in statements if statement.type == "function_definition"]
    found = {guard.id for guard in guards}
    used = {function.id: _users(file, function) for function in functions}
    while True:
        more = {
            function.id
            for function in functions
            if function.id not in found and used[function.id] and used[function.id] <= found
        }
        if not more:
            return frozenset(found)
        found |= more


def _users(file: PythonFile, function: Node) -> set[int]:
    """The ids of the module-level statements that use a function, itself left out."""
    around = (_statement_around(name) for name in uses(file, function_name(function)))
    return {statement.id for statement in around if statement.id != function.id}


def _statement_around(node: Node) -> Node:
    """The module-level statement that a node stands in."""
    statement = node
    for outer in ancestors(node):
        if outer.type == "module":
            break
        statement = outer
    return statement


def _required_parameters(function: Node) -> bool:
    parameters = function.child_by_field_name("parameters")
    optional = {"default_parameter", "list_splat_pattern", "dictionary_splat_pattern", "comment"}
    return any(child.type not in optional for child in parameters.named_children) if parameters else False
