"""Whether an expression depends on the current request: its user, its parameters, its session."""

from __future__ import annotations

import re

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.races.instances import shared_instances
from gaebot.rules.python27.shared.reach.calls import mentions
from gaebot.rules.python27.shared.reach.code import AppCode, ClassCode, FunctionCode, app_code
from gaebot.rules.python27.shared.reach.requests import MIDDLEWARE, request_code
from gaebot.rules.python27.shared.scripts.request_data import visitor_reads
from gaebot.rules.python27.shared.webapp.handler_classes import handler_classes
from gaebot.rules.python27.shared.webapp.names import HTTP_METHODS
from gaebot.syntax.imports import is_name
from gaebot.syntax.nodes import arguments, scope_node, text
from gaebot.syntax.python import PythonFile

_REQUESTS = frozenset(
    {
        "flask.request", "flask.session", "flask.g", "bottle.request", "web.ctx", "web.input", "web.cookies",
        "webapp2.get_request", "webapp2.get_app", "gaesessions.get_current_session", "cherrypy.request",
        "cherrypy.session",
    }
)  # fmt: skip
"""Names of frameworks that stand for the current request or its session."""

_REQUEST_PARAMETERS = frozenset({"request", "req", "environ", "env", "handler", "rh", "session"})
_ASKING = re.compile(r"(?:get_)?(?:current_|secure_)?(?:argument|param|cookie|user|session)")
"""Methods by which handlers, of tornado and of an app's own base class, ask the request for something."""

_OF_HANDLER = frozenset(
    {"request", "response", "session", "user", "current_user", "login_user", "cookies", "args", "kw", "env"}
)
"""Attributes of a handler that a request fills, by the names that people give them."""

_THE_HANDLER = ", the handler"
_OF_VISITOR = frozenset({"cookies", "session", "user"})
"""Attributes of requests that tell one visitor from another."""

_STEPS = 8  # how many calls and names a value is followed through
_SKIPPED = frozenset({"lambda", "function_definition", "class_definition", "comment", "string"})


