"""A handler has an attribute or a method that webapp2 uses itself.

## Why

webapp2 sets `self.app` of a handler to the application for each request, so that an attribute `app` of
the class is gone. It calls `dispatch()` instead of `get` or `post`: a method that happens to have that
name takes over every request of the handler.

Left alone is a `dispatch` that calls the one above, which is written for webapp2.

## Fix

Give it another name, everywhere.

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
    app = 'guestbook'

    def get(self):
        self.response.out.write(self.app)

app = webapp.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webapp2-2.3/webapp2.py, `RequestHandler.initialize` and `Webapp2HandlerAdapter`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.handler_classes import HandlerClass, handler_classes_in
from gaebot.syntax.nodes import text

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("app", "dispatch"))


def check(app: App) -> Iterator[Finding]:
    """Attributes called `app`, and methods called `dispatch` that were not written for webapp2."""
    for handler in handler_classes_in(app, asked_files(app)):
        if not handler.request_file.runs(handler.node):
            continue
        attribute = _attribute(handler)
        if attribute is not None:
            message = "webapp2 sets `self.app` to the application for each request: give this another name."
            yield RULE.finding(handler.file.place(attribute), message)
        method = handler.methods.get("dispatch")
        if method is not None and not _is_for_webapp2(handler, method):
            message = "webapp2 calls `dispatch` instead of `get` or `post`: give this method another name."
            yield RULE.finding(handler.file.place(method.child_by_field_name("name") or method), message)


def _attribute(handler: HandlerClass) -> Node | None:
    body = handler.node.child_by_field_name("body")
    for statement in body.named_children if body is not None else []:
        inner = statement.named_children[0] if statement.type == "expression_statement" else None
        left = inner.child_by_field_name("left") if inner is not None and inner.type == "assignment" else None
        if left is not None and text(left) == "app":
            return left
    method = handler.methods.get("app")
    return method.child_by_field_name("name") if method is not None else None


def _is_for_webapp2(handler: HandlerClass, method: Node) -> bool:
    """Whether a `dispatch` hands on to the one above, or the file knows webapp2 by its name."""
    return ".dispatch(" in text(method) or b"import webapp2" in handler.file.source.data
