"""`main()` does more than run the application, and that would be lost.

## Why

A CGI script ran `main()` for every request. App Engine never calls it in a WSGI script, so whatever
else stands in it, or beside it under the `__name__` guard, silently stops happening. gaebot moves
what clearly belongs at module level (imports, log levels, template libraries, `sys.path`) and leaves
the rest to you. A script whose `main()` calls more than that stays a CGI script until you have moved it.

## Fix

Move what has to happen once per process to module level, and what has to happen for every request
into the handlers or a WSGI middleware. Then remove it from `main()`.

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
import counters

application = webapp.WSGIApplication([])


def main():
    counters.visit()
    run_wsgi_app(application)


if __name__ == '__main__':
    main()
```

## Source

Google, "Migrating to Python 2.7", Using WSGI. SDK: `google/appengine/runtime/cgi.py` (`main()` is
what a CGI run calls).
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
    """Statements of a handler script's entry that a WSGI application would not run."""
    for script in handler_scripts(app):
        conversion = convert(app, script.path)
        if not isinstance(conversion, Conversion):
            continue
        fix = None
        if not script.is_cgi and conversion.keeps_main and conversion.moves_setup and not conversion.prepare:
            title = "Move the set-up in `main()` to module level"
            fix = Fix(title, conversion.finish, Safety.REVIEW, RunsOn.TARGET)
        for place in conversion.leftovers:
            if script.is_wsgi and not script.is_cgi:
                message = "This never runs: App Engine does not call `main()` of a WSGI script. "
            else:
                message = "This runs for every request now and would never run in a WSGI script. "
            message += "Move it to module level, or into the handlers if each request needs it."
            yield RULE.finding(place, message, fix=fix)
