"""The development server is told by a name that it no longer has.

## Why

The server for Python 2.5 called itself 'Development/1.0'; the one for python27 says 'Development/2.0'. A
comparison with the old name is false on it: the app takes it for production. So does a search for the
server's name among texts that have the old one only.

## Fix

`.startswith('Dev')`, which holds for both. A list of names gets the new one, too.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before main.py
import os
import webapp2

DEBUG = os.environ['SERVER_SOFTWARE'] == 'Development/1.0'
app = webapp2.WSGIApplication([], debug=DEBUG)
```

```python after main.py
import os
import webapp2

DEBUG = os.environ['SERVER_SOFTWARE'].startswith('Dev')
app = webapp2.WSGIApplication([], debug=DEBUG)
```

## Source

SDK: google/appengine/tools/devappserver2/http_runtime_constants.py, `SERVER_SOFTWARE`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.syntax.nodes import arguments, string_value, text

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("Development"))

_OLD, _NEW = "Development/1", "Development/2"
_GROUPS = frozenset({"tuple", "list", "set"})


def check(app: App) -> Iterator[Finding]:
    """Comparisons with the old name, and `startswith` of more than 'Development/'."""
    for file in asked_files(app):
        if _OLD.encode() not in file.file.source.data:
            continue
        for value in (f"{_OLD}.0", _OLD, f"{_OLD}."):
            for literal in file.file.strings(value):
                if file.runs(literal):
                    yield from _judge(file, literal)


def _judge(file: RequestFile, literal: Node) -> Iterator[Finding]:
    inner, outer = literal, literal.parent
    while outer is not None and outer.type == "parenthesized_expression":
        inner, outer = outer, outer.parent
    if outer is None:
        return
    message = (
        "python27's development server calls itself 'Development/2.0': ask whether it starts with 'Dev'."
    )
    if outer.type == "comparison_operator":
        fix = _fix(file, outer, literal) if inner == literal else None
        yield RULE.finding(file.file.place(outer), message, fix=fix)
    elif inner == literal and outer.type in _GROUPS:
        comparison = _membership(outer)
        if comparison is not None and literal == _first_old(outer):
            yield RULE.finding(file.file.place(comparison), message, fix=_addition(file, literal))
    elif outer.type == "argument_list" and outer.parent is not None:
        function = outer.parent.child_by_field_name("function")
        if function is not None and text(function).endswith(".startswith"):
            given = arguments(outer.parent)[0]
            edit = file.file.source.edit(file.file.span(literal), b"'Dev'")
            fix = Fix("Ask for the beginning", (edit,), Safety.SAFE, RunsOn.BOTH) if len(given) == 1 else None
            yield RULE.finding(file.file.place(outer.parent), message, fix=fix)


def _membership(group: Node) -> Node | None:
    """The comparison that asks whether something is in a group of texts, as such or made into a set."""
    outer = group.parent
    if outer is not None and outer.type == "argument_list" and outer.parent is not None:
        call = outer.parent
        if text(call.child_by_field_name("function")) not in {"set", "frozenset", "tuple", "list"}:
            return None
        group, outer = call, call.parent
    if outer is None or outer.type != "comparison_operator" or len(outer.named_children) != 2:
        return None
    operators = [text(node) for node in outer.children_by_field_name("operators")]
    return outer if operators in (["in"], ["not in"]) and outer.named_children[1] == group else None


def _first_old(group: Node) -> Node | None:
    """The first old name in a group of texts; None where the new one stands there as well."""
    values = [(node, string_value(node) or "") for node in group.named_children]
    if any(value.startswith(_NEW) for _, value in values):
        return None
    return next((node for node, value in values if value.startswith(_OLD)), None)


def _addition(file: RequestFile, literal: Node) -> Fix | None:
    """The fix that puts the new name behind the old one."""
    written = text(literal)
    if string_value(literal) != f"{_OLD}.0" or _OLD not in written:
        return None
    new = f"{written}, {written.replace(_OLD, _NEW)}"
    edit = file.file.source.edit(file.file.span(literal), new.encode("latin-1"))
    return Fix("Name the new one, too", (edit,), Safety.SAFE, RunsOn.BOTH)


def _fix(file: RequestFile, comparison: Node, literal: Node) -> Fix | None:
    operands = comparison.named_children
    operators = [text(node) for node in comparison.children_by_field_name("operators")]
    if len(operands) != 2 or operators not in (["=="], ["!="]) or string_value(literal) is None:
        return None
    other = operands[0] if operands[1] == literal else operands[1]
    if other.type not in {"identifier", "attribute", "subscript", "call"}:
        return None
    new = f"{text(other)}.startswith('Dev')"
    new = f"not {new}" if operators == ["!="] else new
    edit = file.file.source.edit(file.file.span(comparison), new.encode("latin-1"))
    return Fix("Ask for the beginning", (edit,), Safety.SAFE, RunsOn.BOTH)
