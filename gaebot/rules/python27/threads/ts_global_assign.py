"""Requests give a name of a module another value.

## Why

All requests share the names of a module. Between the moment when one request sets such a name and the
moment when it, or a function that it calls, reads it, another request may have set it. On 2.5 requests
came one after the other, so that a global served as a second way to hand something on.

It is a note where the request does not read the name again: then the last one that sets it counts, as
before. So it is where all requests set the same, or where none reads the name. What is set by code that
import code calls first is left alone, and so are names that say they are for tests.

## Fix

Hand the value on as an argument. What belongs to one request can be kept in a `threading.local()` that
each request sets anew; what all requests need is changed under a lock.

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

language = 'en'


def choose(names):
    global language
    language = names[0]


class Home(webapp2.RequestHandler):
    def get(self):
        choose(['de', 'en'])
        self.response.write(language)


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
    """Names of modules that request code gives another value."""
    yield from race_findings(app, RULE)
