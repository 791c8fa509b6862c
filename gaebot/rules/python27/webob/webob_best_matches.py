"""`best_matches` of an accept header is cut short, or gone.

## Why

`request.accept_language.best_matches('en')` listed all languages of the visitor in WebOb 0.9. In 1.1 the
list ends with the fallback; in 1.2 there is no such method, and `first_match` raises an error.

## Fix

`best_match(['en', 'de'], default_match='en')`: it chooses among what the app has, and is there in all
versions.

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
from gaebot.rule import Rule
from gaebot.rules.python27.shared.webapp.messages import request_uses
from gaebot.rules.python27.shared.webapp.webob_versions import asks_for_webob_12
from gaebot.syntax.python import text

RULE = Rule(__name__, Severity.WARNING)

_HEADERS = ("accept", "accept_language", "accept_charset", "accept_encoding")


def check(app: App) -> Iterator[Finding]:
    """Each call of the methods that have changed."""
    for use in request_uses(app):
        outer = use.member.parent if use.member is not None and use.member_name in _HEADERS else None
        name = text(outer.child_by_field_name("attribute")) if outer is not None else ""
        if outer is None or name not in {"best_matches", "first_match"}:
            continue
        is_new = asks_for_webob_12(app)
        if is_new:
            message = f"WebOb 1.2 has no `{name}`: choose with `best_match` among what the app has."
            yield RULE.finding(use.python.place(outer), message, severity=Severity.ERROR)
        elif name == "best_matches":
            message = "In WebOb 1.1 this list ends with the fallback: choose with `best_match`."
            yield RULE.finding(use.python.place(outer), message)
