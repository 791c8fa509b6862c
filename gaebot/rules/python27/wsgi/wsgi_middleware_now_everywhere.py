"""A script that ran without the app's middleware gets it as a WSGI application.

## Why

`webapp_add_wsgi_middleware` in appengine_config.py was applied by `run_wsgi_app` alone. A script
that ran its application through `run_bare_wsgi_app` or wsgiref's `CGIHandler` had no middleware.
The runtime wraps it around every WSGI application, so that script gets it with the switch: sessions,
recorded statistics, whatever the middleware does.

## Fix

See whether the middleware may wrap this application too. If not, let it look at the path:

    def webapp_add_wsgi_middleware(app):
        wrapped = SessionMiddleware(app)
        def choose(environ, start_response):
            chosen = app if environ['PATH_INFO'].startswith('/api/') else wrapped
            return chosen(environ, start_response)
        return choose

## Example

```yaml before app.yaml
runtime: python
api_version: 1
handlers:
- url: /.*
  script: main.py
```

```python before appengine_config.py
from sessions import SessionMiddleware

def webapp_add_wsgi_middleware(app):
    return SessionMiddleware(app)
```

```python before main.py
import wsgiref.handlers
from google.appengine.ext import webapp

application = webapp.WSGIApplication([])

if __name__ == '__main__':
    wsgiref.handlers.CGIHandler().run(application)
```

## Source

SDK: google/appengine/runtime/wsgi.py, `Handle`, calls `add_wsgi_middleware` for every request;
ext/webapp/util.py, `run_wsgi_app` and `run_bare_wsgi_app`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.sdk_scripts import RUN_BARE
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.scripts.adapters import adapter_calls
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.scripts.middleware import (
    ADD_BY_HAND,
    configured_middleware,
    is_run_with_middleware,
)

RULE = Rule(__name__, Severity.WARNING)


def check(app: App) -> Iterator[Finding]:
    """CGI scripts, of the app and of the SDK, that leave the configured middleware out."""
    configured = configured_middleware(app)
    if configured is None:
        return
    related = Related(configured.place, "This is the middleware.")
    for use in {use.node: use for service in python_services(app) for use in service.scripts}.values():
        if use.script.is_cgi and use.script.is_sdk and use.script.path in RUN_BARE:
            message = (
                "This script of the SDK runs without the middleware of appengine_config.py; as a WSGI"
                " application it gets it. See whether that is right for it."
            )
            yield RULE.finding(use.place, message, related=[related], severity=Severity.NOTE)
    for file in asked_files(app):
        is_cgi = any(script.is_cgi for script in file.scripts)
        adds_itself = any(name.rpartition(".")[2].encode() in file.file.source.data for name in ADD_BY_HAND)
        if not is_cgi or adds_itself:
            continue
        for adapter in adapter_calls(file.file):
            if file.runs(adapter.call) and not is_run_with_middleware(file.file, adapter):
                message = (
                    "This application runs without the middleware of appengine_config.py; as a WSGI"
                    " application it gets it. See whether that is right for it."
                )
                yield RULE.finding(file.file.place(adapter.call), message, related=[related])
