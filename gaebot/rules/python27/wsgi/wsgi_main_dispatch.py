"""A script picks one of several applications for each request.

## Why

App Engine loads one object per handler. A script that looks at the host or the path and then runs this
or that application can't be named in app.yaml as it stands.

## Fix

Write one WSGI application that hands the request on, at module level:

    def app(environ, start_response):
        if environ.get('HTTP_HOST', '').startswith('api.'):
            return api(environ, start_response)
        return site(environ, start_response)

and name it in app.yaml. Or give each application a handler of its own, when the URL alone decides.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python
api_version: 1
handlers:
- url: /.*
  script: main.py
```

```python before main.py
import os
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

api = webapp.WSGIApplication([])
site = webapp.WSGIApplication([])


def main():
    if os.environ['HTTP_HOST'].startswith('api.'):
        run_wsgi_app(api)
    else:
        run_wsgi_app(site)


if __name__ == '__main__':
    main()
```

## Source

Google, "Migrating to Python 2.7", Using WSGI. SDK: `google/appengine/runtime/wsgi.py`, `LoadObject`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.conversion.conversion import convert
from gaebot.rules.python27.shared.conversion.obstacles import Blocked
from gaebot.rules.python27.shared.scripts.adapters import ADAPTER_SPELLINGS
from gaebot.rules.python27.shared.scripts.handler_scripts import handler_scripts

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*ADAPTER_SPELLINGS))


def check(app: App) -> Iterator[Finding]:
    """CGI scripts that run one of several applications."""
    for script in handler_scripts(app):
        blocked = convert(app, script.path)
        if not script.is_cgi or not isinstance(blocked, Blocked) or not blocked.applications:
            continue
        names = ", ".join(
            dict.fromkeys(f"`{place.snippet.decode('latin-1')[:40]}`" for place in blocked.applications)
        )
        message = (
            f"This script runs one of several applications ({names}). Write one that picks: "
            "`def app(environ, start_response):` at module level, which returns "
            "`chosen(environ, start_response)`, and name it in app.yaml."
        )
        related = [Related(place, "Here another one is run.") for place in blocked.applications[1:]]
        yield RULE.finding(blocked.applications[0], message, related=related)
