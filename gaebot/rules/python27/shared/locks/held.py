"""What request code does while it holds a lock."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.locks.takings import Taking, key_of, may_take_locks, takings
from gaebot.rules.python27.shared.reach.calls import Mention, mentions
from gaebot.rules.python27.shared.reach.code import ClassCode, FunctionCode, app_code
from gaebot.rules.python27.shared.reach.requests import request_code
from gaebot.syntax.nodes import ancestors, arguments, text

_NO = frozenset({"False", "0"})


def request_takings(app: App) -> Iterator[Taking]:
    """The places where request code takes locks, by path and position of the function."""
    known = takings(app)
    for function in request_code(app).functions() if known else ():
        yield from known.get(key_of(function.file, function), ())


def asked_takings(app: App) -> Iterator[Taking]:
    """The same, for rules that find something in the files where locks are taken.

    Where none of those in which findings are wanted has what takes one, the others are not looked at.
    """
    may_take = app.asks_for_all or any(may_take_locks(app, file.file) for file in app_code(app).asked)
    return request_takings(app) if may_take else iter(())


def takings_of(app: App, function: FunctionCode) -> list[Taking]:
    """The places where a function takes locks."""
    return takings(app).get(key_of(function.file, function), [])


def waits(taking: Taking) -> bool:
    """Whether it waits until the lock is free: not for `acquire(False)`."""
    if taking.site is None or taking.site.is_with:
        return True
    positional, named = arguments(taking.site.node)
    chosen = named.get("blocking") or next(iter(positional), None)
    return chosen is None or text(chosen) not in _NO


def calls_in(app: App, function: FunctionCode) -> tuple[tuple[Mention, FunctionCode], ...]:
    """The calls of the app's functions in a function, as far as it is sure which one is called.

    They come in the order of the source. A class that is called runs its `__init__`. A call in a lambda runs
    at another time.
    """
    return app.remember((calls_in, id(function)), lambda: tuple(_calls_in(app, function)))


def calls_while_held(app: App, taking: Taking) -> Iterator[tuple[Mention, FunctionCode]]:
    """Those of the calls in a function that run while a place in it holds a lock."""
    if taking.function is None:
        return
    calls = calls_in(app, taking.function)
    first = bisect_left(calls, taking.start, key=lambda call: call[0].node.start_byte)
    for call in calls[first:]:
        if call[0].node.start_byte >= taking.end:
            break
        if taking.covers(call[0].node):
            yield call


def _calls_in(app: App, function: FunctionCode) -> Iterator[tuple[Mention, FunctionCode]]:
    code = app_code(app)
    here = mentions(app).in_function(function)
    for mention in sorted(here, key=lambda mention: mention.node.start_byte):
        if mention.call is None or len(mention.sure) != 1 or _is_in_lambda(mention.node):
            continue
        target = mention.sure[0]
        called = code.method(target, "__init__") if isinstance(target, ClassCode) else target
        if called is not None:
            yield mention, called


def _is_in_lambda(node: Node) -> bool:
    for outer in ancestors(node):
        if outer.type in {"lambda", "function_definition"}:
            return outer.type == "lambda"
    return False
