"""Requests give a class attribute another value.

## Why

`cls.depth = 3`, `Page.depth = 3` and `self.__class__.depth = 3` change the one class that all requests
share, also where each request has an object of its own. Between the moment when a request sets it and
the moment when it is read, another request may have set it.

It is a note where the request does not read it again, where all requests set the same, or where none reads
it. `self.depth = 3` is left alone: it makes an attribute of the object.

## Fix

Make it an attribute of the object (`self.depth = 3`), or hand it on as an argument.

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


class Page(object):
    depth = 0


class Home(webapp2.RequestHandler):
    def get(self):
        for depth in (1, 2):
            Page.depth = depth
            self.response.write(Page.depth)


app = webapp2.WSGIApplication([('/', Home)])
```

## Source

Google, "Migrating to Python 2.7", Making Your Application Threadsafe.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.race_findings import race_findings

RULE = Rule(__name__, Severity.WARNING)


def check(app: App) -> Iterator[Finding]:
    """Class attributes that request code gives another value."""
    yield from race_findings(app, RULE)
