"""Where in the app a piece of code stands: in code that runs for a request, or while modules are loaded."""

from __future__ import annotations

from collections import deque

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.reach.calls import mentions
from gaebot.rules.python27.shared.reach.code import FunctionCode, app_code
from gaebot.rules.python27.shared.reach.dead_code import never_runs
from gaebot.rules.python27.shared.reach.requests import request_code
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.syntax.nodes import ancestors

_TOOLS = ("google.appengine.tools.", "bulkloader.")


def is_called_on_import(app: App, function: FunctionCode) -> bool:
    """Whether import code surely calls a function, directly: then it has run before the first request.

    Under a test it is not sure.
    """
    return any(
        mention.function is None
        and mention.call is not None
        and not mention.is_decorator
        and not _is_asked(mention.node)
        for mention in mentions(app).of(function)
    )


def only_on_import(app: App, function: FunctionCode) -> bool:
    """Whether a function runs on import only, although functions lead there that requests call as well.

    That is so where each of those is called on import itself, and calls it only after a test: the first time
    it is reached is then while modules are loaded.
    """
    callers = [mention for mention in mentions(app).of(function) if mention.function is not None]
    return bool(callers) and all(
        mention.call is not None
        and mention.function is not None
        and mention.function is not function
        and is_called_on_import(app, mention.function)
        and _is_asked(mention.node)
        for mention in callers
    )


def _is_asked(node: Node) -> bool:
    for outer in ancestors(node):
        if outer.type in {"if_statement", "elif_clause", "except_clause"}:
            return True
        if outer.type == "function_definition":
            return False
    return False


def request_function(app: App, file: RequestFile, node: Node) -> FunctionCode | None:
    """The function around a node, where a request may run it; None for all other code.

    What only a class for a tool of the SDK leads to runs on a developer's machine.
    """
    function = app_code(app).around(file.file, node)
    if function is None or not request_code(app).runs(function) or not file.runs(node):
        return None
    if never_runs(app, file.file, node):
        return None
    owner = request_code(app).chain(function).root.owner
    bases = app_code(app).outside_bases(owner) if owner is not None else ()
    return None if any(base.startswith(_TOOLS) for base in bases) else function


def runs_on_import(app: App, file: RequestFile, node: Node) -> bool:
    """Whether a node's code runs when its module is loaded, and never for a request.

    Functions count that import code calls, directly or through others, and that no request gets to.
    """
    if not file.runs(node):
        return False
    function = app_code(app).around(file.file, node)
    if function is None:
        return True
    return function in _called_on_import(app) and not request_code(app).runs(function)


@once_per_app
def _called_on_import(app: App) -> frozenset[FunctionCode]:
    """The functions that import code surely calls, directly or through others."""
    known = mentions(app)
    found: set[FunctionCode] = set()
    waiting = deque(known.in_import_code)
    while waiting:
        mention = waiting.popleft()
        if mention.call is None:
            continue
        for target in mention.sure:
            if isinstance(target, FunctionCode) and target not in found:
                found.add(target)
                waiting.extend(known.in_function(target))
    return frozenset(found)
