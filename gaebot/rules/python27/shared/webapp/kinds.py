"""What kind of value an expression gives: bytes, unicode, a number or None, as far as the code tells.

Python 2 mixes bytes and unicode without a word; the runtime of python27 does not when it comes to headers.
Nothing is guessed: what is not known has no kind. The kinds are those that a value *may* have, so
`self.request.get('x')` is unicode or, for want of an argument, the empty byte string of its default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from enum import Enum

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.scripts.handler_scripts import request_file
from gaebot.rules.python27.shared.webapp.entities import is_text_of_entity
from gaebot.rules.python27.shared.webapp.local_names import (
    is_type_asked,
    reaching,
    values_of,
    without_brackets,
    without_comments,
)
from gaebot.rules.python27.shared.webapp.messages import request_uses
from gaebot.rules.python27.shared.webapp.model_texts import is_model_text, is_set_here
from gaebot.rules.python27.shared.webapp.templates import TEMPLATE
from gaebot.rules.python27.shared.webapp.webob_versions import asks_for_webob_12
from gaebot.syntax.nodes import arguments, string_value, text
from gaebot.syntax.python import Binding, PythonFile


class Kind(Enum):
    """A kind of value."""

    BYTES = "bytes"
    UNICODE = "unicode"
    NUMBER = "number"
    NONE = "None"


Kinds = frozenset[Kind]

UNKNOWN: Kinds = frozenset()
_BYTES, _UNICODE = frozenset({Kind.BYTES}), frozenset({Kind.UNICODE})
_NUMBER, _NONE = frozenset({Kind.NUMBER}), frozenset({Kind.NONE})
_TEXTS = _BYTES | _UNICODE

_DEPTH = 12  # how many names and operators are followed
_LITERALS = {"integer": _NUMBER, "float": _NUMBER, "true": _NUMBER, "false": _NUMBER, "none": _NONE}
_BUILTINS = {
    **dict.fromkeys(("unicode", "unichr"), _UNICODE),
    **dict.fromkeys(("str", "repr", "chr", "hex"), _BYTES),
    **dict.fromkeys(("int", "long", "float", "len"), _NUMBER),
}
_FUNCTIONS = {
    "urllib.urlencode": _BYTES,
    "base64.b64encode": _BYTES,
    "time.strftime": _BYTES,
    "email.Utils.formatdate": _BYTES,
    "email.utils.formatdate": _BYTES,
    "google.appengine.api.users.create_login_url": _BYTES,
    "google.appengine.api.users.create_logout_url": _BYTES,
    f"{TEMPLATE}.render": _UNICODE,
}
# Functions that put texts together, or give back the kind that they are given.
_MIXERS = frozenset({"urlparse.urljoin", "posixpath.join", "os.path.join", "cgi.escape"})
_METHODS = {"encode": _BYTES, "hexdigest": _BYTES, "isoformat": _BYTES, "strftime": _BYTES}
# Codecs that make unicode of bytes. Others, like 'hex' and 'base64', give bytes.
_CHARSETS = re.compile(
    r"(?:utf|iso|latin|ascii|us-ascii|cp|windows|euc|gb|big5|shift|koi8|mac)[\w-]*$", re.IGNORECASE
)
# Methods that give what they are called on, when their arguments are of that kind too.
_SAME = frozenset({"strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize", "replace"})
# What a request has, in WebOb 1.1.1 and 1.2.3. tests/sdk/test_webob_facts.py asks them.
_REQUEST = {
    **dict.fromkeys(
        ("path", "url", "uri", "host", "host_url", "path_url", "path_qs", "application_url"), _BYTES
    ),
    **dict.fromkeys(("query_string", "query", "method", "body", "scheme", "content_type"), _BYTES),
    **dict.fromkeys(("user_agent", "referer", "referrer"), _BYTES | _NONE),
}
_PATHS = frozenset({"path_info", "script_name"})
# The mappings of a request, and the kind of their values.
_MAPPINGS = {**dict.fromkeys(("GET", "POST", "params", "cookies"), _UNICODE), "headers": _BYTES}
# '%s' and what else may stand between a per cent sign and the letter.
_CONVERSION = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?[#0 +-]*(?:\d+|\*)?(?:\.(?:\d+|\*))?[hlL]?(?P<letter>.)", re.DOTALL
)


def kinds_of(app: App, file: PythonFile, node: Node) -> Kinds:
    """The kinds that an expression may be of; empty when nothing can be told."""
    return _Reader(app, file).kinds(node, _DEPTH)


def requests_in(app: App, file: PythonFile) -> frozenset[int]:
    """The ids of the nodes of a file that are a handler's request."""
    holder = request_file(app, file.source.path)
    if holder is None:
        return frozenset()
    return app.remember(
        (requests_in, file.source.path),
        lambda: frozenset(use.node.id for use in request_uses(app, [holder])),
    )


