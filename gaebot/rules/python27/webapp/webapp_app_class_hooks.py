"""A class below `WSGIApplication` uses hooks that webapp2 calls otherwise.

## Why

webapp asked an application for `REQUEST_CLASS` and `RESPONSE_CLASS`. webapp2 asks for `request_class` and
`response_class`, so that the app's own classes are no longer used, without a word.

## Fix

Give the attribute both names: it then works on both runtimes.

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

class Response(webapp.Response):
    pass

class Application(webapp.WSGIApplication):
    RESPONSE_CLASS = Response

app = Application([])
```

```python after main.py
from google.appengine.ext import webapp

class Response(webapp.Response):
    pass

class Application(webapp.WSGIApplication):
    response_class = RESPONSE_CLASS = Response

app = Application([])
```

## Source

SDK: google/appengine/ext/webapp/_webapp25.py and lib/webapp2-2.3/webapp2.py, `WSGIApplication`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.definitions import means
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.handler_classes import base_nodes
from gaebot.rules.python27.shared.webapp.names import both
from gaebot.syntax.nodes import text
from gaebot.text import Span

_HOOKS = {"REQUEST_CLASS": "request_class", "RESPONSE_CLASS": "response_class"}

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*_HOOKS))


def check(app: App) -> Iterator[Finding]:
    """Each attribute by an old name in a class below the application's."""
    for file in asked_files(app):
        names = [name for name in _HOOKS if name.encode() in file.file.source.data]
        for node in file.file.keyword_nodes("class") if names else ():
            if not any(means(app, file.file, base, *both("WSGIApplication")) for base in base_nodes(node)):
                continue
            there = {text(name) for name, _ in _attributes(node)}
            for name, statement in _attributes(node):
                new = _HOOKS.get(text(name))
                if new is not None and new not in there and file.runs(node):
                    message = f"webapp2 asks an application for `{new}`, not for `{text(name)}`."
                    edit = file.file.source.edit(
                        Span(statement.start_byte, statement.start_byte), f"{new} = ".encode()
                    )
                    fix = Fix("Give it both names", (edit,), Safety.SAFE, RunsOn.BOTH)
                    yield RULE.finding(file.file.place(name), message, fix=fix)


def _attributes(node: Node) -> Iterator[tuple[Node, Node]]:
    """The names that assignments in a class body bind, each with its statement."""
    body = node.child_by_field_name("body")
    for statement in body.named_children if body is not None else []:
        inner = statement.named_children[0] if statement.type == "expression_statement" else None
        while inner is not None and inner.type == "assignment":
            left = inner.child_by_field_name("left")
            if left is not None and left.type == "identifier":
                yield left, statement
            inner = inner.child_by_field_name("right")
