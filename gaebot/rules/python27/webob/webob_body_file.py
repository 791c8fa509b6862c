"""`request.body_file` is no StringIO any more.

## Why

In WebOb 0.9 under webapp the body of a request could be read as a StringIO: `getvalue()`, `seek()`,
`len`. In WebOb 1.1 it is a file that is read once: AttributeError, "'LimitedLengthFile' object has no
attribute 'getvalue'".

## Fix

`self.request.body` for the whole body, which works on both runtimes. What wants to seek asks for
`request.body_file_seekable` on python27.

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
    def post(self):
        self.save(self.request.body_file.getvalue())

app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import webapp2

class Main(webapp2.RequestHandler):
    def post(self):
        self.save(self.request.body)

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webob_0_9/webob/__init__.py and lib/webob-1.1.1/webob/request.py, `body_file`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.webapp.messages import request_uses
from gaebot.syntax.python import text

RULE = Rule(__name__, Severity.ERROR)

_MEMBERS = frozenset({"getvalue", "seek", "tell", "len", "truncate", "buf"})


def check(app: App) -> Iterator[Finding]:
    """Each use of the body's file that wants a StringIO."""
    for use in request_uses(app):
        body_file = use.member if use.member_name == "body_file" else None
        outer = body_file.parent if body_file is not None else None
        if body_file is None or outer is None or outer.type != "attribute" or outer.children[0] != body_file:
            continue
        name = text(outer.child_by_field_name("attribute"))
        if name not in _MEMBERS:
            continue
        message = f"`body_file` has no `{name}` on python27: take the whole `body`."
        call = outer.parent
        fix = None
        if name == "getvalue" and call is not None and call.type == "call":
            edit = use.python.source.edit(use.python.span(call), (use.node.text or b"") + b".body")
            fix = Fix("Take the whole body", (edit,), Safety.SAFE, RunsOn.BOTH)
        yield RULE.finding(use.python.place(outer), message, fix=fix)
