"""An object that all requests share keeps state of one.

## Why

A handler is made for each request, but other objects are not: a middleware, a WSGI application with
`__call__`, an object that a module makes and keeps (`cart = Cart()`). What a method of such an object
writes to `self`, or what code writes to the object, is seen by all requests that run at the same time.

One attribute that the request does not read back is a note, as the last one that sets it counts; several
of one object are a warning, since requests see the object while only some of them are changed. Left alone
are objects that each request makes anew, also where it puts them on a shared one.

## Fix

Keep in local names, and hand on as arguments, what belongs to one request. What all requests need is
changed under a lock. Data of a request in such an object is reported as `ts-request-state-global`.

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


class Printer(object):
    def show(self, lines):
        self.text = ''
        for line in lines:
            self.text = line
        return self.text


printer = Printer()


class Home(webapp2.RequestHandler):
    def get(self):
        self.response.write(printer.show(['one', 'two']))


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
    """Attributes of shared objects that request code changes."""
    yield from race_findings(app, RULE)
