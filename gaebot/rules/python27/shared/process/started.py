"""Threads that start while modules are loaded."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.reach.code import app_code
from gaebot.rules.python27.shared.reach.placing import runs_on_import
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.syntax.imports import is_name
from gaebot.syntax.nodes import ancestors, scope_node, text

_AT_ONCE = ("thread.start_new_thread", "thread.start_new")
_THREADS = ("threading.Thread", "threading.Timer")

STARTING = frozenset({"start", *(name.rpartition(".")[2] for name in _AT_ONCE)})
"""The words of which a file says one where it starts a thread, whatever module makes the thread's class."""


def started_on_import(app: App, file: RequestFile) -> Iterator[Node]:
    """The calls that make or start a thread in code that only runs while modules are loaded.

    Of a thread that is made there, the call is given where its `start()` is called there too.
    """
    data = file.file.source.data
    if b"thread" not in data and b".start(" not in data:
        return
    for call in file.file.calls(*_AT_ONCE, *_THREADS):
        function = call.child_by_field_name("function")
        if function is None or not runs_on_import(app, file, call):
            continue
        if file.file.refers_to(function, *_AT_ONCE) or _is_started(app, file, call):
            yield call
    yield from _own_threads(app, file)


def _own_threads(app: App, file: RequestFile) -> Iterator[Node]:
    """The instances of the app's own classes below `threading.Thread`."""
    code = app_code(app)
    classes = [cls for cls in code.classes if set(_THREADS) & set(code.outside_bases(cls))]
    for name in file.file.identifiers(*{cls.name for cls in classes}):
        node = name if is_name(name) else name.parent
        call = node.parent if node is not None else None
        if (
            node is None
            or call is None
            or call.type != "call"
            or call.child_by_field_name("function") != node
        ):
            continue
        is_thread = any(cls in classes for cls in code.meanings(file.file, node))
        if is_thread and runs_on_import(app, file, call) and _is_started(app, file, call):
            yield call


def _is_started(app: App, file: RequestFile, call: Node) -> bool:
    """Whether `start()` is called of a new thread, or of the name that it gets, in import code."""
    holder = call.parent
    if holder is None:
        return False
    if holder.type == "attribute":
        return text(holder.child_by_field_name("attribute")) == "start"
    left = holder.child_by_field_name("left") if holder.type == "assignment" else None
    if left is None:
        return False
    scope = scope_node(call)
    for name in file.file.identifiers("start"):
        chain = name.parent
        owner = chain.child_by_field_name("object") if chain is not None else None
        if owner is None or text(owner) != text(left) or not runs_on_import(app, file, name):
            continue
        if scope.type == "module" or any(outer.id == scope.id for outer in ancestors(name)):
            return True
    return False
