"""A WSGI script runs its application while it is imported.

## Why

App Engine imports the script during the first request of an instance. A `main()` or `run_wsgi_app(...)`
that stands at module level without a guard then handles that request once, with its output going to the
log, and App Engine handles it again: mails are sent and entities written twice.

## Fix

Remove the call, with what only a CGI run needs.

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
import wsgiref.handlers
import webapp2

app = webapp2.WSGIApplication([])
wsgiref.handlers.CGIHandler().run(app)
```

```python after main.py
import webapp2

app = webapp2.WSGIApplication([])
```

## Source

SDK: `google/appengine/runtime/wsgi.py` (the module is imported in the first request).
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

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*ADAPTER_SPELLINGS))


def check(app: App) -> Iterator[Finding]:
    """WSGI scripts with an adapter call that importing them runs."""
    for script in handler_scripts(app):
        if not script.is_wsgi or script.is_cgi:
            continue
        for starter in find_entry(script.file).starters:
            conversion = convert(app, script.path)
            fix = None
            if isinstance(conversion, Conversion) and conversion.finish:
                fix = Fix(
                    "Remove the call that runs on import", conversion.finish, Safety.REVIEW, RunsOn.TARGET
                )
            message = (
                "The first request of every instance is handled twice: importing this module runs the "
                "application. Remove the call."
            )
            yield RULE.finding(script.file.place(starter), message, fix=fix)
