"""`best_matches` of an accept header leaves languages out, or is gone.

## Why

`request.accept_language.best_matches('en')` lists what the visitor takes, best first, and ends with the
fallback. WebOb 0.9 compared the fallback letter by letter; in 1.1 `en-US` counts for it too and is left out.
In 1.2 there is no such method, and `first_match` raises an error.

## Fix

`best_match(['en', 'de'], default_match='en')`: it chooses among what the app has, and is there in all
versions. It chooses the first of equals.

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
        languages = self.request.accept_language.best_matches('en')

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webob_0_9/webob/acceptparse.py, lib/webob-1.1.1/webob/acceptparse.py,
lib/webob-1.2.3/webob/acceptparse.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.messages import request_uses
from gaebot.rules.python27.shared.webapp.webob_versions import asks_for_webob_12
from gaebot.syntax.nodes import arguments, text

_HEADERS = ("accept", "accept_language", "accept_charset", "accept_encoding")
_METHODS = frozenset({"best_matches", "first_match"})

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*_METHODS))


def check(app: App) -> Iterator[Finding]:
    """Each call of the methods that have changed."""
    for use in request_uses(app, asked_files(app)):
        chain = use.member.parent if use.member is not None and use.member_name in _HEADERS else None
        name = text(chain.child_by_field_name("attribute")) if chain is not None else ""
        call = chain.parent if chain is not None else None
        if chain is None or call is None or name not in _METHODS:
            continue
        has_fallback = call.type == "call" and bool(arguments(call)[0] or arguments(call)[1])
        if asks_for_webob_12(app):
            message = f"WebOb 1.2 has no `{name}`: choose with `best_match` among what the app has."
            yield RULE.finding(use.python.place(chain), message, severity=Severity.ERROR)
        elif name == "best_matches" and has_fallback:
            message = "WebOb 1.1 leaves out what the fallback stands for, `en-US` for `en`: use `best_match`."
            yield RULE.finding(use.python.place(chain), message)
