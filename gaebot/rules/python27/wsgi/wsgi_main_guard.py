"""`main()`, the `__name__` guard and `run_wsgi_app` are left over in a WSGI script.

## Why

They made CGI scripts start and stay cached. App Engine imports a WSGI script and calls its
application, so they never run again and only mislead readers. Also known as `wsgi-run-adapter`.

## Fix

Remove them, with the imports that only they needed. Statements in `main()` that set something up for
the whole process (a log level, a template library) move to module level. A `main()` that does more,
or that other code calls, stays.

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

```python before main.py
import webapp2
from google.appengine.ext.webapp.util import login_required, run_wsgi_app

app = webapp2.WSGIApplication([])


def main():
    run_wsgi_app(app)


if __name__ == '__main__':
    main()
```

```python after main.py
import webapp2
from google.appengine.ext.webapp.util import login_required

app = webapp2.WSGIApplication([])
```

## Source

Google, "Migrating to Python 2.7", Using WSGI ("these steps are no longer necessary").
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.conversion.conversion import Conversion, convert
from gaebot.rules.python27.shared.scripts.adapters import ADAPTER_SPELLINGS
from gaebot.rules.python27.shared.scripts.entry import find_entry
from gaebot.rules.python27.shared.scripts.handler_scripts import handler_scripts

RULE = Rule(__name__, Severity.NOTE, only_in=python_with(*ADAPTER_SPELLINGS))


def check(app: App) -> Iterator[Finding]:
    """WSGI scripts with an entry for CGI runs that can go."""
    for script in handler_scripts(app):
        conversion = convert(app, script.path)
        if (
            script.is_cgi
            or not isinstance(conversion, Conversion)
            or conversion.prepare
            or conversion.keeps_main
            or not conversion.finish
        ):
            continue
        entry = find_entry(script.file)
        if entry.starters:
            continue  # it does run, on import: a rule of its own
        start = (*entry.functions, *entry.guards)[0]
        message = "This only runs in a CGI script, and this file is served as a WSGI application: remove it."
        safety = Safety.REVIEW if conversion.moves_setup else Safety.SAFE
        fix = Fix("Remove what only a CGI run executes", conversion.finish, safety, RunsOn.TARGET)
        yield RULE.finding(script.file.place(start), message, fix=fix)
