"""What kind of value an expression gives: bytes, unicode, a number or None, as far as the code tells.

Python 2 mixes bytes and unicode without a word; the runtime of python27 does not when it comes to headers.
Nothing is guessed: what is not known has no kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import reduce

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.webapp.messages import request_uses
from gaebot.rules.python27.shared.webapp.model_texts import is_model_text
from gaebot.rules.python27.shared.webapp.templates import TEMPLATE
from gaebot.syntax.python import PythonFile, arguments, scope_node, text


class Kind(Enum):
    """A kind of value."""

    BYTES = "bytes"
    UNICODE = "unicode"
    NUMBER = "number"
    NONE = "None"


Kinds = frozenset[Kind]

UNKNOWN: Kinds = frozenset()
_BYTES, _UNICODE = frozenset({Kind.BYTES}), frozenset({Kind.UNICODE})
_EITHER = _BYTES | _UNICODE
_NUMBER, _NONE = frozenset({Kind.NUMBER}), frozenset({Kind.NONE})

_DEPTH = 8  # how many names and operators are followed
_LITERALS = {
    "integer": _NUMBER,
    "float": _NUMBER,
    "true": _NUMBER,
    "false": _NUMBER,
    "none": _NONE,
}
_BUILTINS = {
    "unicode": _UNICODE,
    "unichr": _UNICODE,
    "str": _BYTES,
    "repr": _BYTES,
    "chr": _BYTES,
    "hex": _BYTES,
    "int": _NUMBER,
    "long": _NUMBER,
    "float": _NUMBER,
    "len": _NUMBER,
}
_FUNCTIONS = {
    "urllib.urlencode": _BYTES,
    "base64.b64encode": _BYTES,
    "time.strftime": _BYTES,
    "google.appengine.api.users.create_login_url": _BYTES,
    "google.appengine.api.users.create_logout_url": _BYTES,
    f"{TEMPLATE}.render": _UNICODE,
}
_METHODS = {"encode": _BYTES, "decode": _UNICODE, "hexdigest": _BYTES, "isoformat": _BYTES}
# Methods that give what they are called on, when their arguments are of that kind too.
_SAME = frozenset(
    {"strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize", "replace", "join", "format"}
)
# What a request has, in WebOb 1.1.1: read off the SDK's lib/webob-1.1.1/webob/request.py.
_REQUEST = {
    **dict.fromkeys(
        ("path", "url", "uri", "host", "host_url", "path_url", "path_qs", "application_url"), _BYTES
    ),
    **dict.fromkeys(("query_string", "remote_addr", "method", "body", "scheme"), _BYTES),
}
_VARIABLES = frozenset({"GET", "POST", "params"})


def kinds_of(app: App, file: PythonFile, node: Node) -> Kinds:
    """The kinds that an expression may be of; empty when nothing can be told."""
    return _Reader(app, file).kinds(node, _DEPTH)


def requests_in(app: App, file: PythonFile) -> frozenset[int]:
    """The ids of the nodes of a file that are a handler's request."""
    key = (requests_in, file.source.path)
    return app.remember(
        key, lambda: frozenset(use.node.id for use in request_uses(app) if use.python is file)
    )


