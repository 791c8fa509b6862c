"""Edits that make a path start at the folder of the module it stands in, in the module's own words.

`os.path.dirname(__file__)` is the same on both runtimes: App Engine gives every module, and a script that
is run, its whole path as `__file__`.
"""

from __future__ import annotations

import posixpath
import re

from tree_sitter import Node

from gaebot.rules.python27.shared.scripts.references import may_be
from gaebot.syntax.imports import add_import, is_free, is_plain
from gaebot.syntax.nodes import arguments, scope_node, string_value
from gaebot.syntax.python import PythonFile
from gaebot.text import Edit, Span

JOINS = ("os.path.join", "posixpath.join")

_PLAIN = re.compile(r"[\w. /+-]*")


def anchored(file: PythonFile, node: Node, folder: str, *, replace: bool = False) -> tuple[Edit, ...]:
    """The edits that make a relative path start in a folder of the app, as seen from the file's own place.

    `node` is the expression that says the path. With `replace` nothing of it stays: it stood for the folder
    itself. Empty where `os.path` can't be had, or `__file__` means something else.
    """
    if not _PLAIN.fullmatch(folder) or file.lookup("__file__", node):
        return ()
    words = _words(file, node)
    if words is None:
        return ()
    join, dirname, added = words
    parts = [_folder(dirname, posixpath.dirname(file.source.path), folder)]
    below = _below_common(posixpath.dirname(file.source.path), folder)
    parts += [f"'{below}'"] if below else []
    if node.type == "call" and _is_join(file, node) and not replace:
        first = arguments(node)[0][0]
        edits = [file.source.edit(Span(first.start_byte, first.start_byte), f"{', '.join(parts)}, ".encode())]
        # A first part of '.' says nothing once something stands in front of it.
        rest = arguments(node)[0][1:]
        if string_value(first) in {".", "./", ""} and rest:
            span = Span(first.start_byte, rest[0].start_byte)
            edits = [file.source.edit(span, f"{', '.join(parts)}, ".encode())]
    else:
        old = file.source.data[node.start_byte : node.end_byte]
        new = ", ".join(parts).encode() if replace else b", ".join([*(part.encode() for part in parts), old])
        alone = replace and len(parts) == 1
        edits = [file.source.edit(file.span(node), new if alone else join.encode() + b"(" + new + b")")]
    return (*edits, *([added] if added is not None else []))


def _is_join(file: PythonFile, call: Node) -> bool:
    function = call.child_by_field_name("function")
    return function is not None and may_be(file, function, JOINS) and bool(arguments(call)[0])


def _folder(dirname: str, here: str, folder: str) -> str:
    """The expression for the innermost folder that holds both the module and the folder."""
    common = _common(here, folder)
    depth = len(_parts(here)) - len(common)
    expression = f"{dirname}(__file__)"
    for _ in range(depth):
        expression = f"{dirname}({expression})"
    return expression


def _below_common(here: str, folder: str) -> str:
    return "/".join(_parts(folder)[len(_common(here, folder)) :])


def _common(here: str, folder: str) -> list[str]:
    common = []
    for mine, other in zip(_parts(here), _parts(folder), strict=False):
        if mine != other:
            break
        common.append(mine)
    return common


def _parts(folder: str) -> list[str]:
    return [part for part in folder.split("/") if part]


def _words(file: PythonFile, at: Node) -> tuple[str, str, Edit | None] | None:
    """How the file says `os.path.join` and `os.path.dirname` at a node, and the import that takes, if any."""
    for origin, tail in (("os", ".path."), ("os.path", "."), ("posixpath", ".")):
        name = _name_at(file, origin, at)
        if name is not None:
            return f"{name}{tail}join", f"{name}{tail}dirname", None
    join, dirname = _name_at(file, "os.path.join", at), _name_at(file, "os.path.dirname", at)
    if join is not None and dirname is not None:
        return join, dirname, None
    added = add_import(file, b"import os") if is_free(file, "os") else None
    if added is None or added.start > at.start_byte:
        return None
    return "os.path.join", "os.path.dirname", added


def _name_at(file: PythonFile, origin: str, at: Node) -> str | None:
    """A name that means what `origin` says at a node, and nothing else."""
    for binding in file.imports():
        if binding.origin != origin or binding.text == "*" or not is_plain(file, binding):
            continue
        known = file.lookup(binding.text, at)
        ready = scope_node(at).type != "module" or binding.statement.start_byte < at.start_byte
        if ready and known and all(other.origin == origin for other in known):
            return binding.text
    return None
