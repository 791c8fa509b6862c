"""`api_config` names a CGI script.

## Why

The script behind `api_config:` is served like any other handler, so it has to be a WSGI application
before the app can serve requests concurrently. App Engine's own check overlooks it.

## Fix

Name the WSGI application, together with the other scripts of the service.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: false
api_config:
  url: /_ah/api/.*
  script: api.py
handlers:
- url: /.*
  script: main.app
```

```python before api.py
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

app = webapp.WSGIApplication([])

if __name__ == '__main__':
    run_wsgi_app(app)
```

```yaml after app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: false
api_config:
  url: /_ah/api/.*
  script: api.app
handlers:
- url: /.*
  script: main.app
```

```python after api.py
from google.appengine.ext import webapp

app = webapp.WSGIApplication([])
```

## Source

Google, "Migrating to Python 2.7", Using WSGI. SDK: `google/appengine/api/appinfo.py` (the check for
CGI handlers looks at `handlers` only).
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
    """`api_config` entries with a CGI script of the app's own."""
    return own_cgi_findings(app, RULE, Role.API_CONFIG)