class RequestValues:
    """Follows values back to what a request brings."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._code: AppCode = app_code(app)
        self._handlers = self._handler_classes()

    def source(self, function: FunctionCode, node: Node) -> str | None:
        """What of the request a value comes from, as a phrase ('`self.request`'); None for other values."""
        return self._source(function, node, _STEPS)

    def _source(self, function: FunctionCode, node: Node, steps: int) -> str | None:
        if steps <= 0:
            return None
        file = function.file
        reads = visitor_reads(file, node)
        if reads:
            return f"`{_short(reads[0])}`"
        for name in _names_in(node):
            found = self._name(file, name, function, steps)
            if found is not None:
                return found
        return None

    def _name(self, file: PythonFile, name: Node, function: FunctionCode, steps: int) -> str | None:
        if self._is_handler(function) and text(name) == _receiver(function):
            return self._of_handler(name)
        if not file.origins(name).isdisjoint(_REQUESTS) or self._is_framework_member(file, name):
            return f"`{_short(name)}`"
        known = file.lookup(text(name), name)
        if not known or scope_node(known[0].name).type not in {"function_definition", "lambda"}:
            return None
        if known[0].kind == "parameter":
            found = self._parameter(name, function, steps)
            if found is None:
                return None
            part = self._of_handler(name) if found.endswith(_THE_HANDLER) else _of_visitor(name)
            return found if part is None or part.endswith(_THE_HANDLER) else part
        for binding in known:
            value = binding.value
            if value is None and binding.kind in {"assign", "other"}:
                value = _source_of_target(binding.statement)
            if value is not None and not _holds(value, name):
                found = self._source(function, value, steps - 1)
                if found is not None:
                    return found
        return None

    @staticmethod
    def _is_framework_member(file: PythonFile, name: Node) -> bool:
        parent = name.parent
        if parent is None or parent.type != "attribute" or parent.children[0] != name:
            return False
        return not file.origins(parent).isdisjoint(_REQUESTS)

    def _of_handler(self, name: Node) -> str | None:
        """What `self` stands for in a handler: itself, its request, or something that it keeps of it."""
        parent = name.parent
        if parent is None or parent.type != "attribute" or parent.child_by_field_name("object") != name:
            return f"`{text(name)}`{_THE_HANDLER}"
        member = text(parent.child_by_field_name("attribute"))
        part = parent.parent
        if member == "request" and part is not None and part.type == "attribute":
            return _of_visitor(parent) or f"`{text(parent)}`"
        return f"`{text(parent)}`" if member in _OF_HANDLER or _ASKING.match(member) else None

    def _parameter(self, name: Node, function: FunctionCode, steps: int) -> str | None:
        """A parameter: of an entry, what the request brings; of another function what callers hand to it."""
        holder: FunctionCode | None = function
        while holder is not None and text(name) not in holder.parameters:
            holder = holder.outer
        if holder is None or text(name) == holder.receiver:
            return None
        if self._is_entry(holder):
            return f"the argument `{text(name)}` of `{holder.title}`"
        key = (self._parameter, id(holder), text(name), steps)
        if steps <= 1:
            return None
        return self._app.remember(key, lambda: self._from_callers(holder, text(name), steps))

    def _from_callers(self, function: FunctionCode, name: str, steps: int) -> str | None:
        position = function.parameters.index(name) - bool(function.receiver)
        for mention in mentions(self._app).of(function):
            call, caller = mention.call, mention.function
            if call is None or caller is None or not request_code(self._app).runs(caller):
                continue
            for given in _given(call, function, name, position):
                found = self._source(caller, given, steps - 1)
                if found is not None:
                    return found
        return None

    # -- entries -----------------------------------------------------------------------------

    def _handler_classes(self) -> frozenset[int]:
        found = set()
        for handler in handler_classes(self._app):
            cls = self._code.at(handler.file, handler.node)
            if isinstance(cls, ClassCode):
                found.add(id(cls))
        return frozenset(found)

    def _is_handler(self, function: FunctionCode) -> bool:
        """Whether `self` of a method, or of the method around a function, is a handler of one request."""
        holder: FunctionCode | None = function
        while holder is not None:
            if holder.owner is not None:
                is_web = any(name in holder.owner.methods for name in ("GET", "POST"))
                is_shared = shared_instances(self._app).of(holder) is not None
                return (id(holder.owner) in self._handlers or is_web) and not is_shared
            holder = holder.outer
        return False

    def _is_entry(self, function: FunctionCode) -> bool:
        """Whether a framework calls a function with values of the request."""
        first = function.parameters[1:2] if function.receiver else function.parameters[:1]
        if function.owner is not None and id(function.owner) in self._handlers:
            return function.name in HTTP_METHODS
        if MIDDLEWARE.match(function.name) or function.name in {"GET", "POST"}:
            return bool(first)
        return bool(first) and first[0] in _REQUEST_PARAMETERS


def _of_visitor(name: Node) -> str | None:
    """What a request's name is asked for, if that tells the visitor: '`request.user`'."""
    member = name.parent
    if member is None or member.type != "attribute" or member.child_by_field_name("object") != name:
        return None
    is_visitor = text(member.child_by_field_name("attribute")).lower() in _OF_VISITOR
    return f"`{text(member)}`" if is_visitor else None


def _given(call: Node, function: FunctionCode, name: str, position: int) -> list[Node]:
    """What a call gives for a parameter: one argument, or for `*args` and `**kw` all that are left over."""
    positional, named = arguments(call)
    star = function.stars.get(name, "")
    if star == "*":
        return positional[max(position, 0) :]
    if star == "**":
        return [value for key, value in named.items() if key not in function.parameters]
    one = named.get(name) or (positional[position] if 0 <= position < len(positional) else None)
    return [one] if one is not None else []


@once_per_app
def request_values(app: App) -> RequestValues:
    """The one follower of an app."""
    return RequestValues(app)


def _names_in(node: Node) -> list[Node]:
    """The names that an expression uses, without those of functions inside and of keywords."""
    found = []
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if current.type == "identifier":
            if is_name(current):
                found.append(current)
        elif current.type not in _SKIPPED:
            waiting += reversed(current.named_children)
    return found


def _receiver(function: FunctionCode) -> str:
    holder: FunctionCode | None = function
    while holder is not None:
        if holder.receiver:
            return holder.receiver
        holder = holder.outer
    return ""


def _source_of_target(target: Node) -> Node | None:
    """What a loop, or an assignment to several names, takes its values from."""
    outer: Node | None = target
    while outer is not None and outer.type not in {"for_statement", "for_in_clause", "assignment"}:
        outer = outer.parent if outer.type in {"pattern_list", "tuple_pattern", "identifier"} else None
    return outer.child_by_field_name("right") if outer is not None else None


def _holds(outer: Node, inner: Node) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte


def _short(node: Node) -> str:
    code = " ".join(text(node).split())
    return code if len(code) <= 40 else code[:39] + "…"
