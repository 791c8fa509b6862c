"""The WSGI application is built inside `main()` or inside the call that runs it.

## Why

App Engine imports a WSGI script and looks its application up by name, so it must be bound at module
level. A script like this one works as a CGI script only.

## Fix

Move the statements that build it to module level, under the name that they use already, and keep
`main()`: the result still runs as a CGI script, so it can be merged before the app moves. Names that
are taken are respected, and a middleware chain moves along in its order.

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
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app
from sessions import SessionMiddleware


class Home(webapp.RequestHandler):
    def get(self):
        self.response.out.write('welcome')


def main():
    application = webapp.WSGIApplication([('/', Home)], debug=True)
    # sessions go around everything
    application = SessionMiddleware(application)
    run_wsgi_app(application)


if __name__ == '__main__':
    main()
```

```python after main.py
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app
from sessions import SessionMiddleware


class Home(webapp.RequestHandler):
    def get(self):
        self.response.out.write('welcome')


application = webapp.WSGIApplication([('/', Home)], debug=True)
# sessions go around everything
application = SessionMiddleware(application)


def main():
    run_wsgi_app(application)


if __name__ == '__main__':
    main()
```

## Source

Google, "Migrating to Python 2.7", Using WSGI ("move your WSGI application object to the global
scope"). SDK: `google/appengine/runtime/wsgi.py`, `LoadObject`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.conversion.conversion import Conversion, convert
from gaebot.rules.python27.shared.scripts.adapters import ADAPTER_SPELLINGS
from gaebot.rules.python27.shared.scripts.handler_scripts import handler_scripts

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*ADAPTER_SPELLINGS))


def check(app: App) -> Iterator[Finding]:
    """Handler scripts whose application is not bound at module level."""
    for script in handler_scripts(app):
        conversion = convert(app, script.path)
        if not isinstance(conversion, Conversion) or not conversion.prepare:
            continue
        name = conversion.attribute
        message = (
            "App Engine can only load an application that is bound at module level: move it there, as "
            f"`{name}`."
        )
        safety = Safety.SAFE if conversion.is_provable else Safety.REVIEW
        fix = Fix(
            f"Bind the application to `{name}` at module level", conversion.prepare, safety, RunsOn.BOTH
        )
        severity = Severity.ERROR if script.is_wsgi else None
        yield RULE.finding(conversion.application, message, fix=fix, severity=severity)
