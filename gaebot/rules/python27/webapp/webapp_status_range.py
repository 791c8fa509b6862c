"""A status is set that python27 does not let out.

## Why

The WSGI runtime takes status codes from 200 to 599; others end in InvalidResponseError and a 500.

## Fix

Use a code of that range.

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
        self.response.set_status(100)

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: google/appengine/runtime/wsgi.py, `WsgiRequest._StartResponse`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.messages import receivers, response_uses
from gaebot.syntax.nodes import arguments, text
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("set_status", "error"))

_FIRST, _BEHIND = 200, 600


def check(app: App) -> Iterator[Finding]:
    """Each call of `set_status` and of `self.error` with a number outside the range."""
    for use in response_uses(app, asked_files(app)):
        if use.member is not None and use.member_name == "set_status":
            yield from _judge(use.python, use.member)
    for receiver in receivers(app, asked_files(app)):
        file = receiver.file.file
        for name in file.identifiers("error", within=receiver.function):
            chain = name.parent
            is_own = chain is not None and text(chain.child_by_field_name("object")) == receiver.name
            if chain is not None and chain.type == "attribute" and is_own and receiver.file.runs(chain):
                yield from _judge(file, chain)


def _judge(file: PythonFile, method: Node) -> Iterator[Finding]:
    call = method.parent
    is_called = call is not None and call.type == "call" and call.child_by_field_name("function") == method
    given = arguments(call)[0] if call is not None and is_called else []
    if given and given[0].type == "integer" and text(given[0]).isdecimal():
        code = int(text(given[0]))
        if not _FIRST <= code < _BEHIND:
            message = f"python27 answers with a 500 instead of {code}: a status is from 200 to 599."
            yield RULE.finding(file.place(given[0]), message)
