"""The old names of a request's variables are gone.

## Why

`request.queryvars` and `postvars` were older names of `GET` and `POST` in WebOb 0.9. WebOb 1.1 raises an
error for them, "use GET instead"; 1.2 does not know them.

## Fix

`GET` and `POST`, `str_GET` and `str_POST`: they are there on both runtimes.

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
        self.show(self.request.queryvars['page'])

app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import webapp2

class Main(webapp2.RequestHandler):
    def get(self):
        self.show(self.request.GET['page'])

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webob_0_9/webob/__init__.py and lib/webob-1.1.1/webob/request.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.messages import request_uses

_NAMES = {"queryvars": "GET", "postvars": "POST", "str_queryvars": "str_GET", "str_postvars": "str_POST"}

RULE = Rule(__name__, Severity.ERROR, only_in=python_with(*_NAMES))


def check(app: App) -> Iterator[Finding]:
    """Each use of an old name."""
    for use in request_uses(app, asked_files(app)):
        new = _NAMES.get(use.member_name)
        name = use.member.child_by_field_name("attribute") if use.member is not None else None
        if new is not None and name is not None:
            message = f"`{use.member_name}` raises an error on python27: it is called `{new}`."
            edit = use.python.source.edit(use.python.span(name), new.encode())
            fix = Fix(f"Call it `{new}`", (edit,), Safety.SAFE, RunsOn.BOTH)
            yield RULE.finding(use.python.place(name), message, fix=fix)
