"""What a URL pattern captures is decoded on python27, and the app decodes it once more.

## Why

webapp matched the URL as it came: `/page/a%20b` gave a handler 'a%20b', and apps decoded it with
`urllib.unquote`. webapp2 matches the decoded path and gives 'a b'. Decoding once more spoils what holds a
per cent sign or, with `unquote_plus`, a plus.

## Fix

Leave the decoding out, once the app says `runtime: python27`. `name = urllib.unquote(name)` goes as a whole.

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
import urllib
import webapp2

class Page(webapp2.RequestHandler):
    def get(self, name):
        self.show(urllib.unquote(name))

app = webapp2.WSGIApplication([('/page/(.*)', Page)])
```

```python after main.py
import urllib
import webapp2

class Page(webapp2.RequestHandler):
    def get(self, name):
        self.show(name)

app = webapp2.WSGIApplication([('/page/(.*)', Page)])
```

## Source

SDK: google/appengine/ext/webapp/_webapp25.py matches `request.path`; lib/webapp2-2.3/webapp2.py,
`SimpleRoute.match`, the unquoted path.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.handler_classes import HandlerClass, handler_classes_in
from gaebot.rules.python27.shared.webapp.names import HTTP_METHODS
from gaebot.syntax.lines import drop_statement
from gaebot.syntax.nodes import arguments, text
from gaebot.syntax.python import PythonFile
from gaebot.text import Edit

_DECODERS = ("urllib.unquote", "urllib.unquote_plus")

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*(name.rpartition(".")[2] for name in _DECODERS)))


def check(app: App) -> Iterator[Finding]:
    """Each call that decodes a parameter of a handler's method."""
    for handler in handler_classes_in(app, asked_files(app)):
        if b"unquote" not in handler.file.source.data:
            continue
        for name, method in handler.methods.items():
            if name in HTTP_METHODS and handler.request_file.runs(method):
                yield from _in_method(app, handler, method)


def _in_method(app: App, handler: HandlerClass, method: Node) -> Iterator[Finding]:
    for call in handler.file.calls(*_DECODERS, within=method):
        positional, named = arguments(call)
        if len(positional) != 1 or named or not _is_captured(handler, method, positional[0]):
            continue
        message = (
            f"webapp2 has decoded `{text(positional[0])}` already: decoding it twice spoils per cent signs."
        )
        fix = None
        if has_switched(app):
            edit = _without(handler.file, call, positional[0])
            fix = Fix("Leave the decoding out", (edit,), Safety.REVIEW, RunsOn.TARGET)
        yield RULE.finding(handler.file.place(call), message, fix=fix)


def _without(file: PythonFile, call: Node, value: Node) -> Edit:
    """The edit that leaves the decoding out, with the statement where that does nothing else."""
    statement = _own_statement(call, value)
    if statement is None or statement.parent is None:
        return file.source.edit(file.span(call), value.text or b"")
    others = [node for node in statement.parent.named_children if node.type != "comment"]
    # Of several such statements in a block all may go.
    if any(not _only_decodes(file, node) for node in others):
        edit = drop_statement(file, statement)
        if edit is not None:
            return edit
    return file.source.edit(file.span(statement), b"pass")


def _only_decodes(file: PythonFile, statement: Node) -> bool:
    """Whether a statement does nothing but decode a name."""
    for call in file.calls(*_DECODERS, within=statement):
        positional, _ = arguments(call)
        if len(positional) == 1 and _own_statement(call, positional[0]) == statement:
            return True
    return False


def _own_statement(call: Node, value: Node) -> Node | None:
    """The statement that gives a name what a call makes of the same name, or None."""
    node = call.parent
    while node is not None and node.type == "parenthesized_expression":
        node = node.parent
    if node is None or node.type != "assignment" or node.parent is None:
        return None
    target = node.child_by_field_name("left")
    is_same = target is not None and target.type == value.type == "identifier" and target.text == value.text
    return node.parent if is_same and node.parent.type == "expression_statement" else None


def _is_captured(handler: HandlerClass, method: Node, node: Node) -> bool:
    """Whether a name is a parameter of the method, `self` left out, and has no other value."""
    if node.type != "identifier":
        return False
    known = handler.file.lookup(text(node), node)
    first = next((binding for binding in known if binding.kind == "parameter"), None)
    others = [binding for binding in known if binding.kind not in {"parameter", "assign"}]
    return first is not None and first.statement == method and not others and text(node) != "self"
