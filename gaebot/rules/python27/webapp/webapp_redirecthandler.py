"""`RedirectHandler.new_factory` is gone.

## Why

webapp made redirects with `RedirectHandler.new_factory('/home')`. webapp2's `RedirectHandler` has no such
method: AttributeError while the module is imported. It takes the address from the route's defaults, and
redirects for good unless told otherwise, where webapp did so only when asked.

## Fix

`webapp2.Route('/old', webapp2.RedirectHandler, defaults={'_uri': '/new', '_permanent': False})`. The fix
does that for URLs that hold nothing special in a regular expression.

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
from google.appengine.ext import webapp

app = webapp.WSGIApplication([
    ('/old', webapp.RedirectHandler.new_factory('/new')),
])
```

```python after main.py
import webapp2
from google.appengine.ext import webapp

app = webapp.WSGIApplication([
    webapp2.Route('/old', webapp2.RedirectHandler, defaults={'_uri': '/new', '_permanent': False}),
])
```

## Source

SDK: google/appengine/ext/webapp/_webapp25.py and lib/webapp2-2.3/webapp2.py, `RedirectHandler`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.definitions import means
from gaebot.rules.python27.shared.webapp.names import WEBAPP2, both
from gaebot.rules.python27.shared.webapp.route_tables import Application, applications
from gaebot.syntax.imports import imported_as
from gaebot.syntax.nodes import arguments, string_value, text

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("new_factory"))

_HANDLER = both("RedirectHandler")
_PLAIN = re.compile(r"[\w/-]+")


def check(app: App) -> Iterator[Finding]:
    """Each route that makes a redirect by the old method."""
    for application in applications(app):
        file = application.file
        for pattern, handler in application.routed:
            function = handler.child_by_field_name("function") if handler.type == "call" else None
            if function is None or not text(function).endswith(".new_factory"):
                continue
            owner = function.child_by_field_name("object")
            if owner is not None and means(app, file.file, owner, *_HANDLER) and file.runs(application.call):
                message = "webapp2's `RedirectHandler` has no `new_factory`: use a `Route` with `defaults`."
                fix = _fix(application, pattern, handler) if has_switched(app) else None
                yield RULE.finding(file.file.place(handler), message, fix=fix)


def _fix(application: Application, pattern: Node, handler: Node) -> Fix | None:
    file, entry = application.file.file, handler.parent
    name = imported_as(file, WEBAPP2)
    positional, named = arguments(handler)
    target = positional[0] if positional else named.get("path")
    permanent = positional[1] if len(positional) > 1 else named.get("permanent")
    url = string_value(pattern)
    if name is None or target is None or entry is None or url is None or not _PLAIN.fullmatch(url):
        return None
    flag = text(permanent) if permanent is not None else "False"
    new = (
        f"{name}.Route({text(pattern)}, {name}.RedirectHandler,"
        f" defaults={{'_uri': {text(target)}, '_permanent': {flag}}})"
    )
    edit = file.source.edit(file.span(entry), new.encode("latin-1"))
    return Fix("Redirect with a route", (edit,), Safety.REVIEW, RunsOn.TARGET)
