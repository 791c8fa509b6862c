"""The middleware of appengine_config.py is wrapped around an application a second time.

## Why

The runtime calls `webapp_add_wsgi_middleware` of appengine_config.py for every WSGI application,
and so does `run_wsgi_app` for a CGI script. An application that is wrapped by hand as well runs
through the middleware twice: two sessions, two recordings, headers set twice.

Left alone are scripts that `run_bare_wsgi_app` or wsgiref's `CGIHandler` run as CGI, where the
wrapping by hand is the only one, and middleware that appengine_config.py does not add.

## Fix

Remove the wrapping by hand.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before appengine_config.py
from sessions import SessionMiddleware

def webapp_add_wsgi_middleware(app):
    return SessionMiddleware(app)
```

```python before main.py
import webapp2
from google.appengine.ext.webapp import util

app = webapp2.WSGIApplication([])
app = util.add_wsgi_middleware(app)
```

```python after main.py
import webapp2
from google.appengine.ext.webapp import util

app = webapp2.WSGIApplication([])
```

## Source

SDK: google/appengine/runtime/wsgi.py, `Handle`, and ext/webapp/util.py, `run_wsgi_app`, both call
`add_wsgi_middleware`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.scripts.adapters import adapter_calls
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.scripts.middleware import (
    ADD_BY_HAND,
    configured_middleware,
    is_run_with_middleware,
)
from gaebot.syntax.lines import drop_statement
from gaebot.syntax.nodes import arguments, text
from gaebot.syntax.python import PythonFile
from gaebot.text import Edit

RULE = Rule(__name__, Severity.WARNING)


def check(app: App) -> Iterator[Finding]:
    """Middleware that is wrapped around an application by hand and by the runtime or the adapter."""
    configured = configured_middleware(app)
    if configured is None:
        return
    names = ADD_BY_HAND | configured.names
    words = {name.rpartition(".")[2].encode() for name in names}
    for file in asked_files(app):
        is_config = file.path == configured.place.path
        if is_config or not any(word in file.file.source.data for word in words):
            continue
        if not (file.is_wsgi or _is_run_wrapped(file.file)):
            continue
        for call in file.file.calls(*names):
            given, _ = arguments(call)
            if given and file.runs(call):
                yield RULE.finding(
                    file.file.place(call),
                    "This wraps middleware around the application that appengine_config.py adds too, so it"
                    f" runs twice. Remove `{text(call.child_by_field_name('function'))}` here.",
                    related=[Related(configured.place, "added here for every application")],
                    fix=_fix(file.file, call, given[0]),
                )


def _is_run_wrapped(file: PythonFile) -> bool:
    """Whether the adapter that runs the application adds the middleware."""
    return any(is_run_with_middleware(file, adapter) for adapter in adapter_calls(file))


def _fix(file: PythonFile, call: Node, application: Node) -> Fix | None:
    edit = _drop_assignment(file, call, application)
    edit = edit or file.source.edit(file.span(call), application.text or b"")
    return Fix("Remove the second middleware", (edit,), Safety.REVIEW, RunsOn.BOTH)


def _drop_assignment(file: PythonFile, call: Node, application: Node) -> Edit | None:
    """The edit that takes `app = wrap(app)` away, or None when this is something else."""
    assignment = call.parent
    if assignment is None or assignment.type != "assignment":
        return None
    statement, left = assignment.parent, assignment.child_by_field_name("left")
    if statement is None or statement.parent is None or text(left) != text(application):
        return None
    others = [node for node in statement.parent.named_children if node.type != "comment"]
    return drop_statement(file, statement) if len(others) > 1 else None
