"""A handler runs a script of the SDK by file (`$PYTHON_LIB/...`).

## Why

The scripts of the SDK (deferred, remote_api, appstats ...) are CGI scripts when they are named by
file, and one CGI script is enough for App Engine to refuse `threadsafe: true`. Their WSGI names are
not what one would guess: there is no `google.appengine.ext.deferred.handler.application`, for one.

## Fix

The WSGI name from the SDK, with the handler's own `url` and `login` kept: clients and task queues
rely on the URL, so the handler does not become a `builtins:` entry, whose URL differs. `zipserve` has
no application of its own and gets a small module. mapreduce and datastore_admin are no longer part of
the SDK.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: false
handlers:
- url: /_ah/queue/deferred
  script: $PYTHON_LIB/google/appengine/ext/deferred/handler.py
  login: admin
```

```yaml after app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: false
handlers:
- url: /_ah/queue/deferred
  script: google.appengine.ext.deferred.application
  login: admin
```

## Source

SDK: `google/appengine/ext/builtins/*/include.yaml`, and the modules named there.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.conversion.cgi_findings import cgi_findings

RULE = Rule(__name__, Severity.WARNING, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Handlers, `api_config` and backends that name a file of the SDK."""
    return cgi_findings(app, RULE, lambda target: target.use.script.is_sdk)
