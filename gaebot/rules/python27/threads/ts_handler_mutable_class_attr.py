"""Requests change a list, dictionary or set that a class keeps.

## Why

`class Page(webapp2.RequestHandler): values = {}` makes one dictionary, when the class is made. Each
request has a handler of its own, but `self.values['user'] = …` and `self.values.update(…)` change the
one dictionary: the next visitor finds there what the last one left, and requests that run at the same
time mix.

Left alone are attributes that a method gives the object before (`self.values = {}`), also in a class
above.

## Fix

Make it for each object: `self.values = {}` in `initialize()` of a handler, or in `__init__`.

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


class Home(webapp2.RequestHandler):
    lines = []

    def get(self):
        self.lines.append('Hello %s' % self.request.get('user'))
        self.response.write('<br>'.join(self.lines))


app = webapp2.WSGIApplication([('/', Home)])
```

## Source

Google, "Migrating to Python 2.7", Making Your Application Threadsafe. Seen with concurrent requests in
the SDK's development server.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.race_findings import race_findings

RULE = Rule(__name__, Severity.WARNING)


def check(app: App) -> Iterator[Finding]:
    """Containers of classes that request code changes."""
    yield from race_findings(app, RULE)
