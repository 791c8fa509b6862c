"""A backend starts with a CGI script.

## Why

`start:` of a backend becomes the handler of `/_ah/start`. It has to be a WSGI application like the
handlers in app.yaml before requests can be served concurrently. No local tool checks it.

## Fix

Name the WSGI application, together with the other scripts of the app.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: false
handlers:
- url: /.*
  script: main.app
```

```yaml before backends.yaml
backends:
- name: worker
  class: B2
  start: worker.py
```

```python before worker.py
from google.appengine.ext import webapp
from google.appengine.ext.webapp import util


class Start(webapp.RequestHandler):
    def get(self):
        pass


def main():
    util.run_wsgi_app(webapp.WSGIApplication([('/_ah/start', Start)]))


if __name__ == '__main__':
    main()
```

```yaml after backends.yaml
backends:
- name: worker
  class: B2
  start: worker.app
```

```python after worker.py
from google.appengine.ext import webapp


class Start(webapp.RequestHandler):
    def get(self):
        pass


app = webapp.WSGIApplication([('/_ah/start', Start)])
```

## Source

SDK: `google/appengine/api/appinfo.py`, `ApplyBackendSettings`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.conversion.cgi_findings import own_cgi_findings
from gaebot.service import Role

RULE = Rule(__name__, Severity.WARNING, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Backends, in backends.yaml or app.yaml, whose `start` is a CGI script of the app's own."""
    return own_cgi_findings(app, RULE, Role.BACKEND)
