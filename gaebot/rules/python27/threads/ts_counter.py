"""Shared state is read, changed and written back without a lock.

## Why

`hits += 1` reads, adds and writes. When two requests read the same value, one of the two additions is
lost. The same holds for `counts[key] = counts.get(key, 0) + 1` and `items = items + [item]`.

Who takes a number from a counter, `number = last; last += 1; return number`, needs the lock around all of
that: held for the `+=` alone, two requests get the same number. What is only shown or logged does not matter.

## Fix

The patch holds a lock from the read to the write, and to where the number is used after it. There is none
where something in between waits for a service. A lock helps within one process only: App Engine runs
several, so a number that has to be right belongs into the datastore or into memcache (`memcache.incr`).

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

hits = 0


class Home(webapp2.RequestHandler):
    def get(self):
        global hits
        hits += 1
        self.response.write('Visitor %d' % hits)


app = webapp2.WSGIApplication([('/', Home)])
```

```python after main.py
import threading
import webapp2

hits = 0
_hits_lock = threading.Lock()


class Home(webapp2.RequestHandler):
    def get(self):
        global hits
        with _hits_lock:
            hits += 1
        self.response.write('Visitor %d' % hits)


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
    """Request code that changes what it read from shared state, without a lock."""
    yield from race_findings(app, RULE)
