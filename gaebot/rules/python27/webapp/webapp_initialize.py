"""A handler's `initialize` does not do what webapp2 needs.

## Why

webapp called a handler's `initialize(request, response)` and then went on with objects of its own. webapp2
works with what the handler keeps: without `self.request` every request ends in AttributeError, "'NoneType'
object has no attribute 'route'". Where `initialize` sets the request and the response itself, `self.app` is
missing still. Then every exception becomes another one, "no attribute 'debug'", `handle_exception` is not
called any more, and `self.uri_for` fails.

## Fix

Call the `initialize` of the class above first. That works on both runtimes.

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
from google.appengine.ext import webapp

class Main(webapp.RequestHandler):
    def initialize(self, request, response):
        self.request = request
        self.response = response
        self.count = 0

app = webapp.WSGIApplication([('/', Main)])
```

```python after main.py
from google.appengine.ext import webapp

class Main(webapp.RequestHandler):
    def initialize(self, request, response):
        webapp.RequestHandler.initialize(self, request, response)
        self.request = request
        self.response = response
        self.count = 0

app = webapp.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webapp2-2.3/webapp2.py, `RequestHandler.initialize` and `RequestHandler.dispatch`;
google/appengine/ext/webapp/_webapp25.py, `WSGIApplication.__call__`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.handler_classes import HandlerClass, base_nodes, handler_classes_in
from gaebot.syntax.lines import is_docstring
from gaebot.syntax.nodes import text
from gaebot.syntax.python import PythonFile
from gaebot.text import Edit, Span

_NAME = "initialize"

RULE = Rule(__name__, Severity.ERROR, only_in=python_with(_NAME))

_DICTS = frozenset({"__dict__", "setattr", "vars"})


def check(app: App) -> Iterator[Finding]:
    """Each `initialize` of a handler that calls no other one and leaves out what webapp2 needs."""
    for handler in handler_classes_in(app, asked_files(app)):
        method = handler.methods.get(_NAME)
        if method is None or not handler.request_file.runs(method) or _is_dispatched(handler):
            continue
        names = _parameters(method)
        # Without calls that may do the work elsewhere, what it sets is all that is set.
        if names is None or _hands_on(handler.file, method, names):
            continue
        own = {word for word in ("request", "response", "app") if _sets(handler.file, method, names[0], word)}
        place = handler.file.place(method.child_by_field_name("name") or method)
        fix = _fix(handler, method, names)
        if "request" not in own:
            message = (
                f"`{handler.name}` keeps no `self.request`, which webapp2 needs: AttributeError at every"
                " request. Call the `initialize` of the class above."
            )
            yield RULE.finding(place, message, fix=fix)
        elif "app" not in own:
            message = (
                f"`{handler.name}` sets no `self.app`: with webapp2 exceptions end in AttributeError instead"
                " of `handle_exception`. Call the `initialize` of the class above."
            )
            yield RULE.finding(place, message, fix=fix, severity=Severity.WARNING)


def _is_dispatched(handler: HandlerClass) -> bool:
    """Whether the app has its own way of working with the handler."""
    return any({"dispatch", "request", "response", "app"} & each.methods.keys() for each in handler.lineage)


def _parameters(method: Node) -> list[str] | None:
    """The names of `self`, the request and the response; None when it takes them in another way."""
    holder = method.child_by_field_name("parameters")
    own = [node for node in holder.named_children if node.type != "comment"] if holder is not None else []
    if len(own) != 3 or method.parent is None or method.parent.type == "decorated_definition":
        return None
    plain = [node.child_by_field_name("name") if node.type == "default_parameter" else node for node in own]
    if any(node is None or node.type != "identifier" for node in plain):
        return None
    return [text(node) for node in plain]


def _hands_on(file: PythonFile, method: Node, names: list[str]) -> bool:
    """Whether it calls something that may keep the request: another `initialize`, or what it gives it to."""
    body = method.child_by_field_name("body")
    if body is None or file.identifiers(_NAME, "__init__", *_DICTS, within=body):
        return True
    for name in file.identifiers(names[1], within=body):
        if name.parent is not None and name.parent.type in {"argument_list", "keyword_argument"}:
            return True
    # `self.setup()` and `setup(self)` may do anything.
    for this in file.identifiers(names[0], within=body):
        outer = this.parent
        if outer is None or outer.type in {"argument_list", "keyword_argument"}:
            return True
        call = outer.parent if outer.type == "attribute" else None
        if call is not None and call.type == "call" and call.child_by_field_name("function") == outer:
            return True
    return False


def _sets(file: PythonFile, method: Node, this: str, word: str) -> bool:
    """Whether it binds an attribute of the handler."""
    for name in file.identifiers(word, within=method):
        chain = name.parent
        if chain is None or chain.type != "attribute" or text(chain.children[0]) != this:
            continue
        if _is_left(chain):
            return True
    return False


def _is_left(node: Node) -> bool:
    """Whether a node stands on the left of an assignment, also as one of several."""
    outer = node.parent
    while outer is not None and outer.type in {"pattern_list", "tuple_pattern", "list_pattern"}:
        node, outer = outer, outer.parent
    return outer is not None and outer.type == "assignment" and outer.child_by_field_name("left") == node


def _fix(handler: HandlerClass, method: Node, names: list[str]) -> Fix | None:
    bases = base_nodes(handler.node)
    if len(bases) != 1 or any(_NAME in above.methods for above in handler.lineage[1:]):
        return None
    edit = _insert_first(handler.file, method, f"{text(bases[0])}.{_NAME}({', '.join(names)})".encode())
    if edit is None:
        return None
    return Fix("Call the `initialize` of the class above", (edit,), Safety.SAFE, RunsOn.BOTH)


def _insert_first(file: PythonFile, method: Node, line: bytes) -> Edit | None:
    """The edit that adds a statement in front of a method's body, behind its docstring."""
    body = method.child_by_field_name("body")
    statements = [node for node in body.named_children if node.type != "comment"] if body is not None else []
    if statements and is_docstring(statements[0]):
        del statements[0]
    if not statements:
        return None
    first = statements[0]
    if not file.stands_alone(first):
        return file.source.edit(Span(first.start_byte, first.start_byte), line + b"; ")
    between = file.source.newline + file.indent(first)
    return file.source.edit(Span(first.start_byte, first.start_byte), line + between)
