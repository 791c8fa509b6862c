"""A route leads to a function that makes a handler.

## Why

webapp called whatever stood in the table of routes to get a handler: a class, or a function that returns
one. webapp2 calls a function with the request, and takes what it returns for the response: "takes no
arguments (1 given)".

## Fix

Make a small class for it: `class Archive(Page): kind = 'archive'`.

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

class Page(webapp.RequestHandler):
    kind = None

def archive():
    page = Page()
    page.kind = 'archive'
    return page

app = webapp.WSGIApplication([('/archive', archive)])
```

## Source

SDK: google/appengine/ext/webapp/_webapp25.py, `WSGIApplication.__call__`; lib/webapp2-2.3/webapp2.py,
`Router.default_adapter`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.applications import parameter_counts
from gaebot.rules.python27.shared.scripts.definitions import definitions
from gaebot.rules.python27.shared.webapp.route_tables import applications

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("WSGIApplication"))


def check(app: App) -> Iterator[Finding]:
    """Each route to a function that can't take the request."""
    for application in applications(app):
        file = application.file
        for _, handler in application.routed:
            if handler.type == "lambda":
                parameters = handler.child_by_field_name("parameters")
                is_maker = parameters is None or not parameters.named_children
            else:
                found = definitions(app, file.file, handler)
                nodes = [each.node for each in found if each.node is not None]
                is_maker = bool(nodes) and all(
                    node.type == "function_definition" and parameter_counts(node)[1] == 0 for node in nodes
                )
            if is_maker and file.runs(application.call):
                message = (
                    "webapp2 calls this with the request and wants a response: route to a handler class."
                )
                yield RULE.finding(file.file.place(handler), message)
