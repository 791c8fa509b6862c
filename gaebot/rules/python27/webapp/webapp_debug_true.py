"""`debug=True` shows errors otherwise in webapp2.

## Why

With `debug=True` webapp wrote the traceback as the page. webapp2 2.3, which python27 gives an app that
asks for no other version, raises the exception on, and the visitor gets an empty page; 2.5.2 writes the
traceback again.

## Fix

Show tracebacks on the development server only:
`debug=os.environ.get('SERVER_SOFTWARE', '').startswith('Dev')`.

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

app = webapp2.WSGIApplication([], debug=True)
```

## Source

SDK: lib/webapp2-2.3/webapp2.py and lib/webapp2-2.5.2/webapp2.py, `WSGIApplication.__call__` and
`_internal_error`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.webapp.route_tables import applications

RULE = Rule(__name__, Severity.NOTE, only_in=python_with("WSGIApplication"))

_MOST_RELATED = 3


def check(app: App) -> Iterator[Finding]:
    """One note for each app that always shows tracebacks."""
    places = [
        application.file.file.place(application.debug)
        for application in applications(app)
        if application.debug is not None
        and application.debug.type == "true"
        and application.file.runs(application.call)
    ]
    if places:
        message = (
            "With `debug=True` webapp2 2.3 answers an error with an empty page, and 2.5.2 shows visitors the"
            " traceback: ask for it on the development server only."
        )
        related = [Related(place, "And here.") for place in places[1 : 1 + _MOST_RELATED]]
        yield RULE.finding(places[0], message, related=related)
