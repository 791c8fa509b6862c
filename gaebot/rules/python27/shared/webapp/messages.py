"""Where handlers use their request and their response: `self.request` and `self.response`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.scripts.definitions import definitions
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_files
from gaebot.rules.python27.shared.webapp.handler_classes import HandlerClass, handler_classes
from gaebot.rules.python27.shared.webapp.names import both
from gaebot.syntax.python import PythonFile, scope_node, text

_REQUESTS = ("webob.Request", "webob.request.Request", *both("Request"))
_STATIC = frozenset({"staticmethod", "classmethod"})


class MessageUse(NamedTuple):
    """One expression that is a handler's request or response.

    `node` is `self.request`, or a local name that stands for it after `request = self.request`.
    `function` is the method it stands in, the wrapper that a decorator puts around methods, or the
    function that has made the request itself; `handler` is the class of the method, None in the others.
    """

    file: RequestFile
    handler: HandlerClass | None
    function: Node
    node: Node

    @property
    def python(self) -> PythonFile:
        """The file that it stands in."""
        return self.file.file

    @property
    def member(self) -> Node | None:
        """The attribute that is taken of it: the node of `self.request.get`; None when there is none."""
        parent = self.node.parent
        if parent is None or parent.type != "attribute" or parent.child_by_field_name("object") != self.node:
            return None
        return parent

    @property
    def member_name(self) -> str:
        """The name of that attribute: 'get', or nothing."""
        return text(self.member.child_by_field_name("attribute")) if self.member is not None else ""


def request_uses(app: App) -> tuple[MessageUse, ...]:
    """The requests that handlers use, by path and position. Only code that a request can reach counts.

    Those that code makes itself, `request = webob.Request(environ)`, come behind them.
    """
    return app.remember(request_uses, lambda: (*_uses(app, "request"), *_made_requests(app)))


def response_uses(app: App) -> tuple[MessageUse, ...]:
    """The responses that handlers use, by path and position."""
    return app.remember(response_uses, lambda: tuple(_uses(app, "response")))


def asked_requests(app: App) -> Iterator[MessageUse]:
    """Those of the uses of requests that stand in files in which findings are wanted."""
    return (use for use in request_uses(app) if app.is_asked_for(use.file.path))


def asked_responses(app: App) -> Iterator[MessageUse]:
    """Those of the uses of responses that stand in files in which findings are wanted."""
    return (use for use in response_uses(app) if app.is_asked_for(use.file.path))


class Receiver(NamedTuple):
    """A function whose first parameter, `name`, is a handler."""

    file: RequestFile
    handler: HandlerClass | None
    function: Node
    name: str


@once_per_app
def receivers(app: App) -> tuple[Receiver, ...]:
    """The methods of handlers, and the wrappers that decorators put around them, by path and position."""
    found = [
        Receiver(handler.request_file, handler, method, name)
        for handler in handler_classes(app)
        for method in handler.methods.values()
        if (name := _first_parameter(method)) and not _decorators(method) & _STATIC
    ]
    found += _wrappers(app)
    return tuple(sorted(found, key=lambda each: (each.file.path, each.function.start_byte)))


def _uses(app: App, what: Literal["request", "response"]) -> Iterator[MessageUse]:
    word = what.encode()
    for receiver in receivers(app):
        file = receiver.file.file
        text_of_function = receiver.function.text or b""
        if word not in text_of_function or not receiver.file.runs(receiver.function):
            continue
        for name in file.identifiers(what, within=receiver.function):
            node = name.parent
            if node is None or node.type != "attribute" or node.child_by_field_name("attribute") != name:
                continue
            owner = node.child_by_field_name("object")
            if owner is None or owner.type != "identifier" or text(owner) != receiver.name:
                continue
            if not _is_parameter(file, owner, receiver.function):
                continue
            yield MessageUse(receiver.file, receiver.handler, receiver.function, node)
            for local in _local_names(file, node, receiver.function):
                yield MessageUse(receiver.file, receiver.handler, receiver.function, local)


def _made_requests(app: App) -> Iterator[MessageUse]:
    """The uses of local names that are bound to a request of WebOb's, or of webapp's, as a whole."""
    for file in request_files(app):
        python = file.file
        if b"Request(" not in python.source.data:
            continue
        for call in python.calls(*_REQUESTS):
            function = scope_node(call)
            if function.type == "function_definition" and file.runs(call):
                for local in _local_names(python, call, function):
                    yield MessageUse(file, None, function, local)


def _is_parameter(file: PythonFile, node: Node, function: Node) -> bool:
    """Whether a name is the function's own first parameter, which nothing else is assigned to."""
    known = file.lookup(text(node), node)
    return len(known) == 1 and known[0].kind == "parameter" and known[0].statement == function


def _local_names(file: PythonFile, node: Node, function: Node) -> Iterator[Node]:
    """The uses of the local name that a message is bound to as a whole, and nothing else is."""
    statement = node.parent
    if statement is None or statement.type != "assignment" or statement.child_by_field_name("right") != node:
        return
    target = statement.child_by_field_name("left")
    if target is None or target.type != "identifier" or len(file.lookup(text(target), target)) != 1:
        return
    for use in file.identifiers(text(target), within=function):
        outer = use.parent
        is_member = outer is not None and outer.type == "attribute" and outer.children[0] != use
        is_keyword = outer is not None and outer.type == "keyword_argument" and outer.children[0] == use
        if use.id == target.id or is_member or is_keyword:
            continue
        known = file.lookup(text(use), use)
        if len(known) == 1 and known[0].name.id == target.id:
            yield use


def _wrappers(app: App) -> Iterator[Receiver]:
    """The inner functions of the app's decorators that handlers' methods are decorated with."""
    files = {file.path: file for file in request_files(app)}
    seen: set[tuple[str, int]] = set()
    for handler in handler_classes(app):
        for method in handler.methods.values():
            for decorator in _decorator_nodes(method):
                for found in definitions(app, handler.file, decorator):
                    function, file = found.node, found.file
                    if function is None or file is None or function.type != "function_definition":
                        continue
                    key = (file.source.path, function.start_byte)
                    if key in seen or file.source.path not in files:
                        continue
                    seen.add(key)
                    yield from _inner_receivers(files[file.source.path], function)


def _inner_receivers(file: RequestFile, function: Node) -> Iterator[Receiver]:
    body = function.child_by_field_name("body")
    for node in file.file.nodes("(function_definition) @f", body) if body is not None else ():
        name = _first_parameter(node)
        if name in {"self", "handler", "request_handler"}:
            yield Receiver(file, None, node, name)


def _first_parameter(function: Node) -> str:
    holder = function.child_by_field_name("parameters")
    first = next((node for node in holder.named_children if node.type != "comment"), None) if holder else None
    return text(first) if first is not None and first.type == "identifier" else ""


def _decorator_nodes(function: Node) -> list[Node]:
    """The names of a function's decorators, without the calls that some are."""
    outer = function.parent
    if outer is None or outer.type != "decorated_definition":
        return []
    nodes = []
    for decorator in outer.children:
        inner = decorator.named_children[0] if decorator.type == "decorator" else None
        if inner is not None and inner.type == "call":
            inner = inner.child_by_field_name("function")
        if inner is not None and inner.type in {"identifier", "attribute"}:
            nodes.append(inner)
    return nodes


def _decorators(function: Node) -> set[str]:
    return {text(node) for node in _decorator_nodes(function)}
