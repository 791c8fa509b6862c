"""A function remembers its results without a lock.

## Why

A decorator that keeps results in a dictionary, or a function that keeps them in an attribute of its
own, shares them between all requests. Two requests that ask for the same thing at the same time both
work it out, which does no harm in itself. But such a memory only ever grows, each process has its own,
and none hears of changes.

## Fix

Nothing has to be done for `threadsafe: true`. Keep in memcache, with a time to live, what may grow
large or get old.

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


def remembered(function):
    results = {}

    def wrapper(*args):
        if args not in results:
            results[args] = function(*args)
        return results[args]
    return wrapper


@remembered
def square(number):
    return number * number


class Home(webapp2.RequestHandler):
    def get(self):
        self.response.write(square(3))


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

RULE = Rule(__name__, Severity.NOTE)


def check(app: App) -> Iterator[Finding]:
    """Decorators and functions that keep results for all requests."""
    yield from race_findings(app, RULE)
