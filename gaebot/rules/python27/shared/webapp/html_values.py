"""Which values that the app gives to its templates hold HTML, as far as the code itself tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.webapp.templates import library_files, template_uses
from gaebot.syntax.nodes import arguments, is_target, string_value, text
from gaebot.syntax.python import PythonFile

_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>|<[A-Za-z]+\s+\w+=")
_PAIRS = "(pair) @pair"
_DUMPS = re.compile(r"(?:^|\.)(?:simplejson|json|sj)\.dumps$|^dumps$")
_ESCAPES = frozenset({"cgi.escape", "xml.sax.saxutils.escape", "django.utils.html.escape"})
_MAKERS = frozenset({"markdown.markdown", "markdown2.markdown", "textile.textile", "markdown.Markdown"})
_RENDERS = ".template.render"
_STRINGS = "(string) @s"
_DEPTH = 3  # how many names and operators a value is followed through


class Reason(Enum):
    """What tells that a value is not to be escaped."""

    TAG = "tag"
    ESCAPED = "escaped"
    JSON = "json"
    FILTER = "filter"
    NAME = "name"


@once_per_app
def html_values(app: App) -> dict[str, Reason]:
    """The names of template values that hold HTML, with what tells it.

    Only the files that use webapp's templates are looked at: keys of dicts, and what is assigned to a key.
    A name that is also given a value of which nothing is known is left out.
    """
    found: dict[str, Reason] = {}
    doubtful: set[str] = set()
    for file in {use.file.path: use.file.file for use in template_uses(app)}.values():
        for key, value in (*_pairs(file), *_assigned(file)):
            name = string_value(key) if key.type == "string" else None
            reason = _reason(file, value, _DEPTH) if name else None
            if name and reason is not None:
                found.setdefault(name, reason)
            elif name and text(value) not in {"None", "''", '""'}:
                doubtful.add(name)
    return {name: reason for name, reason in found.items() if name not in doubtful}


def _pairs(file: PythonFile) -> Iterator[tuple[Node, Node]]:
    """The keys and values in the dicts of a file."""
    for pair in file.nodes(_PAIRS):
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key is not None and value is not None:
            yield key, value


def _assigned(file: PythonFile) -> Iterator[tuple[Node, Node]]:
    """What a file assigns to keys: the key and the value."""
    for left, statement in file.assigned:
        value = statement.child_by_field_name("right")
        if left.type == "subscript" and statement.type == "assignment" and value is not None:
            yield from ((key, value) for key in left.children_by_field_name("subscript"))


@once_per_app
def html_filters(app: App) -> frozenset[str]:
    """The names of the app's own template filters that return HTML."""
    names: set[str] = set()
    for file in library_files(app):
        for function in file.nodes("(function_definition) @f"):
            if "mark_safe" not in text(function) and _writes_tags(file, function):
                names |= set(_filter_names(file, function))
    return frozenset(names)


def _writes_tags(file: PythonFile, function: Node) -> bool:
    """Whether a function holds a string with a tag, its docstring and patterns left out."""
    for node in file.nodes(_STRINGS, function):
        statement = node.parent
        is_docstring = statement is not None and statement.type == "expression_statement"
        if not is_docstring and not text(node).startswith(("r", "R")) and _TAG.search(text(node)):
            return True
    return False


def _filter_names(file: PythonFile, function: Node) -> Iterator[str]:
    """The names under which a function is registered as a filter."""
    own = text(function.child_by_field_name("name"))
    outer = function.parent
    if outer is not None and outer.type == "decorated_definition":
        for decorator in outer.children:
            if decorator.type == "decorator" and ".filter" in text(decorator):
                call = decorator.named_children[0]
                given = arguments(call)[0] if call.type == "call" else []
                yield (string_value(given[0]) if given else None) or own
    for name in file.identifiers(own):
        call_node = name.parent.parent if name.parent is not None else None
        if call_node is None or call_node.type != "call":
            continue
        called = call_node.child_by_field_name("function")
        if called is not None and text(called).endswith(".filter"):
            given = arguments(call_node)[0]
            yield (string_value(given[0]) if len(given) > 1 else None) or own


def _reason(file: PythonFile, value: Node, depth: int) -> Reason | None:
    """What tells that an expression is HTML; None when nothing does."""
    while value.type == "parenthesized_expression" and value.named_children:
        value = value.named_children[0]
    if value.type == "call":
        return _reason_of_call(file, value)
    if value.type == "identifier" and depth:
        bindings = [binding for binding in file.lookup(text(value), value) if binding.kind != "augment"]
        known = [_reason(file, b.value, depth - 1) if b.value is not None else None for b in bindings]
        return known[0] if known and all(known) else None
    return Reason.TAG if _holds_tag(file, value) else None


def _reason_of_call(file: PythonFile, call: Node) -> Reason | None:
    function = call.child_by_field_name("function")
    if function is None:
        return None
    origins = file.origins(function)
    if any(_DUMPS.search(origin) for origin in origins):
        return Reason.JSON
    if origins & _ESCAPES:
        return Reason.ESCAPED
    if origins & _MAKERS:
        return Reason.TAG
    if any(origin.endswith(_RENDERS) for origin in origins):
        return None  # a rendered page is marked as safe
    is_format = function.type == "attribute" and text(function).endswith((".join", ".format", ".replace"))
    return Reason.TAG if is_format and _holds_tag(file, call) else None


def _holds_tag(file: PythonFile, value: Node) -> bool:
    """Whether an expression is put together of strings, one of which holds a tag."""
    if value.type not in {
        "string",
        "concatenated_string",
        "binary_operator",
        "call",
        "parenthesized_expression",
    }:
        return False
    strings = file.nodes(_STRINGS, value) if value.type != "string" else [value]
    return any(_TAG.search(text(node)) for node in strings if not is_target(node))
