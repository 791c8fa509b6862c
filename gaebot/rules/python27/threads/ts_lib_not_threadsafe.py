"""A bundled library keeps the current session, request or user for all requests.

## Why

Old versions of session libraries keep "the current session" in a name of their module and set it at the
beginning of each request. With `threadsafe: true` requests run at the same time: one of them sets it, and the
others go on with the session of another visitor. `gae-sessions` did so before version 1.07.

## Fix

Put a newer version of the library there, which keeps it in a `threading.local()`, or leave
`threadsafe: false`.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before gaesessions/__init__.py
_current_session = None


def get_current_session():
    return _current_session


class SessionMiddleware(object):
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        global _current_session
        _current_session = {'user': environ.get('REMOTE_USER')}
        return self.app(environ, start_response)
```

```python before main.py
import webapp2
import gaesessions


class Home(webapp2.RequestHandler):
    def get(self):
        self.response.write(gaesessions.get_current_session()['user'])


app = gaesessions.SessionMiddleware(webapp2.WSGIApplication([('/', Home)]))
```

## Source

gae-sessions, "make gae-sessions thread-safe" (2011-07-03, version 1.07). Google, "Migrating to Python 2.7",
Making Your Application Threadsafe.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.process.libraries import unsafe_libraries

RULE = Rule(__name__, Severity.ERROR, vendored=True)


def check(app: App) -> Iterator[Finding]:
    """Bundled libraries that assign the current request, session or user to a name of their module."""
    if not app.asks_for_any(app.is_vendored):
        return
    for library in unsafe_libraries(app):
        message = (
            f"{library.name} keeps `{library.kept}` for all requests: those that run at the same time get "
            "each other's. Put a newer version there, which uses `threading.local()`, or leave "
            "`threadsafe: false`."
        )
        worst = max(severity(app, path, Severity.ERROR) for path in library.users)
        yield RULE.finding(library.place, message, severity=worst)
