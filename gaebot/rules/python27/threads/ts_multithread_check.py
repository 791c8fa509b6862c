"""The app asks whether it runs in threads.

## Why

`environ['wsgi.multithread']` says whether other threads may call the application at the same time. In a CGI
script it is always false. With `threadsafe: true` it is true, so that code which asks takes a way that it has
never taken before.

Left alone is code that puts the key into an environment, as tests do.

## Fix

Read both ways, and test the app with `threadsafe: true`. What only the other way needs can go.

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
        if self.request.environ['wsgi.multithread']:
            self.abort(500)

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

PEP 333, "environ Variables". SDK: google/appengine/tools/devappserver2/python/runtime/request_handler.py
gives the key the value of `threadsafe`. CPython 2.7: Lib/wsgiref/handlers.py, `BaseCGIHandler`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.reach.code import app_code
from gaebot.syntax.nodes import arguments, text

RULE = Rule(__name__, Severity.NOTE, only_in=python_with("multithread"))

_KEY = "wsgi.multithread"
_MOST_RELATED = 5


def check(app: App) -> Iterator[Finding]:
    """One note for each file that asks."""
    for file in app_code(app).asked:
        if _KEY.encode() not in file.file.source.data:
            continue
        reads = [read for key in file.file.strings(_KEY) for read in [_read(key)] if read is not None]
        reads = [read for read in reads if file.runs(read)]
        if reads:
            message = (
                "`wsgi.multithread` is true with `threadsafe: true`, and was false in a CGI script: this code"
                " then takes the other way. Test both."
            )
            first, *others = reads
            related = [Related(file.file.place(read), "And here.") for read in others[:_MOST_RELATED]]
            yield RULE.finding(file.file.place(first), message, related=related)


def _read(key: Node) -> Node | None:
    """The expression that looks the key up: `environ['…']`, `environ.get('…')`; None for other uses."""
    parent = key.parent
    if parent is None:
        return None
    if parent.type == "subscript" and parent.child_by_field_name("subscript") == key:
        holder = parent.parent
        is_set = holder is not None and holder.type in {"assignment", "augmented_assignment"}
        is_set = is_set and holder.child_by_field_name("left") == parent  # type: ignore[union-attr]
        return None if is_set or (holder is not None and holder.type == "delete_statement") else parent
    call = parent.parent if parent.type == "argument_list" else None
    function = call.child_by_field_name("function") if call is not None and call.type == "call" else None
    if call is None or function is None or arguments(call)[0][:1] != [key]:
        return None
    return call if text(function.child_by_field_name("attribute")) == "get" else None
