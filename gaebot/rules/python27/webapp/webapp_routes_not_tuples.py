"""A route is a list; webapp2 wants a tuple.

## Why

webapp took any pair of URL and handler. webapp2 takes a tuple for a route, and everything else for an
object that has routes: `['/', Main]` ends in AttributeError, "'list' object has no attribute
'get_match_routes'", while the module is imported.

## Fix

Write round brackets. That works on both runtimes.

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
    pass

app = webapp.WSGIApplication([['/', Main]])
```

```python after main.py
from google.appengine.ext import webapp

class Main(webapp.RequestHandler):
    pass

app = webapp.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webapp2-2.3/webapp2.py, `Router.add`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.webapp.route_tables import Application, applications
from gaebot.text import Edit, Span

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("WSGIApplication"))


def check(app: App) -> Iterator[Finding]:
    """One finding for each table with routes that are lists."""
    for application in applications(app):
        lists = [entry for entry in application.entries if entry.type == "list"]
        if lists and application.file.runs(application.call):
            edits = tuple(
                edit for entry in lists for edit in _brackets(application, entry.start_byte, entry.end_byte)
            )
            fix = Fix("Write the routes as tuples", edits, Safety.SAFE, RunsOn.BOTH)
            message = "webapp2 wants tuples for routes: a list raises AttributeError on python27."
            yield RULE.finding(application.file.file.place(lists[0]), message, fix=fix)


def _brackets(application: Application, start: int, end: int) -> Iterator[Edit]:
    source = application.file.file.source
    yield source.edit(Span(start, start + 1), b"(")
    yield source.edit(Span(end - 1, end), b")")
