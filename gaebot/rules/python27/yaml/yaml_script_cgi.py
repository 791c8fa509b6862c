r"""A handler runs a CGI script instead of a WSGI application.

## Why

App Engine can serve several requests at once only to WSGI applications. A `script:` that ends in
`.py` or holds a slash is a CGI script: it is run for one request after the other, and
`threadsafe: true` is refused as long as a single one is left.

## Fix

Name the WSGI application: `guestbook.py` becomes `guestbook.app`, `admin/main.py` becomes
`admin.main.app` (with the `__init__.py` files that the folders need). In the script, the application
moves out of `main()` to module level, and `run_wsgi_app`, `main()` and the `__name__` guard go when
nothing else is in them. This is one patch for the whole service, because Google's guide does not
allow CGI scripts and WSGI applications in one app.yaml: a script that can't be converted holds the
others back, and the finding says which and why. Files that `includes:` draws in count too
(also known as `yaml-include-cgi`).

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: false
handlers:
- url: /admin/.*
  script: admin/main.py
  login: admin
```

```python before admin/main.py
import wsgiref.handlers
from google.appengine.ext import webapp


class Orders(webapp.RequestHandler):
    def get(self):
        self.response.out.write('no orders')


if __name__ == '__main__':
    wsgiref.handlers.CGIHandler().run(webapp.WSGIApplication([('/admin/.*', Orders)]))
```

```yaml after app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: false
handlers:
- url: /admin/.*
  script: admin.main.app
  login: admin
```

```python after admin/main.py
from google.appengine.ext import webapp


class Orders(webapp.RequestHandler):
    def get(self):
        self.response.out.write('no orders')


app = webapp.WSGIApplication([('/admin/.*', Orders)])
```

```python after admin/__init__.py
```

## Source

Google, "Migrating to Python 2.7", Using WSGI. SDK: `google/appengine/runtime/runtime.py` (what is
CGI), `google/appengine/api/appinfo.py` ("threadsafe cannot be enabled with CGI handler").
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
    """CGI scripts of the app's own that handlers name, in app.yaml or a file that it includes."""
    return own_cgi_findings(app, RULE, Role.HANDLER)
