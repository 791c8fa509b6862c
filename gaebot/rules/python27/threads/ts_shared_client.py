"""Requests share a connection, a client or a converter that serves one caller at a time.

## Why

Such an object keeps in itself what it is doing. With `threadsafe: true` the requests of an instance use it at
the same time, and disturb each other:

- An RPC of urlfetch or memcache can be started once. The second request that starts it gets AssertionError,
  on Python 2.5 as well.
- `httplib.HTTPConnection` raises CannotSendRequest while it waits for the answer to another request (120 of
  160 times with four threads on CPython 2.7.18). So does `xmlrpclib.ServerProxy`, which opened a connection
  for each call on Python 2.5 and keeps one on 2.7. `httplib2.Http` keeps its connections, too.
- A `markdown.Markdown` keeps the blocks of the page that it converts: pages get parts of other pages.
- What several requests feed to one digest of `hashlib` gives the digest of none of them.
- `bind`, `filter` and `order` change a query of the datastore: the next `get` or `fetch` asks for what
  another request has bound.
- A client of `gdata` goes on with the token that it was told last, which may be another visitor's.

Left alone are objects that are made in the function, those that are used behind a lock or while modules are
loaded only, and what such objects can do for all: `copy()` of a digest, reading a feed that needs no token.

## Fix

Make the object in the function that uses it; a connection costs nothing before it is used. To keep settings
in one place, put a function there: `def client(): return DocsService(source='shop')`. Keep one for each
thread in a `threading.local()` where making it is slow.

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
import httplib
import webapp2

stock = httplib.HTTPConnection('stock.example.com')


class Main(webapp2.RequestHandler):
    def get(self):
        stock.request('GET', '/chairs')
        self.response.write(stock.getresponse().read())


app = webapp2.WSGIApplication([('/', Main)])
```

## Source

App Engine SDK 1.9.88, google/appengine/api/apiproxy_stub_map.py, `UserRPC.make_call`. CPython 2.7.18,
Lib/httplib.py, `HTTPConnection.putrequest`; Lib/xmlrpclib.py, `Transport.make_connection`. httplib2, "Thread
safety"; gdata-python-client, src/gdata/service.py, `SetOAuthToken`. Four threads, 40 calls each, for httplib,
xmlrpclib and Markdown 2.6.11.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.process.clients import asked_clients
from gaebot.rules.python27.shared.reach.requests import how

RULE = Rule(__name__, Severity.WARNING)

_OUTCOME = {
    "call": "it can be started once, and the second request that does so gets AssertionError",
    "connection": "a request that uses it while another one waits for its answer fails, or gets that answer",
    "converter": "the others change what it works on for one of them, and pages get parts of other pages",
    "digest": "what they feed to it gets mixed",
    "query": "it asks for what the last one of them has bound or filtered",
    "login": "it goes on with the token that it was told last, which may be another visitor's",
}
_GRAVE = frozenset({"call", "login"})
_MOST_RELATED = 5


def check(app: App) -> Iterator[Finding]:
    """One finding for each object that requests share."""
    for found in asked_clients(app):
        first, *others = found.uses
        message = (
            f"All requests of an instance use this one `{found.binding.text}`: {_OUTCOME[found.kind]}."
            f" Make it in the function that uses it. {how(app, first.function)}"
        )
        related = [Related(found.file.file.place(found.binding.name), "It is made here.")]
        related += [Related(use.file.file.place(use.node), "And here.") for use in others[:_MOST_RELATED]]
        worst = Severity.ERROR if found.kind in _GRAVE else RULE.severity
        level = worst if found.kind == "call" else severity(app, first.file.path, worst)
        yield RULE.finding(first.file.file.place(first.node), message, related=related, severity=level)
