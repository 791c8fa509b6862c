"""What code does besides: whether it waits for a service, stores an entity, or only computes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.races.accesses import Write
from gaebot.rules.python27.shared.reach.calls import mentions
from gaebot.rules.python27.shared.reach.code import Code, FunctionCode, app_code
from gaebot.syntax.nodes import text

_WAITING = frozenset({
    "get_or_insert", "get_multi", "get_async", "get_template", "fetch", "fetch_page", "gql", "GqlQuery",
    "query", "all", "run", "iter", "put", "put_multi", "save", "delete", "urlopen", "sleep", "open", "file",
    "read", "readlines", "listdir", "ZipFile", "allocate_ids", "transaction", "run_in_transaction", "send",
    "send_mail", "load", "load_template", "render", "connect", "request", "execute", "count", "find",
})  # fmt: skip
"""Methods and functions, by name, that go to a service of App Engine, to another host or to a file."""
_WAITING_START = "get_by_"

_GETTERS = frozenset({"db", "ndb", "memcache", "urlfetch", "datastore", "blobstore"})
STORING = frozenset({"put", "save", "store", "put_async"})
"""Methods, by name, that store an object."""
_DEPTH = 3  # how many calls of the app's own functions are looked into


def may_wait(app: App, function: FunctionCode, node: Node, within: tuple[int, int] | None = None) -> bool:
    """Whether the code below a node of a function, or the part between two byte offsets, may wait.

    For a service, a file or the network; also in the app's own functions that it calls.
    """
    return _waits(app, function, node, within, _DEPTH)


def _waits(app: App, function: FunctionCode, node: Node, within: tuple[int, int] | None, depth: int) -> bool:
    start, end = within or (node.start_byte, node.end_byte)
    for call in function.file.nodes("(call) @call", node):
        if start <= call.start_byte and call.end_byte <= end and _is_waiting(call):
            return True
    if not depth:
        return False
    for mention in mentions(app).in_function(function):
        if mention.call is None or not start <= mention.node.start_byte < end:
            continue
        if any(function_waits(app, target, depth - 1) for target in _run_by(app, mention.sure)):
            return True
    return _makes_own(app, function, node, (start, end), depth)


def _run_by(app: App, targets: Iterable[Code]) -> Iterator[FunctionCode]:
    """The functions that run when some functions and classes are called: of a class its `__init__`."""
    for target in targets:
        function = target if isinstance(target, FunctionCode) else app_code(app).method(target, "__init__")
        if function is not None:
            yield function


def _makes_own(app: App, function: FunctionCode, node: Node, within: tuple[int, int], depth: int) -> bool:
    """Whether a class method makes an object of its class, `cls()`, whose `__init__` waits."""
    if not function.is_class_method or function.owner is None:
        return False
    is_made = any(
        within[0] <= call.start_byte < within[1]
        and text(call.child_by_field_name("function")) == function.receiver
        for call in function.file.nodes("(call) @call", node)
    )
    return is_made and any(function_waits(app, each, depth - 1) for each in _run_by(app, [function.owner]))


def function_waits(app: App, function: FunctionCode, depth: int = _DEPTH) -> bool:
    """Whether a function of the app may wait for a service, a file or the network."""
    key = (function_waits, id(function), depth)
    return app.remember(key, lambda: _function_waits(app, function, depth))


def _function_waits(app: App, function: FunctionCode, depth: int) -> bool:
    app.remember((function_waits, id(function), depth), lambda: False)  # a call of itself adds nothing
    return _waits(app, function, function.node, None, depth)


def _is_waiting(call: Node) -> bool:
    function = call.child_by_field_name("function")
    if function is None:
        return False
    name = text(function)
    last = name.rpartition(".")[2]
    if function.type == "attribute":
        head = name.partition(".")[0]
        return (
            last in _WAITING
            or last.startswith(_WAITING_START)
            or (head in _GETTERS and last.startswith(("get", "set", "incr")))
        )
    return last in {"open", "file", "urlopen", "sleep", "ZipFile"}


def stores(write: Write) -> bool:
    """Whether the function of a write stores the object that it changes: `blog.title = …; blog.put()`."""
    owner = write.target.child_by_field_name("object")
    if owner is None:
        return False
    for name in write.file.identifiers(*STORING, within=write.function.node):
        member = name.parent
        if member is not None and member.type == "attribute":
            other = member.child_by_field_name("object")
            if other is not None and text(other) == text(owner):
                return True
    return False
