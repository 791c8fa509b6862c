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
from gaebot.rules.python27.shared.webapp.entities import is_text_of_entity
from gaebot.rules.python27.shared.webapp.messages import request_uses
from gaebot.rules.python27.shared.webapp.templates import TEMPLATE
from gaebot.rules.python27.shared.webapp.webob_versions import asks_for_webob_12
from gaebot.syntax.python import (
    Binding,
    PythonFile,
    ancestors,
    arguments,
    scope_node,
    string_value,
    text,
)


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
_LOOPS = frozenset({"for_statement", "while_statement"})


def kinds_of(app: App, file: PythonFile, node: Node) -> Kinds:
    """The kinds that an expression may be of; empty when nothing can be told."""
    return _Reader(app, file).kinds(node, _DEPTH)


def requests_in(app: App, file: PythonFile) -> frozenset[int]:
    """The ids of the nodes of a file that are a handler's request."""
    key = (requests_in, file.source.path)
    return app.remember(
        key, lambda: frozenset(use.node.id for use in request_uses(app) if use.python is file)
    )


def values_of(file: PythonFile, node: Node) -> list[Node] | None:
    """What a local name may have been bound to when a use of it is reached; None when that is not known.

    An assignment that is made in any case hides the earlier ones.
    """
    bindings = _reaching(file, node)
    if bindings is None or any(binding.kind != "assign" or binding.value is None for binding in bindings):
        return None
    return [binding.value for binding in bindings if binding.value is not None]


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
        values = _without_comments(right) if right.type == "tuple" else [right]
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

    def _attribute(self, node: Node, _depth: int) -> Kinds:
        owner = node.child_by_field_name("object")
        if owner is None:
            return UNKNOWN
        name = text(node.child_by_field_name("attribute"))
        if not self._is_request(owner):
            # What the app has set itself since then may be bytes.
            entities = (values_of(self.file, owner) if owner.type == "identifier" else [owner]) or []
            is_text = [is_text_of_entity(self.app, self.file, entity, name) for entity in entities]
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
        branches = _without_comments(node)[::2]  # the value, the condition, the other value
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
        bindings = _reaching(self.file, node)
        if bindings is None or _is_type_asked(self.file, node):
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


def without_brackets(node: Node) -> Node:
    """The expression inside round brackets."""
    while node.type == "parenthesized_expression" and _without_comments(node):
        node = _without_comments(node)[0]
    return node


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


def _without_comments(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment"]


def _reaching(file: PythonFile, node: Node) -> list[Binding] | None:
    """The bindings of a name that a use of it may see; None when they are not all known."""
    known = file.lookup(text(node), node)
    scope = scope_node(node)
    if not known:
        return None
    if any(scope_node(binding.name) != scope for binding in known):
        # A constant of the module.
        is_constant = len(known) == 1 and scope_node(known[0].name).type == "module"
        return known if is_constant else None
    loops = [outer for outer in ancestors(node) if outer.type in _LOOPS and scope_node(outer) == scope]
    seen = [
        binding
        for binding in known
        if (binding.name.start_byte < node.start_byte and not _is_value_of(binding, node))
        or any(_holds(loop, binding.name) for loop in loops)
    ]
    hiding = [
        start
        for binding in seen
        if binding.name.end_byte < node.start_byte
        and binding.kind != "augment"
        and (start := _sure_start(known, binding, node)) is not None
    ]
    first = max(hiding, default=0)
    return [binding for binding in seen if binding.name.start_byte >= first] or None


def _sure_start(known: list[Binding], binding: Binding, node: Node) -> int | None:
    """Where a statement begins that binds a name in any case before a node is reached, or None.

    What is assigned in a `try` counts: an error in it is another matter. So does an `if` that
    assigns in all its branches.
    """
    if _is_value_of(binding, node):
        return None
    start, inner = binding.name.start_byte, binding.statement
    if binding.kind == "parameter":
        return start
    while inner.parent is not None and not _holds(inner.parent, node):
        outer = inner.parent
        if outer.type in {"if_statement", "for_statement", "while_statement", "function_definition"}:
            if outer.type != "if_statement" or not _assigns_always(known, outer):
                return None
            start = outer.start_byte
        elif outer.type in {"except_clause", "lambda", "class_definition"}:
            return None
        inner = outer
    is_other_branch = inner.type in {"else_clause", "elif_clause", "except_clause"} or (
        inner.type == "block"
        and inner.parent is not None
        and inner.parent.type in {"if_statement", "try_statement"}
    )
    return None if is_other_branch else start


def _assigns_always(known: list[Binding], statement: Node) -> bool:
    """Whether each branch of an `if`, with an `else` among them, binds the name directly."""
    branches = [statement.child_by_field_name("consequence")]
    clauses = statement.children_by_field_name("alternative")
    if not clauses or clauses[-1].type != "else_clause":
        return False
    branches += [
        clause.child_by_field_name("consequence") or clause.child_by_field_name("body") for clause in clauses
    ]
    return all(
        branch is not None
        and any(
            binding.kind == "assign"
            and binding.statement.parent is not None
            and branch in (binding.statement.parent, binding.statement.parent.parent)
            for binding in known
        )
        for branch in branches
    )


def _is_value_of(binding: Binding, node: Node) -> bool:
    """Whether a node stands in what is bound: `x = x.strip()` sees what was before."""
    statement = binding.name.parent if binding.kind == "augment" else binding.statement
    return binding.kind in {"assign", "augment"} and statement is not None and _holds(statement, node)


def _holds(outer: Node, inner: Node) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte


def _added(binding: Binding) -> Node | None:
    """The right side of `name += …`."""
    statement = binding.name.parent
    if statement is None or statement.type != "augmented_assignment":
        return None
    is_plus = text(statement.child_by_field_name("operator")) == "+="
    return statement.child_by_field_name("right") if is_plus else None


def _is_type_asked(file: PythonFile, node: Node) -> bool:
    """Whether the function around asks of which type a name's value is."""
    scope, name = scope_node(node), text(node)
    for question in file.identifiers("isinstance", "type", within=scope):
        call = question.parent
        if call is not None and call.type == "call" and [text(n) for n in arguments(call)[0]][:1] == [name]:
            return True
    return False


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
