"""A WSGI script names a module, not an application in it.

## Why

`script: main` loads the module `main` and then calls it. A module can't be called, so every request
ends in a server error (`TypeError: 'module' object is not callable`). The same goes for a name whose
last part is a package or a sub-module, such as `shop.main`.

## Fix

Name the application as well: `main.app`. gaebot does so when the module holds exactly one WSGI
application.

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main  # all pages
```

```python before main.py
import webapp2

application = webapp2.WSGIApplication([])
```

```yaml after app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.application  # all pages
```

## Source

SDK: `google/appengine/runtime/wsgi.py`, `LoadObject` and `WsgiRequest.Handle`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.scripts.applications import wsgi_objects
from gaebot.rules.python27.shared.scripts.targets import Kind, Status
from gaebot.rules.python27.shared.scripts.wsgi_scripts import rename, wsgi_scripts

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """WSGI names that lead to a module of the app."""
    for use, target in wsgi_scripts(app):
        if target.status is not Status.FOUND or target.kind is not Kind.MODULE or target.file is None:
            continue
        name, path = use.script.text, target.file.source.path
        held = [f"{name}.{known}" for known in wsgi_objects(target.file, app)]
        message = f"`{name}` is the module {path}, and a module can't answer requests: "
        if len(held) == 1:
            message += f"name the application in it, `{held[0]}`."
        elif held:
            message += f"name one of the applications in it, {' or '.join(f'`{known}`' for known in held)}."
        else:
            message += f"bind a WSGI application to a name in {path} and write `{name}.<that name>`."
        yield RULE.finding(use.place, message, fix=rename(use, held[0]) if len(held) == 1 else None)
