"""Modules that the app imports by names which it makes up: `__import__('apps.%s.urls' % app)`.

What stands for a part that only a run knows may be any name, so more modules are found than a run loads. A
name of which nothing is known says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.syntax.nodes import arguments, string_value, text
from gaebot.syntax.python import PythonFile

_CALLED = (
    *("__import__", "importlib.import_module", "django.utils.importlib.import_module"),
    *("webapp2.import_string", "werkzeug.import_string", "werkzeug.utils.import_string"),
)
IMPORTERS = frozenset(name.rpartition(".")[2].encode() for name in _CALLED)
"""Words of which a file says one where it imports a module by a name."""

_DEPTH = 4  # how many names are followed to what they are bound to
_LEAST = 3  # letters that have to be known of a name
_MOST = 2  # parts that may be unknown: with each, there are many more ways to match
_PLACE = re.compile(r"%(?:\(\w+\))?[sdr]|\{\w*\}")
_ANY = r"[\w.]+"


def made_up_paths(app: App, file: PythonFile) -> Iterator[str]:
    """The paths of the app's own modules whose names a file may make up to import them."""
    for call in file.calls(*_CALLED):
        positional, _ = arguments(call)
        if not positional or string_value(positional[0]) is not None:
            continue
        pattern = _pattern(file, positional[0], _DEPTH)
        known = re.sub(r"\W", "", pattern.replace(_ANY, ""))
        if len(known) >= _LEAST and pattern.count(_ANY) <= _MOST:
            yield from _matching(app, re.compile(pattern, re.ASCII), _listed(positional))


def _listed(positional: list[Node]) -> list[str]:
    """The modules that the fourth argument names, which are loaded with the package: `['models']`."""
    listed = positional[3].named_children if len(positional) > 3 else []
    return [name for node in listed if (name := string_value(node))]


def _matching(app: App, pattern: re.Pattern[str], listed: list[str]) -> Iterator[str]:
    for file in app.python_files():
        package, _, last = file.module.rpartition(".")
        if pattern.fullmatch(file.module) or (last in listed and pattern.fullmatch(package)):
            yield file.source.path


def _pattern(file: PythonFile, node: Node, depth: int) -> str:
    """A pattern for the names that an expression may give."""
    if node.type == "parenthesized_expression" and node.named_children:
        return _pattern(file, node.named_children[0], depth)
    said = string_value(node)
    if said is not None:
        return re.escape(said)
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = text(node.child_by_field_name("operator"))
    if node.type == "binary_operator" and left is not None and right is not None and operator in {"+", "%"}:
        if operator == "%":
            return _filled(string_value(left))
        return _pattern(file, left, depth) + _pattern(file, right, depth)
    if node.type == "call":
        function = node.child_by_field_name("function")
        holder = function.child_by_field_name("object") if function is not None else None
        is_format = function is not None and text(function.child_by_field_name("attribute")) == "format"
        return _filled(string_value(holder)) if is_format else _ANY
    known = file.lookup(text(node), node) if node.type == "identifier" and depth else []
    value = known[0].value if len(known) == 1 else None
    return _pattern(file, value, depth - 1) if value is not None else _ANY


def _filled(form: str | None) -> str:
    """A pattern for what becomes of a text with places in it: 'apps.%s.urls'."""
    return _ANY.join(map(re.escape, _PLACE.split(form))) if form is not None else _ANY
