"""A class attribute is used as a cache without a lock.

## Why

Requests that come while the value is still missing all find it missing, and all make it: several trips
to the datastore instead of one. Where it is set before it is complete, or before the work that it
stands for is done, other requests go on with half of it.

A value that is only computed, without a service, a file or the network, is at worst made twice. That
does no harm, and a lock would cost more than it saves: such places are notes, without a patch. What import
code fetches once, before the first request, is left alone.

## Fix

The patch holds a lock from the test on, as Google's guide does. Requests then wait for each other
there: "Do not choose lightly to use locks." What can be made while the module is loaded needs none.

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
from google.appengine.ext import ndb


class Configuration(ndb.Model):
    title = ndb.StringProperty()
    _config_cache = None

    @classmethod
    def get_config(cls):
        if not cls._config_cache:
            cls._config_cache = cls.get_by_id('config')
        return cls._config_cache


class Home(webapp2.RequestHandler):
    def get(self):
        self.response.write(Configuration.get_config().title)


app = webapp2.WSGIApplication([('/', Home)])
```

```python after main.py
import threading
import webapp2
from google.appengine.ext import ndb


class Configuration(ndb.Model):
    title = ndb.StringProperty()
    _config_cache = None
    _config_lock = threading.Lock()

    @classmethod
    def get_config(cls):
        with cls._config_lock:
            if not cls._config_cache:
                cls._config_cache = cls.get_by_id('config')
        return cls._config_cache


class Home(webapp2.RequestHandler):
    def get(self):
        self.response.write(Configuration.get_config().title)


app = webapp2.WSGIApplication([('/', Home)])
```

## Source

Google, "Migrating to Python 2.7", Making Your Application Threadsafe. Its example lacks
`@classmethod`, without which the call fails.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.race_findings import race_findings

RULE = Rule(__name__, Severity.WARNING)


def check(app: App) -> Iterator[Finding]:
    """Class attributes that request code tests and then sets, without a lock."""
    yield from race_findings(app, RULE)
