"""A CGI script without `main()` is loaded anew for every request.

## Why

On both runtimes a CGI script stays loaded only when it has a function `main` that can be called without
arguments. Any other is executed from its first line for each request.

## Fix

Make it a WSGI application. While it stays a CGI script, put what runs into `main()`.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: false
handlers:
- url: /.*
  script: main.py
```

```python before main.py
print 'Content-Type: text/plain'
print
print 'Hello'
```

## Source

Google, "Migrating to Python 2.7", Using WSGI. SDK: google/appengine/runtime/cgi.py, `HandleRequest`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.services import NEW_RUNTIME
from gaebot.rules.python27.shared.scripts.handler_scripts import handler_scripts

RULE = Rule(__name__, Severity.NOTE, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Each such script of a service on python27."""
    for script in handler_scripts(app):
        use = next(
            (use for service, use in script.uses if use.script.is_cgi and service.runtime == NEW_RUNTIME),
            None,
        )
        if use is not None and not script.has_main:
            message = f"`{script.path}` has no `main()` and is loaded anew for every request."
            yield RULE.finding(use.place, message)
