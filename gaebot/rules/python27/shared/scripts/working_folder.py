"""The current folder: a script's own on Python 2.5, the app's root on python27.

Only scripts in sub-folders see a difference, and the code that they lead to. What tells that a path was
meant from the script's folder is that it leads somewhere from there, and nowhere from the root: that
holds before the switch and after it.

SDK: old versions' old_dev_appserver.py changed the folder for each CGI script;
devappserver2/python/runtime/sandbox.py goes to the root once.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Fix, Place, RunsOn, Safety, Severity
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_files
from gaebot.syntax.imports import add_import, imported_as, is_free
from gaebot.syntax.python import PythonFile, arguments, string_value, text
from gaebot.text import Edit, Span

_JOIN = ("os.path.join", "posixpath.join")


@dataclass(frozen=True, eq=False)
class RelativePath:
    """A relative path that is written out in the code, and given to a function.

    `node` is the expression, `path` what it says. `folder` is the script's folder from which it leads
    somewhere ('admin'); `in_root` whether it does from the root as well.
    """

    file: RequestFile
    call: Node
    node: Node
    path: str
    folder: str
    in_root: bool

    @property
    def from_root(self) -> str:
        """The path as it is from the app's root."""
        return posixpath.normpath(posixpath.join(self.folder, self.path))


def script_folders(file: RequestFile) -> frozenset[str]:
    """The folders of the scripts that lead to a file; the root is empty."""
    return frozenset(posixpath.dirname(script.path) for script in file.scripts)


def relative_paths(
    app: App, functions: Mapping[str, int], *, folders: bool = False
) -> Iterator[RelativePath]:
    """The relative paths that code below scripts in sub-folders gives to some functions.

    `functions` maps dotted names to the number of the argument that is the path, from 0. With `folders`,
    paths that lead to folders count, else those that lead to files. Only paths that lead somewhere from a
    script's folder.
    """
    for file in request_files(app):
        below = sorted(script_folders(file) - {""})
        if not below:
            continue
        words = {name.rpartition(".")[2].encode() for name in functions}
        if not any(word in file.file.source.data for word in words):
            continue
        for name, number in functions.items():
            for call in file.file.calls(name):
                positional = arguments(call)[0]
                node = positional[number] if len(positional) > number else None
                path = _literal_path(file.file, node) if node is not None and file.runs(call) else None
                if node is None or path is None:
                    continue
                known = app.folders if folders else app.paths
                for folder in below:
                    if posixpath.normpath(posixpath.join(folder, path)) in known:
                        in_root = posixpath.normpath(path) in known or posixpath.normpath(path) == "."
                        yield RelativePath(file, call, node, path, folder, in_root)
                        break


def misplaced(
    app: App, functions: Mapping[str, int], outcome: str, *, folders: bool = False
) -> Iterator[tuple[Place, str, Fix | None, Severity]]:
    """What rules about relative paths say of those given to some functions: place, message, fix, severity.

    `outcome` is what happens on python27 to a path that leads nowhere from the root.
    """
    for found in relative_paths(app, functions, folders=folders):
        place = found.file.file.place(found.node)
        if not found.in_root:
            message = (
                f"python27 runs in the app's root, and `{found.path}` lies in `{found.folder}`: {outcome}."
            )
            yield place, message, _anchored(app, found), Severity.ERROR
        elif not has_switched(app):  # later nothing tells that the other one was meant
            message = (
                f"python27 runs in the app's root, where `{found.path}` is not the one in `{found.folder}`:"
                " say which one is meant."
            )
            yield place, message, None, Severity.WARNING


def _literal_path(file: PythonFile, node: Node) -> str | None:
    """The relative path that an expression says, as far as it is written out; else None."""
    path = string_value(node)
    if node.type == "call":
        function = node.child_by_field_name("function")
        parts = [string_value(part) for part in arguments(node)[0]]
        if function is not None and file.refers_to(function, *_JOIN) and parts and all(parts):
            path = posixpath.join(*[part for part in parts if part])
    if node.type == "identifier":
        known = file.lookup(text(node), node)
        path = string_value(known[0].value) if len(known) == 1 and known[0].kind == "assign" else None
    if path is None or path.startswith("/") or "://" in path or "\\" in path:
        return None
    return path


def _anchored(app: App, found: RelativePath) -> Fix | None:
    """The fix that makes a path start at the folder of its module; None where that is another one.

    Where the module lies elsewhere than the script, the path can be said from the root, once the app is
    on python27.
    """
    if posixpath.dirname(found.file.path) != found.folder:
        return _from_root(found) if has_switched(app) else None
    edits = here_edits(found.file.file, found.node, found.path)
    title = "Start at the module's own folder"
    return Fix(title, tuple(edits), Safety.SAFE, RunsOn.BOTH) if edits else None


def _from_root(found: RelativePath) -> Fix | None:
    if found.node.type != "string":
        return None
    quote = text(found.node)[-1]
    edit = found.file.file.source.edit(
        found.file.file.span(found.node), f"{quote}{found.from_root}{quote}".encode("latin-1")
    )
    return Fix("Say the path from the app's root", (edit,), Safety.SAFE, RunsOn.TARGET)


def here_edits(file: PythonFile, node: Node, path: str | None) -> list[Edit]:
    """The edits that put `os.path.dirname(__file__)` in front of a path; in its place for '.' and for None.

    Empty where the expression is a name, or `os` can't be imported.
    """
    os_name = imported_as(file, "os")
    edits = []
    if os_name is None:
        added = add_import(file, b"import os") if is_free(file, "os") else None
        if added is None:
            return []
        edits.append(added)
        os_name = "os"
    here = f"{os_name}.path.dirname(__file__)"
    if path is None or posixpath.normpath(path) == ".":
        edits.append(file.source.edit(file.span(node), here.encode()))
    elif node.type == "string":
        new = f"{os_name}.path.join({here}, {text(node)})"
        edits.append(file.source.edit(file.span(node), new.encode("latin-1")))
    elif node.type == "call":
        first = arguments(node)[0][0].start_byte
        edits.append(file.source.edit(Span(first, first), f"{here}, ".encode()))
    else:
        return []
    return edits
