"""`request.body_file` is no StringIO any more.

## Why

In WebOb 0.9 under webapp the body of a request could be read as a StringIO: `getvalue()`, `seek()`,
`len`. In WebOb 1.1 it is a file that is read once: AttributeError, "'LimitedLengthFile' object has no
attribute 'getvalue'". It can't be iterated over either, so `csv.reader(request.body_file)` fails.

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

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.messages import MessageUse, request_uses
from gaebot.rules.python27.shared.webapp.webob_versions import asks_for_webob_12
from gaebot.syntax.nodes import arguments, text

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("body_file"))

_MEMBERS = frozenset({"getvalue", "seek", "tell", "len", "truncate", "buf", "pos"})
# What the file of WebOb 1.1 lacks and that of 1.2 has again.
_MEMBERS_OF_12 = frozenset({"next", "close"})
_READERS = frozenset({"csv.reader", "csv.DictReader", "list", "enumerate"})


def check(app: App) -> Iterator[Finding]:
    """Each use of the body's file that wants a StringIO."""
    has_new_file = asks_for_webob_12(app)
    gone = _MEMBERS if has_new_file else _MEMBERS | _MEMBERS_OF_12
    for use in request_uses(app, asked_files(app)):
        body_file = use.member if use.member_name == "body_file" else None
        outer = body_file.parent if body_file is not None else None
        if body_file is None or outer is None:
            continue
        if not has_new_file and _is_iterated(use, body_file):
            message = "`body_file` can't be iterated over in WebOb 1.1: take the whole `body` and split it."
            yield RULE.finding(use.python.place(body_file), message)
        if outer.type != "attribute" or outer.children[0] != body_file:
            continue
        name = text(outer.child_by_field_name("attribute"))
        if name not in gone:
            continue
        message = f"`body_file` has no `{name}` on python27: take the whole `body`."
        call = outer.parent
        fix = None
        if name == "getvalue" and call is not None and call.type == "call":
            edit = use.python.source.edit(use.python.span(call), (use.node.text or b"") + b".body")
            fix = Fix("Take the whole body", (edit,), Safety.SAFE, RunsOn.BOTH)
        yield RULE.finding(use.python.place(outer), message, fix=fix)


def _is_iterated(use: MessageUse, body_file: Node) -> bool:
    """Whether the lines of the body are asked of its file: in a loop, or by what reads CSV."""
    outer = body_file.parent
    if outer is None:
        return False
    if outer.type in {"for_statement", "for_in_clause"}:
        return outer.child_by_field_name("right") == body_file
    call = outer.parent
    function = call.child_by_field_name("function") if call is not None and call.type == "call" else None
    is_first = call is not None and function is not None and arguments(call)[0][:1] == [body_file]
    return is_first and function is not None and use.python.refers_to(function, *_READERS)
