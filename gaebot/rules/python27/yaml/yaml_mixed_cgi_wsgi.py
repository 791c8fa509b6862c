"""CGI scripts and WSGI applications stand in one app.yaml.

## Why

Google's guide: "you can not have an app.yaml file that mixes CGI scripts and WSGI applications". The
SDK accepts it when `threadsafe` is false, so it is easy to end up there; what production makes of it
is not documented. The handlers of `builtins:` are not counted.

## Fix

The remaining CGI scripts become WSGI applications, when all of them can.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: false
handlers:
- url: /admin
  script: admin.py
- url: /.*
  script: main.app
```

```python before admin.py
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

application = webapp.WSGIApplication([])


def main():
    run_wsgi_app(application)


if __name__ == '__main__':
    main()
```

```yaml after app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: false
handlers:
- url: /admin
  script: admin.application
- url: /.*
  script: main.app
```

```python after admin.py
from google.appengine.ext import webapp

application = webapp.WSGIApplication([])
```

## Source

Google, "Migrating to Python 2.7", Using WSGI.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.conversion.switch import switches
from gaebot.service import Role

RULE = Rule(__name__, Severity.WARNING, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Services whose own handlers are of both kinds."""
    for switch in switches(app):
        uses = [use for use in switch.service.scripts if use.role is Role.HANDLER]
        cgi = [use for use in uses if use.script.is_cgi]
        # What takes its name from the URL (`\1`) can be of either kind.
        wsgi = [use for use in uses if not use.script.is_cgi and not use.script.has_backreference]
        if not cgi or not wsgi:
            continue
        message = (
            f"{switch.service.path} names CGI scripts (`{cgi[0].script.text}`) and WSGI applications "
            f"(`{wsgi[0].script.text}`), which Google's guide rules out: make them all WSGI applications."
        )
        related = [Related(wsgi[0].place, "This is a WSGI application.")]
        fix = switch.fix if switch.converts else None
        yield RULE.finding(cgi[0].place, message, fix=fix, related=related)
