"""Requests change a list, dictionary or set that a module keeps.

## Why

All requests of a process share it. CPython makes a single `append` or `d[key] = value` in one step, but
not what is built of several: a test and a removal, a loop and an addition. A loop over a dictionary
that another request changes ends with "dictionary changed size during iteration". And what is kept so
is kept in one of several processes only, and grows until that ends.

Where requests only ever add single items, nothing loops over them and nobody puts another container there,
it is a note. So it is where whoever takes something out, or looks for it, is prepared not to find it.

## Fix

Keep in memcache or the datastore what requests have in common, and make in the handler what belongs to
one request. Where it has to be a global, hold one lock around each use of it, the loops included.

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

online = set()


class Home(webapp2.RequestHandler):
    def get(self):
        online.add(self.request.remote_addr)
        for address in online:
            self.response.write(address)


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
    """Containers of modules that request code changes."""
    yield from race_findings(app, RULE)
