"""A request is made in a way that newer WebOb refuses.

## Why

`Request(environ_getter=…)` raises TypeError in WebOb 1.1. In 1.2, for apps that ask for it, `charset` may
only be UTF-8.

## Fix

Give the environment itself: `Request(environ)`. With WebOb 1.2 write
`Request(environ).decode('iso-8859-1')` for another charset.

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
from webob import Request

def current(environ):
    return Request(environ_getter=lambda: environ)

app = webapp2.WSGIApplication([])
```

## Source

SDK: lib/webob_0_9/webob/__init__.py, lib/webob-1.1.1/webob/request.py and lib/webob-1.2.3/webob/request.py,
`Request.__init__`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.names import both
from gaebot.rules.python27.shared.webapp.webob_versions import asks_for_webob_12
from gaebot.syntax.nodes import arguments, string_value

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("environ_getter", "charset"))

_REQUESTS = ("webob.Request", "webob.request.Request", *both("Request"))


def check(app: App) -> Iterator[Finding]:
    """Each call of a class of requests with an argument that is refused."""
    for file in asked_files(app):
        if b"Request" not in file.file.source.data:
            continue
        for call in file.file.calls(*_REQUESTS):
            named = arguments(call)[1]
            if not file.runs(call):
                continue
            if "environ_getter" in named:
                message = "WebOb 1.1 takes no `environ_getter`: give the environment itself."
                yield RULE.finding(file.file.place(call), message)
            charset = string_value(named.get("charset"))
            if charset and charset.lower() not in {"utf-8", "utf8"} and asks_for_webob_12(app):
                message = (
                    "WebOb 1.2 takes UTF-8 alone for `charset`: use `Request(…).decode(…)` for another one."
                )
                yield RULE.finding(file.file.place(named["charset"]), message)
