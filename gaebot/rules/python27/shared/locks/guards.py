"""Which code runs under a lock: `with lock:`, `acquire()`, a decorator, or callers that all hold one.

A lock guards something from other requests only where they share it: one that is made for each call, or
for each instance of a request handler, does not.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.finding import Place
from gaebot.rules.python27.shared.locks.locks import Home, Lock, locks
from gaebot.rules.python27.shared.locks.takings import key_of, takings
from gaebot.rules.python27.shared.reach.calls import Mention, mentions
from gaebot.rules.python27.shared.reach.code import ClassCode, FunctionCode, app_code
from gaebot.rules.python27.shared.reach.requests import request_code
from gaebot.rules.python27.shared.webapp.handler_classes import handler_of
from gaebot.syntax.nodes import text
from gaebot.syntax.python import PythonFile

__all__ = ["Guard", "Home", "Lock", "guard_at", "guards_at", "held_by_callers", "is_shared", "locks"]

_PER_REQUEST = ("RequestHandler", "MethodView", "View")
"""How the names of classes from outside end whose instances are made for one request."""


class Guard(NamedTuple):
    """A lock that is held, and the place that takes it: an item of `with`, the call of `acquire`, a
    decorator, or the call of a function whose callers hold the lock."""

    lock: Lock
    file: PythonFile
    node: Node

    @property
    def place(self) -> Place:
        """Where the lock is taken."""
        return self.file.place(self.node)


def guard_at(app: App, file: PythonFile, node: Node) -> Guard | None:
    """The innermost lock between requests under which a node runs, or None."""
    return next(iter(guards_at(app, file, node)), None)


def guards_at(app: App, file: PythonFile, node: Node) -> tuple[Guard, ...]:
    """The locks between requests under which a node runs in its function, innermost first."""
    function = app_code(app).around(file, node)
    found = [taking for taking in takings(app).get(key_of(file, function), ()) if taking.covers(node)]
    return tuple(
        Guard(lock, taking.file, taking.node)
        for taking in sorted(found, key=lambda taking: -taking.start)
        for lock in taking.locks
        if is_shared(app, lock, function)
    )


def is_shared(app: App, lock: Lock, function: FunctionCode | None) -> bool:
    """Whether all threads that run a function share the lock that it uses."""
    if lock.home is Home.NOWHERE:
        return False
    if lock.home is Home.INSTANCE:
        return not (isinstance(lock.owner, ClassCode) and is_made_per_request(app, lock.owner))
    if lock.home is Home.LOCAL and isinstance(lock.owner, FunctionCode):
        return function is not lock.owner and _runs_on_import(app, lock.owner)
    return True


def is_made_per_request(app: App, cls: ClassCode) -> bool:
    """Whether a framework makes a new instance of a class for each request."""
    return handler_of(app, cls.file, cls.node) is not None or any(
        base.endswith(_PER_REQUEST) for base in app_code(app).outside_bases(cls)
    )


def _runs_on_import(app: App, function: FunctionCode) -> bool:
    """Whether import code calls a function, or the one in which it is made: a decorator, for one.

    A function that no request runs counts too.
    """
    outer: FunctionCode | None = function
    while outer is not None:
        if any(mention.function is None for mention in mentions(app).of(outer)):
            return True
        outer = outer.outer
    return not request_code(app).runs(function)


def held_by_callers(app: App, function: FunctionCode) -> Guard | None:
    """The lock under which each known place calls a function, or None.

    There is none where the function is handed on, called from outside the app, or called without a lock;
    import code and the function itself may call it as they like. Where two callers hold different locks,
    neither guards it.
    """
    if function.name.startswith("__") or not request_code(app).runs(function):
        return None
    if len(request_code(app).chain(function).functions) == 1:
        return None
    return app.remember((held_by_callers, id(function)), lambda: _held(app, function))


def _held(app: App, function: FunctionCode) -> Guard | None:
    possible = _by_method(app).get(function.name, ()) if function.owner is not None else ()
    first: Guard | None = None
    common: set[int] | None = None
    for mention in (*mentions(app).of(function), *possible):
        if mention.function is None and mention.call is not None:
            continue
        if mention.function is function:
            continue
        guards = guards_at(app, mention.file, mention.node) if _is_call(mention, function) else ()
        if not guards:
            return None
        first = first or Guard(guards[0].lock, mention.file, mention.node)
        if all(guard.lock.is_known for guard in guards):
            held = {id(guard.lock) for guard in guards}
            common = held if common is None else common & held
    return first if common is None or common else None


@once_per_app
def _by_method(app: App) -> dict[str, list[Mention]]:
    """The places that may call any method of a name, by that name."""
    found = defaultdict(list)
    for mention in mentions(app).all:
        if mention.method:
            found[mention.method].append(mention)
    return dict(found)


def _is_call(mention: Mention, function: FunctionCode) -> bool:
    """Whether a mention runs the function there and then."""
    is_looked_up = any(text(node) == "property" for node in function.decorators)
    return mention.call is not None or (is_looked_up and not mention.is_handed_on)
