"""None is written to the response, and the page shows it.

## Why

`self.response.out.write(None)` wrote nothing in webapp. webapp2 writes the word `None`. It is often the
result of a method that writes the page itself and returns nothing.

## Fix

Call what returns nothing without writing its result; write `x or ''` for what can be None. Both work on both
runtimes.

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
import webapp2

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.out.write(self.footer())
        self.response.out.write(self.request.get('name', None))

    def footer(self):
        self.response.out.write('<hr>')

app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import webapp2

class Main(webapp2.RequestHandler):
    def get(self):
        self.footer()
        self.response.out.write(self.request.get('name', None) or '')

    def footer(self):
        self.response.out.write('<hr>')

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webapp2-2.3/webapp2.py, `Response.write`; Python 2.7: StringIO.py, `StringIO.write`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.definitions import definitions
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.guards import is_asked
from gaebot.rules.python27.shared.webapp.handler_classes import HandlerClass, handler_classes
from gaebot.rules.python27.shared.webapp.kinds import Kind, kinds_of
from gaebot.rules.python27.shared.webapp.messages import MessageUse, response_uses
from gaebot.syntax.nodes import arguments, scope_node, text
from gaebot.syntax.python import PythonFile
from gaebot.text import Span

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("write"))

_RESULTS = "[(return_statement) (yield)] @r"
_LOOSE = frozenset({"call", "identifier", "attribute", "subscript", "parenthesized_expression"})


def check(app: App) -> Iterator[Finding]:
    """Each text written to the response that is None, or can be."""
    for use in response_uses(app, asked_files(app)):
        call = _write(use)
        given = arguments(call)[0] if call is not None else []
        if call is None or len(given) != 1:
            continue
        file, value = use.python, given[0]
        if value.type == "call" and _returns_nothing(app, use, value):
            message = "This returns nothing, and webapp2 writes the word `None` for it: only call it."
            yield RULE.finding(file.place(value), message, fix=_without_write(file, call, value))
            continue
        found = kinds_of(app, file, value)
        if Kind.NONE not in found or value.type == "none" or is_asked(file, value, use.function):
            continue
        if value.type == "identifier" and found != {Kind.NONE}:
            continue  # what is assigned first, and exchanged for a text later
        message = "This can be None, for which webapp2 writes the word `None`: write `… or ''`."
        fix = _or_nothing(file, value) if Kind.NUMBER not in found else None
        yield RULE.finding(file.place(value), message, fix=fix)


def _write(use: MessageUse) -> Node | None:
    """The call `self.response.out.write(…)`, or `self.response.write(…)`, around a use of the response."""
    chain = use.member
    if chain is not None and use.member_name == "out":
        chain = chain.parent
    call = chain.parent if chain is not None else None
    is_write = chain is not None and text(chain.child_by_field_name("attribute")) == "write"
    is_called = call is not None and call.type == "call" and call.child_by_field_name("function") == chain
    return call if is_write and is_called else None


def _returns_nothing(app: App, use: MessageUse, call: Node) -> bool:
    """Whether a call is of a function or a method of the app that has no value to return."""
    function = call.child_by_field_name("function")
    owner = function.child_by_field_name("object") if function is not None else None
    if function is None:
        return False
    if function.type == "identifier":
        found = definitions(app, use.python, function)
        return len(found) == 1 and found[0].node is not None and _is_procedure(found[0].file, found[0].node)
    if use.handler is None or owner is None or text(owner) != "self":
        return False
    name = text(function.child_by_field_name("attribute"))
    method = use.handler.method(name)
    if method is None or _is_overridden(app, use.handler, name):
        return False
    return _is_procedure(method[0].file, method[1])


def _is_overridden(app: App, handler: HandlerClass, name: str) -> bool:
    """Whether a class below a handler has a method of its own by that name."""
    return any(
        each is not handler and handler in each.lineage and name in each.methods
        for each in handler_classes(app)
    )


def _is_procedure(file: PythonFile | None, function: Node) -> bool:
    """Whether a function certainly returns None when it ends."""
    outer = function.parent
    if file is None or function.type != "function_definition" or outer is None:
        return False
    if outer.type == "decorated_definition":
        return False
    for node in file.nodes(_RESULTS, function):
        is_own = scope_node(node) == function
        is_value = node.type == "yield" or any(
            child.type not in {"none", "comment"} for child in node.named_children
        )
        if is_own and is_value:
            return False
    body = function.child_by_field_name("body")
    statements = [node for node in body.named_children if node.type != "comment"] if body is not None else []
    return not any(statement.type == "raise_statement" for statement in statements)


def _without_write(file: PythonFile, write: Node, value: Node) -> Fix | None:
    if write.parent is None or write.parent.type != "expression_statement":
        return None
    edits = (
        file.source.edit(Span(write.start_byte, value.start_byte), b""),
        file.source.edit(Span(value.end_byte, write.end_byte), b""),
    )
    if b"\n" in file.source.data[write.start_byte : value.start_byte]:
        return None
    if b"\n" in file.source.data[value.end_byte : write.end_byte]:
        return None
    return Fix("Only call it", edits, Safety.SAFE, RunsOn.BOTH)


def _or_nothing(file: PythonFile, value: Node) -> Fix:
    if value.type in _LOOSE:
        return Fix(
            "Write nothing for None",
            (file.source.edit(Span(value.end_byte, value.end_byte), b" or ''"),),
            Safety.SAFE,
            RunsOn.BOTH,
        )
    edits = (
        file.source.edit(Span(value.start_byte, value.start_byte), b"("),
        file.source.edit(Span(value.end_byte, value.end_byte), b") or ''"),
    )
    return Fix("Write nothing for None", edits, Safety.SAFE, RunsOn.BOTH)
