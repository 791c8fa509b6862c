"""A default value is changed, and kept from call to call.

## Why

Python makes the default value of a parameter once, when it defines the function. What one call puts
into such a list or dictionary, each later call without that argument finds there: on 2.5 in the next
request, with `threadsafe: true` in requests that run at the same time as well.

A dictionary that is filled on purpose, after a test or by `setdefault`, is a cache: that is a note. A default
that no known call leaves to count is left alone.

## Fix

Write `None` as the default, and make a new list or dictionary in the function when it is None.

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


def page(name, values={}):
    values['name'] = name
    return repr(values)


class Home(webapp2.RequestHandler):
    def get(self):
        self.response.write(page('home'))


app = webapp2.WSGIApplication([('/', Home)])
```

## Source

Python 2.7, "The Python Tutorial", 4.7.1. Default Argument Values. Google, "Migrating to Python 2.7",
Making Your Application Threadsafe.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.race_findings import race_findings

RULE = Rule(__name__, Severity.WARNING)


def check(app: App) -> Iterator[Finding]:
    """Default values that request code changes."""
    yield from race_findings(app, RULE)
