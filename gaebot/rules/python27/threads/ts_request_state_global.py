"""Data of one request is kept where all requests find it.

## Why

With `threadsafe: true` several requests run at the same time in one process. What one of them puts into
a name of a module, an attribute of a class or of a shared object, the others read: a visitor gets the
page, the name or the rights of another one. On 2.5 the next request overwrote the value before it was
read.

Data of a request is what comes from `self`, `self.request` and `self.response` of a handler, from the
arguments of views and handlers, from `users.get_current_user()`, the session, cookies and the CGI
variables, also by way of local names and of arguments that callers hand on.

It is an error where the same request reads it back, and where any request reads who the visitor is. Else it
is a warning: whoever reads it gets the value of any request. An attribute of an object that is not read
back, as of one that holds the settings of a site, is a note of `ts-self-state-on-shared-instance`.

Left alone are attributes of the handler itself, which is made for each request, `threading.local()`, and
what is stored under a key of its own (`cache[user_id] = …`).

## Fix

Hand the value on as an argument, or keep it on the request (`self.request.registry` of webapp2). Code
that can't be changed gets a `threading.local()`, which has to be set anew at the beginning of each
request.

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

current_user = None


def greeting():
    return 'Hello %s' % current_user


class Home(webapp2.RequestHandler):
    def get(self):
        global current_user
        current_user = self.request.get('user')
        self.response.write(greeting())


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

RULE = Rule(__name__, Severity.ERROR)


def check(app: App) -> Iterator[Finding]:
    """Request code that keeps data of its request in shared state."""
    yield from race_findings(app, RULE)
