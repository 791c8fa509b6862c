"""Where in the app a piece of code stands: in code that runs for a request, or while modules are loaded."""

from __future__ import annotations

from collections import deque

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.rules.python27.shared.threads.calls import mentions
from gaebot.rules.python27.shared.threads.code import FunctionCode, app_code
from gaebot.rules.python27.shared.threads.requests import request_code

_TOOLS = ("google.appengine.tools.", "bulkloader.")


def request_function(app: App, file: RequestFile, node: Node) -> FunctionCode | None:
    """The function around a node, where a request may run it; None for all other code.

    What only a class for a tool of the SDK leads to runs on a developer's machine.
    """
    function = app_code(app).around(file.file, node)
    if function is None or not request_code(app).runs(function) or not file.runs(node):
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
                waiting.extend(known.in_function.get(id(target), ()))
    return frozenset(found)
