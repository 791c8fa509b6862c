"""The current folder: a script's own on Python 2.5, the app's root on python27.

Only scripts in sub-folders see a difference, and the code that they lead to. What tells that a path was
meant from the script's folder is that it leads somewhere from there, and nowhere from the root: that
holds before the switch and after it.

SDK: old versions' old_dev_appserver.py changed the folder for each CGI script;
devappserver2/python/runtime/sandbox.py goes to the root once.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.files.own_folder import JOINS, anchored
from gaebot.rules.python27.shared.scripts.handler_scripts import (
    RequestFile,
    asked_files,
    handler_scripts,
    request_files,
)
from gaebot.rules.python27.shared.scripts.references import may_be
from gaebot.syntax.nodes import arguments, string_value, text
from gaebot.syntax.python import PythonFile

Kind = Literal["file", "folder", "either", "pattern", "import"]

_CONFIG = "appengine_config.py"
_NAME_STEPS = 2  # how many `a = b` steps a path is followed through
_LISTS = frozenset({"list", "tuple"})
_FORMATTED = re.compile(r"[%{]")
_WILD = re.compile(r"[*?\[]")
_WRITES = re.compile(r"[wa+]")


class PathArgument(NamedTuple):
    """Which argument of a function is a path, and what it does with one that leads nowhere.

    `number` counts from 0 (None: it goes by its keyword only), `keyword` is its name. `mode` is the number of
    the argument that says whether the file is written, which fails on App Engine everywhere. A `silent`
    function does not fail. What a function that `keeps` the path gives back begins with it. A path of kind
    `import` is a folder or an archive that modules are imported from.
    """

    kind: Kind = "file"
    number: int | None = 0
    keyword: str | None = None
    mode: int | None = None
    silent: bool = False
    keeps: bool = False


class Said(NamedTuple):
    """What the code says of a relative path: all of it, or with `whole` false the folder it begins with."""

    path: str
    whole: bool


class RelativePath(NamedTuple):
    """A relative path in the code, given to a function.

    `node` is the expression. `folders` are the scripts' folders, but the root, from which it leads
    somewhere; `in_root` says whether it does from the root as well.
    """

    file: RequestFile
    node: Node
    said: Said
    argument: PathArgument
    folders: tuple[str, ...]
    in_root: bool


def script_folders(file: RequestFile) -> frozenset[str]:
    """The folders of the scripts that lead to a file; the root is empty."""
    return frozenset(posixpath.dirname(script.path) for script in file.scripts)


def files_below(app: App, *, asked: bool = True) -> Iterator[RequestFile]:
    """The files that scripts in sub-folders lead to, by default those in which findings are wanted."""
    if not any("/" in script.path for script in handler_scripts(app)):
        return iter(())
    files = asked_files(app) if asked else request_files(app)
    return (file for file in files if not script_folders(file) <= {""})


def path_nodes(
    file: RequestFile, functions: Mapping[str, PathArgument]
) -> Iterator[tuple[Node, PathArgument]]:
    """The expressions that code of a file gives to some functions as paths, each path of a list.

    `functions` maps dotted names to what they do.
    """
    if not any(word.encode() in file.file.source.data for word in last_names(functions)):
        return
    for name, argument in functions.items():
        for call in file.file.calls(name):
            positional, named = arguments(call)
            node = _argument(positional, named, argument.number, argument.keyword)
            mode = _argument(positional, named, argument.mode, "mode")
            if node is None or not file.runs(call) or _WRITES.search(string_value(mode) or ""):
                continue
            for path in items(node):
                yield path, argument


def last_names(names: Iterable[str]) -> frozenset[str]:
    """The last parts of dotted names. A file that uses one has to say its last part, whatever it calls it."""
    return frozenset(name.rpartition(".")[2] for name in names)


def items(node: Node) -> list[Node]:
    """The expressions that a list or tuple holds; any other expression by itself."""
    return node.named_children if node.type in _LISTS else [node]


def misplaced(
    app: App,
    rule: Rule,
    functions: Mapping[str, PathArgument],
    outcome: str,
) -> Iterator[Finding]:
    """What a rule says of the relative paths that are given to some functions.

    `outcome` is what happens on python27 to a path that leads nowhere from the root.
    """
    for file in files_below(app):
        yield from misplaced_nodes(app, rule, file, path_nodes(file, functions), outcome)


def misplaced_nodes(
    app: App,
    rule: Rule,
    file: RequestFile,
    nodes: Iterable[tuple[Node, PathArgument]],
    outcome: str,
) -> Iterator[Finding]:
    """The same for expressions of one file, which are paths in one way or another."""
    for node, argument in nodes:
        found = relative_path(app, file, node, argument)
        if found is None or not found.folders:
            continue
        place, shown = file.file.place(node), found.said.path.replace("`", "'")
        others = " and ".join(f"`{folder}`" for folder in found.folders)
        if not found.in_root:
            severity = Severity.WARNING if argument.silent else Severity.ERROR
            message = f"python27 runs in the app's root, and `{shown}` is meant from {others}: {outcome}."
            yield rule.finding(place, message, fix=anchor(file, found), severity=severity)
        elif not has_switched(app) and file.path != _CONFIG:  # later nothing tells which one was meant
            message = (
                f"python27 runs in the app's root, where `{shown}` is not the one in {others}: say which."
            )
            if posixpath.normpath(shown) == ".":
                message = f"python27 runs in the app's root, not in {others}: say which folder is meant."
            yield rule.finding(place, message, fix=anchor(file, found), severity=Severity.WARNING)


def relative_path(app: App, file: RequestFile, node: Node, argument: PathArgument) -> RelativePath | None:
    """The relative path that an expression of a file says, and where it leads from; None if it says none."""
    said = said_path(file.file, node)
    if said is None:
        return None
    below = sorted(script_folders(file) - {""})
    folders = tuple(folder for folder in below if leads(app, folder, said, argument.kind))
    return RelativePath(file, node, said, argument, folders, leads(app, "", said, argument.kind))


def anchor(file: RequestFile, found: RelativePath) -> Fix | None:
    """The fix that makes a path start in the script's folder wherever the code runs.

    None where more than one folder may be meant. A path that leads somewhere from the root too may have been
    meant so, and what keeps the path in its answers tells it to others: both want a reader.
    """
    known = script_folders(file)
    if len(found.folders) != 1 or (found.in_root and len(known) != 1):
        return None
    is_here = found.said.whole and posixpath.normpath(found.said.path) == "."
    edits = anchored(file.file, found.node, found.folders[0], replace=is_here and found.node.type == "string")
    doubtful = (found.in_root and not is_here) or found.argument.keeps
    safety = Safety.REVIEW if doubtful else Safety.SAFE
    title = "Start at the module's own folder"
    return Fix(title, edits, safety, RunsOn.BOTH) if edits else None


def said_path(file: PythonFile, node: Node, steps: int = _NAME_STEPS) -> Said | None:
    """What an expression says of the relative path that it stands for; None where it may be another one."""
    if node.type == "string":
        return _said_by_text(string_value(node))
    if node.type == "parenthesized_expression" and len(node.named_children) == 1:
        return said_path(file, node.named_children[0], steps)
    if node.type == "binary_operator":
        return _said_by_operator(file, node, steps)
    if node.type == "call":
        return _said_by_call(file, node)
    if node.type == "attribute" and file.refers_to(node, "os.curdir"):
        return Said(".", True)
    if node.type == "identifier" and steps:
        known = file.lookup(text(node), node)
        value = known[0].value if len(known) == 1 and known[0].kind == "assign" else None
        return said_path(file, value, steps - 1) if value is not None else None
    return None


def _said_by_text(value: str | None) -> Said | None:
    if value is None or value.startswith(("/", "~")) or "://" in value or "\\" in value or "\n" in value:
        return None
    return Said(value, True)


def _said_by_operator(file: PythonFile, node: Node, steps: int) -> Said | None:
    """`'pages/' + name`, `'pages/%s.html' % name`."""
    left, operator = node.child_by_field_name("left"), node.child_by_field_name("operator")
    start = said_path(file, left, steps) if left is not None else None
    if start is None or operator is None or text(operator) not in {"+", "%"}:
        return None
    path = _FORMATTED.split(start.path)[0] if text(operator) == "%" else start.path
    return start if not start.whole else _beginning(path)


def _beginning(path: str) -> Said | None:
    """The folder that a path begins with when more of its text follows."""
    folder, slash, _ = path.rpartition("/")
    return Said(folder, False) if slash and folder else None


def _said_by_call(file: PythonFile, node: Node) -> Said | None:
    """`os.path.join('pages', name)`, `'pages/{0}'.format(name)`."""
    function = node.child_by_field_name("function")
    if function is None:
        return None
    attribute = function.child_by_field_name("attribute")
    if attribute is not None and text(attribute) == "format":
        value = _said_by_text(string_value(function.child_by_field_name("object")))
        return _beginning(_FORMATTED.split(value.path)[0]) if value is not None else None
    if not may_be(file, function, JOINS):
        return None
    return said_by_parts(file, arguments(node)[0])


def said_by_parts(file: PythonFile, parts: Iterable[Node]) -> Said | None:
    """What the arguments of `os.path.join` say together."""
    path = ""
    for number, part in enumerate(parts):
        said = said_path(file, part, steps=1)
        if said is None:
            is_text = string_value(part) is not None  # an absolute path
            return Said(path.rstrip("/"), False) if number and path and not is_text else None
        path = posixpath.join(path, said.path)
        if not said.whole:
            return Said(path, False)
    return Said(path, True)


def leads(app: App, folder: str, said: Said, kind: Kind) -> bool:
    """Whether a path leads somewhere from a folder."""
    path = posixpath.normpath(posixpath.join(folder, said.path))
    # Modules in the root are found anyway.
    is_folder = path in app.folders or (path == "." and (not folder or kind != "import"))
    if not said.whole:
        return is_folder
    if kind == "pattern" and _WILD.search(path):
        depth = path.count("/")
        known = (*app.paths, *app.folders)
        return any(one.count("/") == depth and fnmatch.fnmatchcase(one, path) for one in known)
    if kind == "folder":
        return is_folder
    return path in app.paths or (kind != "file" and is_folder)


def _argument(
    positional: list[Node], named: Mapping[str, Node], number: int | None, keyword: str | None
) -> Node | None:
    if number is not None and len(positional) > number:
        return positional[number]
    return named.get(keyword or "")
