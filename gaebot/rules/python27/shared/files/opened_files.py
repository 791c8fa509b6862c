"""The files of the app that its code opens by a path that can be read off the code.

On python27 a relative path starts at the app's root; the other way to say one is from `__file__`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_files_with
from gaebot.syntax.nodes import arguments, string_value, text
from gaebot.syntax.python import PythonFile

_OPENERS = ("open", "file", "codecs.open", "io.open", "google.appengine.ext.webapp.template.render")
_WORDS = (b"open", b"file", b"render")
_JOINS = ("os.path.join", "posixpath.join")
_FOLDERS = ("os.path.dirname", "posixpath.dirname")
_SAME = ("os.path.abspath", "os.path.realpath", "os.path.normpath", "posixpath.abspath")
_WRITES = re.compile(r"[wa+]")
_STEPS = 12  # how many expressions a path is followed through


class OpenedFile(NamedTuple):
    """One call that opens a file: `node` is its path as written, `path` the one from the app's root."""

    file: RequestFile
    node: Node
    path: str


def opened_files(app: App) -> Iterator[OpenedFile]:
    """The calls that read a file which is there, in code that a request can reach, by path and position."""
    for file in request_files_with(app, *_WORDS):
        for call in file.file.calls(*_OPENERS):
            positional, named = arguments(call)
            mode = string_value(positional[1] if len(positional) > 1 else named.get("mode"))
            if not positional or not file.runs(call) or _WRITES.search(mode or ""):
                continue
            path = _path(file.file, positional[0], _STEPS)
            if path is not None and posixpath.normpath(path) in app.paths:
                yield OpenedFile(file, positional[0], posixpath.normpath(path))


def _path(file: PythonFile, node: Node, steps: int) -> str | None:
    """Where an expression leads from the app's root; None where that can't be told."""
    if not steps:
        return None
    if node.type == "string":
        value = string_value(node)
        return None if value is None or value.startswith(("/", "~")) or "://" in value else value
    if node.type == "identifier":
        known = file.lookup(text(node), node)
        if text(node) == "__file__" and not known:
            return file.source.path
        value_node = known[0].value if len(known) == 1 and known[0].kind == "assign" else None
        return _path(file, value_node, steps - 1) if value_node is not None else None
    if node.type == "parenthesized_expression" and len(node.named_children) == 1:
        return _path(file, node.named_children[0], steps - 1)
    if node.type == "binary_operator":
        return _sum(file, node, steps - 1)
    return _called(file, node, steps - 1) if node.type == "call" else None


def _sum(file: PythonFile, node: Node, steps: int) -> str | None:
    """`os.path.dirname(__file__) + '/data/menu.txt'`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    tail = string_value(right)
    if text(node.child_by_field_name("operator")) != "+" or left is None or tail is None:
        return None
    head = _path(file, left, steps)
    # The folder of a module in the root is empty here, and a whole path in truth.
    return None if head is None else head + tail if head else tail.lstrip("/")


def _called(file: PythonFile, node: Node, steps: int) -> str | None:
    function, (positional, named) = node.child_by_field_name("function"), arguments(node)
    if function is None or not positional or named:
        return None
    parts = [_path(file, part, steps) for part in positional]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if file.refers_to(function, *_JOINS):
        return posixpath.join(*known)
    if len(known) == 1 and file.refers_to(function, *_FOLDERS):
        return posixpath.dirname(known[0])
    return known[0] if len(known) == 1 and file.refers_to(function, *_SAME) else None
