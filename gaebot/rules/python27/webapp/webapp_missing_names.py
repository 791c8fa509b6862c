"""The app uses names of webapp that webapp2 does not have.

## Why

On python27 `google.appengine.ext.webapp` gives the names of webapp2. `webapp.Error` and the other
exceptions, and modules that webapp only happened to import, are not among them: AttributeError when the
line runs, which for an `except webapp.Error` is when something else has gone wrong already. Handlers have
no `get_url` and no `new_factory`, applications no `get_registered_handler_by_name`.

## Fix

`Exception` takes the place of `webapp.Error`. For `get_url` name the route, `webapp2.Route('/x', X,
name='x')`, and ask `webapp2.uri_for('x')`.

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
    def get(self):
        try:
            self.work()
        except webapp.Error:
            self.error(404)

app = webapp.WSGIApplication([('/', Main)])
```

```python after main.py
from google.appengine.ext import webapp

class Main(webapp.RequestHandler):
    def get(self):
        try:
            self.work()
        except Exception:
            self.error(404)

app = webapp.WSGIApplication([('/', Main)])
```

## Source

SDK: the names that `from … import *` takes from google/appengine/ext/webapp/_webapp25.py and from
lib/webapp2-2.3/webapp2.py, compared under CPython 2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.definitions import definitions
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.rules.python27.shared.webapp.handler_classes import HandlerClass, handler_of
from gaebot.rules.python27.shared.webapp.names import GONE, WEBAPP
from gaebot.syntax.imports import is_free
from gaebot.syntax.nodes import ancestors, text

_METHODS = {
    "get_url": "name the route and ask `webapp2.uri_for`",
    "new_factory": "make a small subclass, or pass the values with `webapp2.Route(…, defaults=…)`",
}

RULE = Rule(__name__, Severity.ERROR, only_in=python_with(*GONE, *_METHODS))


def check(app: App) -> Iterator[Finding]:
    """Names of the module, and methods of handlers, that are gone."""
    origins = tuple(f"{WEBAPP}.{name}" for name in GONE)
    for file in asked_files(app):
        if b"webapp" not in file.file.source.data:
            continue
        for node in file.file.references(*origins):
            if not file.runs(node) or not _is_of_module(node):
                continue
            name = text(node).rpartition(".")[2]
            instead = GONE.get(name, GONE["Error"])
            message = f"webapp2 has no `{name}`: use {instead}."
            yield RULE.finding(file.file.place(node), message, fix=_fix(file, node))
        yield from _methods(app, file)


def _is_of_module(node: Node) -> bool:
    """Whether a node spells the name as a member of the module, not by way of an import of its own."""
    return node.type == "attribute"


def _fix(file: RequestFile, node: Node) -> Fix | None:
    if text(node).rpartition(".")[2] != "Error" or (not is_free(file.file, "Exception") and _is_bound(file)):
        return None
    edit = file.file.source.edit(file.file.span(node), b"Exception")
    return Fix("Use `Exception`", (edit,), Safety.REVIEW, RunsOn.BOTH)


def _is_bound(file: RequestFile) -> bool:
    return "Exception" in file.file.scope.bindings


def _methods(app: App, file: RequestFile) -> Iterator[Finding]:
    """Calls of `Handler.get_url` and `Handler.new_factory`, where no class of the app defines them."""
    words = [name for name in _METHODS if name.encode() in file.file.source.data]
    for name in file.file.identifiers(*words) if words else ():
        node = name.parent
        if node is None or node.type != "attribute" or node.children[0] == name or not file.runs(node):
            continue
        owner = node.child_by_field_name("object")
        handler = _handler(app, file, owner) if owner is not None else None
        if handler is not None and handler.method(text(name)) is None:
            message = f"webapp2's handlers have no `{text(name)}`: {_METHODS[text(name)]}."
            yield RULE.finding(file.file.place(node), message)


def _handler(app: App, file: RequestFile, owner: Node) -> HandlerClass | None:
    """The handler class that an expression is, or of which it is an instance as `self`."""
    if text(owner) in {"self", "cls"}:
        around = next((node for node in ancestors(owner) if node.type == "class_definition"), None)
        return handler_of(app, file.file, around) if around is not None else None
    found = definitions(app, file.file, owner)
    handlers = (handler_of(app, each.file, each.node) for each in found if each.file and each.node)
    return next(filter(None, handlers), None)
