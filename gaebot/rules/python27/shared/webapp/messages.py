"""Where handlers use their request and their response: `self.request` and `self.response`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Literal, NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.scripts.definitions import definitions
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_file
from gaebot.rules.python27.shared.webapp.handler_classes import (
    HandlerClass,
    handler_classes,
    handler_classes_in,
)
from gaebot.rules.python27.shared.webapp.names import both
from gaebot.syntax.nodes import ancestors, scope_node, text
from gaebot.syntax.python import PythonFile

_REQUESTS = ("webob.Request", "webob.request.Request", *both("Request"))
_HANDLER_NAMES = frozenset({"self", "handler", "request_handler"})
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


def request_uses(app: App, files: Iterable[RequestFile]) -> Iterator[MessageUse]:
    """The requests that handlers use in some of the request files, by path and position.

    Only code that a request can reach counts. Those that code makes itself, by calling `webob.Request`, come
    behind the others of their file.
    """
    for file in files:
        yield from app.remember((request_uses, file.path), partial(_request_uses, app, file))


def _request_uses(app: App, file: RequestFile) -> tuple[MessageUse, ...]:
    return (*_uses(app, file, "request"), *_made_requests(file))


def response_uses(app: App, files: Iterable[RequestFile]) -> Iterator[MessageUse]:
    """The responses that handlers use in some of the request files, by path and position."""
    for file in files:
        yield from app.remember((response_uses, file.path), partial(_response_uses, app, file))


def _response_uses(app: App, file: RequestFile) -> tuple[MessageUse, ...]:
    return tuple(_uses(app, file, "response"))


class Receiver(NamedTuple):
    """A function whose first parameter, `name`, is a handler."""

    file: RequestFile
    handler: HandlerClass | None
    function: Node
    name: str


def receivers(app: App, files: Iterable[RequestFile]) -> Iterator[Receiver]:
    """The methods of handlers in some of the request files, by path and position.

    With the wrappers that decorators put around methods.
    """
    for file in files:
        yield from app.remember((receivers, file.path), partial(_receivers, app, file))


def _receivers(app: App, file: RequestFile) -> tuple[Receiver, ...]:
    found = [
        Receiver(file, handler, method, name)
        for handler in handler_classes_in(app, [file])
        for method in handler.methods.values()
        if (name := _first_parameter(method)) and not _decorators(method) & _STATIC
    ]
    if _may_hold_wrappers(file.file):
        found += [wrapper for wrapper in _wrappers(app) if wrapper.file is file]
    return tuple(sorted(found, key=lambda each: each.function.start_byte))


def _uses(app: App, request_file: RequestFile, what: Literal["request", "response"]) -> Iterator[MessageUse]:
    word = what.encode()
    file = request_file.file
    for receiver in receivers(app, [request_file]):
        text_of_function = receiver.function.text or b""
        if word not in text_of_function or not request_file.runs(receiver.function):
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
            yield MessageUse(request_file, receiver.handler, receiver.function, node)
            for local in _local_names(file, node, receiver.function):
                yield MessageUse(request_file, receiver.handler, receiver.function, local)


def _made_requests(file: RequestFile) -> Iterator[MessageUse]:
    """The uses of local names that are bound to a request of WebOb's, or of webapp's, as a whole."""
    python = file.file
    if b"Request(" not in python.source.data:
        return
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


@once_per_app
def _wrappers(app: App) -> tuple[Receiver, ...]:
    """The inner functions of the app's decorators that handlers' methods are decorated with."""
    return tuple(_find_wrappers(app))


def _find_wrappers(app: App) -> Iterator[Receiver]:
    seen: set[tuple[str, int]] = set()
    for handler in handler_classes(app):
        for method in handler.methods.values():
            for decorator in _decorator_nodes(method):
                for found in definitions(app, handler.file, decorator):
                    function, file = found.node, found.file
                    if function is None or file is None or function.type != "function_definition":
                        continue
                    key, holder = (file.source.path, function.start_byte), request_file(app, file.source.path)
                    if key not in seen and holder is not None:
                        seen.add(key)
                        yield from _inner_receivers(holder, function)


def _may_hold_wrappers(file: PythonFile) -> bool:
    """Whether a function in a function takes what may be a handler."""
    return any(
        _first_parameter(node) in _HANDLER_NAMES
        and any(outer.type == "function_definition" for outer in ancestors(node))
        for node in file.keyword_nodes("def")
    )


def _inner_receivers(file: RequestFile, function: Node) -> Iterator[Receiver]:
    body = function.child_by_field_name("body")
    for node in file.file.nodes("(function_definition) @f", body) if body is not None else ():
        name = _first_parameter(node)
        if name in _HANDLER_NAMES:
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