class _Reader:
    def __init__(self, app: App, file: PythonFile) -> None:
        self.app = app
        self.file = file
        self.readers: dict[str, Callable[[Node, int], Kinds]] = {
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

    def kinds(self, node: Node, depth: int) -> Kinds:
        node = without_brackets(node)
        if node.type in _LITERALS:
            return _LITERALS[node.type]
        reader = self.readers.get(node.type)
        return reader(node, depth - 1) if reader is not None and depth else UNKNOWN

    def _string(self, node: Node, _depth: int) -> Kinds:
        prefix = text(node)[:2].partition("'")[0].partition('"')[0].lower()
        if "b" in prefix:
            return _BYTES
        return _UNICODE if "u" in prefix or has_unicode_literals(self.file) else _BYTES

    def _strings(self, node: Node, depth: int) -> Kinds:
        return _mixed(self.kinds(child, depth) for child in node.named_children)

    def _operator(self, node: Node, depth: int) -> Kinds:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = text(node.child_by_field_name("operator"))
        if left is None or right is None:
            return UNKNOWN
        if operator == "+":
            parts = [self.kinds(part, depth) for part in _summands(node)]
            return _NUMBER if all(part == _NUMBER for part in parts) else _mixed(parts)
        first = self.kinds(left, depth)
        if operator == "%" and first and first <= _TEXTS:
            return _mixed([first, *self._inserted(left, right, depth)])
        return UNKNOWN

    def _inserted(self, left: Node, right: Node, depth: int) -> Iterator[Kinds]:
        """The kinds of what `%` puts into a text, one for each place."""
        right = without_brackets(right)
        found = list(_CONVERSION.finditer(string_value(without_brackets(left)) or ""))
        conversions = [each for each in found if each["letter"] != "%"]
        if right.type == "dictionary":
            pairs = {
                string_value(pair.child_by_field_name("key")): pair.child_by_field_name("value")
                for pair in right.named_children
                if pair.type == "pair"
            }
            for each in conversions:
                value = pairs.get(each["key"])
                kinds = self.kinds(value, depth) if value is not None else UNKNOWN
                yield _shown(kinds, each["letter"])
            if not conversions:
                yield UNKNOWN
            return
        values = without_comments(right) if right.type == "tuple" else [right]
        letters = [each["letter"] for each in conversions]
        if len(letters) != len(values):  # `*`, or a text that is not written here
            letters = ["s"] * len(values)
        for value, letter in zip(values, letters, strict=True):
            yield _shown(self.kinds(value, depth), letter)

    def _call(self, node: Node, depth: int) -> Kinds:
        function = node.child_by_field_name("function")
        if function is None:
            return UNKNOWN
        if function.type == "identifier":
            name = text(function)
            if name in _BUILTINS and not self.file.lookup(name, function):
                return _BUILTINS[name]
        origins = self.file.origins(function)
        if len(origins) == 1:
            (origin,) = origins
            if origin in _FUNCTIONS:
                return _FUNCTIONS[origin]
            if origin in _MIXERS:
                return _mixed(self.kinds(argument, depth) for argument in arguments(node)[0])
        owner = function.child_by_field_name("object")
        if owner is None:
            return UNKNOWN
        return self._method(owner, text(function.child_by_field_name("attribute")), node, depth)

    def _method(self, owner: Node, name: str, call: Node, depth: int) -> Kinds:
        given, named = arguments(call)
        if name == "get" and self._is_request(owner):
            if len(given) > 2 or "allow_multiple" in named:
                return UNKNOWN  # a list
            return _UNICODE | self._default(given, named, _BYTES, depth)
        if name == "get" and (kinds := self._mapping(owner)):
            return kinds | self._default(given, named, _NONE, depth)
        if name == "decode":
            charset = string_value(given[0]) if given else "ascii"
            return _UNICODE if charset is not None and _CHARSETS.match(charset) else UNKNOWN
        if name in _METHODS:
            return _METHODS[name]
        own = self.kinds(owner, depth)
        if name == "format" and own and own <= _TEXTS:
            return own  # bytes stay bytes, whatever is put in
        if name == "join" and own == _UNICODE:
            return own
        if name not in _SAME or not own <= _TEXTS:
            return UNKNOWN
        return _mixed([own, *(self.kinds(argument, depth) for argument in given[:2] if name == "replace")])

    def _default(self, given: list[Node], named: dict[str, Node], missing: Kinds, depth: int) -> Kinds:
        """The kinds of the second argument of `get`; `missing` when there is none."""
        default = given[1] if len(given) > 1 else named.get("default_value", named.get("default"))
        return self.kinds(default, depth) if default is not None else missing

    def _is_request(self, node: Node) -> bool:
        return node.id in requests_in(self.app, self.file)

    def _mapping(self, node: Node) -> Kinds:
        """The kind of the values of `self.request.headers` and its like."""
        owner = node.child_by_field_name("object")
        if node.type != "attribute" or owner is None or not self._is_request(owner):
            return UNKNOWN
        return _MAPPINGS.get(text(node.child_by_field_name("attribute")), UNKNOWN)

    def _is_upload(self, node: Node) -> bool:
        """Whether an expression is a field of a form: `self.request.POST['file']`."""
        value = node.child_by_field_name("value") if node.type == "subscript" else None
        return value is not None and self._mapping(value) == _UNICODE

    def _attribute(self, node: Node, _depth: int) -> Kinds:
        owner = node.child_by_field_name("object")
        if owner is None:
            return UNKNOWN
        name = text(node.child_by_field_name("attribute"))
        if not self._is_request(owner):
            # What the app has set itself since then may be bytes.
            entities = (values_of(self.file, owner) if owner.type == "identifier" else [owner]) or []
            if name == "filename" and entities and all(self._is_upload(entity) for entity in entities):
                return _UNICODE
            if owner.type == "identifier" and is_set_here(self.file, owner, name):
                return UNKNOWN
            is_text = [is_text_of_entity(self.app, self.file, entity, name) for entity in entities]
            is_text = is_text if any(is_text) else [is_model_text(self.app, self.file, node)]
            return _TEXTS if is_text and all(is_text) else UNKNOWN
        if name in _PATHS:
            return _UNICODE if asks_for_webob_12(self.app) else _BYTES
        return _REQUEST.get(name, UNKNOWN)

    def _subscript(self, node: Node, depth: int) -> Kinds:
        value = node.child_by_field_name("value")
        if value is None:
            return UNKNOWN
        if kinds := self._mapping(value):
            return kinds
        own = self.kinds(value, depth)
        return own if own and own <= _TEXTS else UNKNOWN

    def _choice(self, node: Node, depth: int) -> Kinds:
        branches = without_comments(node)[::2]  # the value, the condition, the other value
        return _united(self.kinds(branch, depth) for branch in branches)

    def _either(self, node: Node, depth: int) -> Kinds:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return UNKNOWN
        is_or = text(node.child_by_field_name("operator")) == "or"
        first = self._true(left, depth) if is_or else self.kinds(left, depth)
        return _united([first, self.kinds(right, depth)])

    def _true(self, node: Node, depth: int) -> Kinds:
        """The kinds of an expression where it is true: of `x and y`, those of `y`."""
        node = without_brackets(node)
        if node.type == "boolean_operator" and text(node.child_by_field_name("operator")) == "and":
            right = node.child_by_field_name("right")
            return self._true(right, depth - 1) if right is not None and depth else UNKNOWN
        return self.kinds(node, depth) - _NONE

    def _name(self, node: Node, depth: int) -> Kinds:
        bindings = reaching(self.file, node)
        if bindings is None or is_type_asked(self.file, node):
            return UNKNOWN
        found: list[Kinds] = []
        added: list[Kinds] = []
        for binding in bindings:
            if binding.kind == "assign" and binding.value is not None:
                found.append(self.kinds(binding.value, depth))
            elif binding.kind == "augment" and (value := _added(binding)) is not None:
                added.append(self.kinds(value, depth))
            else:
                return UNKNOWN
        kinds = _united(found)
        for each in added:
            kinds |= _mixed([kinds, each])
        return UNKNOWN if any(not each for each in added) and Kind.UNICODE not in kinds else kinds


def has_unicode_literals(file: PythonFile) -> bool:
    """Whether all plain strings of a file are unicode."""
    return b"unicode_literals" in file.source.data and any(
        "unicode_literals" in text(node)
        for node in file.root.children
        if node.type == "future_import_statement"
    )


def _summands(node: Node) -> list[Node]:
    """What is put together by `a + b + c`, however long."""
    parts: list[Node] = []
    while node.type == "binary_operator" and text(node.child_by_field_name("operator")) == "+":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            break
        parts.append(right)
        node = left
    return [node, *reversed(parts)]


def _added(binding: Binding) -> Node | None:
    """The right side of `name += …`."""
    statement = binding.name.parent
    if statement is None or statement.type != "augmented_assignment":
        return None
    is_plus = text(statement.child_by_field_name("operator")) == "+="
    return statement.child_by_field_name("right") if is_plus else None


def _mixed(found: Iterable[Kinds]) -> Kinds:
    """The kinds of texts put together: unicode when one of them is, bytes when all are."""
    parts = list(found)
    if any(part == _UNICODE for part in parts):
        return _UNICODE
    if any(Kind.UNICODE in part for part in parts):
        return _TEXTS
    return _BYTES if parts and all(part == _BYTES for part in parts) else UNKNOWN


def _shown(found: Kinds, letter: str) -> Kinds:
    """The kinds of what `%s`, `%d` or `%r` makes of a value: only `%s` passes unicode on."""
    if letter != "s":
        return _BYTES
    return frozenset(kind if kind is Kind.UNICODE else Kind.BYTES for kind in found)


def _united(found: Iterable[Kinds]) -> Kinds:
    parts = list(found)
    return frozenset().union(*parts) if parts and all(parts) else UNKNOWN