class _Reader:
    def __init__(self, app: App, file: PythonFile) -> None:
        self.app = app
        self.file = file

    def kinds(self, node: Node, depth: int) -> Kinds:
        while node.type == "parenthesized_expression" and node.named_children:
            node = node.named_children[0]
        if node.type in _LITERALS:
            return _LITERALS[node.type]
        readers = {
            "string": self._string,
            "concatenated_string": self._strings,
            "binary_operator": self._operator,
            "call": self._call,
            "attribute": self._attribute,
            "subscript": self._subscript,
            "conditional_expression": self._choice,
            "boolean_operator": self._either,
            "identifier": self._name,
        }
        reader = readers.get(node.type)
        return reader(node, depth - 1) if reader is not None and depth else UNKNOWN

    def _string(self, node: Node, _depth: int) -> Kinds:
        prefix = text(node)[:2].partition("'")[0].partition('"')[0].lower()
        if "b" in prefix:
            return _BYTES
        return _UNICODE if "u" in prefix or _has_unicode_literals(self.file) else _BYTES

    def _strings(self, node: Node, depth: int) -> Kinds:
        found = [self.kinds(child, depth) for child in node.named_children]
        return _UNICODE if _UNICODE in found else _BYTES if found else UNKNOWN

    def _operator(self, node: Node, depth: int) -> Kinds:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = text(node.child_by_field_name("operator"))
        if left is None or right is None:
            return UNKNOWN
        first = self.kinds(left, depth)
        if operator == "%" and first in (_BYTES, _UNICODE, _EITHER):
            values = right.named_children if right.type == "tuple" else [right]
            return _mixed([first, *(_shown(self.kinds(value, depth)) for value in values)])
        if operator == "+":
            return _mixed([first, self.kinds(right, depth)])
        return UNKNOWN

    def _call(self, node: Node, depth: int) -> Kinds:
        function = node.child_by_field_name("function")
        if function is None:
            return UNKNOWN
        if function.type == "identifier":
            name = text(function)
            if name in _BUILTINS and not self.file.lookup(name, function):
                return _BUILTINS[name]
        for origin in self.file.origins(function):
            if origin in _FUNCTIONS:
                return _FUNCTIONS[origin]
        owner = function.child_by_field_name("object")
        if owner is None:
            return UNKNOWN
        return self._method(owner, text(function.child_by_field_name("attribute")), node, depth)

    def _method(self, owner: Node, name: str, call: Node, depth: int) -> Kinds:
        if name == "get" and owner.id in requests_in(self.app, self.file):
            # Without the argument in the request it gives the default, which is '' when not said.
            positional, named = arguments(call)
            defaults = [
                *positional[1:2],
                *(named[key] for key in ("default_value", "default") if key in named),
            ]
            found = [self.kinds(default, depth) for default in defaults]
            return reduce(frozenset.union, found, _UNICODE) if all(found) else UNKNOWN
        if name in _METHODS:
            return _METHODS[name]
        if name not in _SAME:
            return UNKNOWN
        own = self.kinds(owner, depth)
        given = arguments(call)[0] if name in {"replace", "join", "format"} else []
        if own == _UNICODE:
            return own
        return _mixed([own, *(self.kinds(argument, depth) for argument in given)])

    def _attribute(self, node: Node, _depth: int) -> Kinds:
        owner = node.child_by_field_name("object")
        if owner is not None and owner.id in requests_in(self.app, self.file):
            return _REQUEST.get(text(node.child_by_field_name("attribute")), UNKNOWN)
        # An entity that was made in this request still has the bytes that it was given.
        return _EITHER if is_model_text(self.app, self.file, node) else UNKNOWN

    def _subscript(self, node: Node, _depth: int) -> Kinds:
        value = node.child_by_field_name("value")
        owner = value.child_by_field_name("object") if value is not None else None
        if owner is None or value is None or owner.id not in requests_in(self.app, self.file):
            return UNKNOWN
        name = text(value.child_by_field_name("attribute"))
        return _UNICODE if name in _VARIABLES else _BYTES if name == "headers" else UNKNOWN

    def _choice(self, node: Node, depth: int) -> Kinds:
        branches = node.named_children[::2]  # the value, the condition, the other value
        return _united(self.kinds(branch, depth) for branch in branches)

    def _either(self, node: Node, depth: int) -> Kinds:
        return _united(self.kinds(child, depth) for child in node.named_children)

    def _name(self, node: Node, depth: int) -> Kinds:
        known = self.file.lookup(text(node), node)
        scope = scope_node(node)
        if any(b.kind != "assign" or b.value is None or scope_node(b.name) != scope for b in known):
            return UNKNOWN
        return _united(self.kinds(b.value, depth) for b in known if b.value is not None)


def _mixed(found: Iterable[Kinds]) -> Kinds:
    """The kind of texts put together: unicode when one of them is, bytes when all are."""
    parts = list(found)
    if _UNICODE in parts:
        return _UNICODE
    if any(Kind.UNICODE in part for part in parts):
        return _EITHER
    return _BYTES if parts and all(part == _BYTES for part in parts) else UNKNOWN


def _shown(found: Kinds) -> Kinds:
    """The kind of what `%s` and `%d` make of a value: of a number, bytes."""
    return _BYTES if found and found <= _NUMBER | _NONE else found


def _united(found: Iterable[Kinds]) -> Kinds:
    parts = list(found)
    return frozenset().union(*parts) if parts and all(parts) else UNKNOWN


def _has_unicode_literals(file: PythonFile) -> bool:
    """Whether all plain strings of a file are unicode."""
    return b"unicode_literals" in file.source.data and any(
        "unicode_literals" in text(node)
        for node in file.root.children
        if node.type == "future_import_statement"
    )
