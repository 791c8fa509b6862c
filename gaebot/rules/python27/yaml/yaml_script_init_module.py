"""A WSGI script spells out a package's `__init__`.

## Why

The file `blog/__init__.py` is the module `blog`, not `blog.__init__`. Python finds a built-in method
under the name `__init__` of every module, looks for the application there, and every request ends in
a server error.

## Fix

Leave `__init__` out.

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /blog/.*
  script: blog.__init__.app
```

```python before blog/__init__.py
import webapp2

app = webapp2.WSGIApplication([])
```

```yaml after app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /blog/.*
  script: blog.app
```

## Source

SDK: `google/appengine/runtime/wsgi.py`, `LoadObject`: an attribute comes before a sub-module.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.scripts.targets import Status
from gaebot.rules.python27.shared.scripts.wsgi_scripts import rename, wsgi_scripts

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """WSGI names with `__init__` behind a package."""
    for use, target in wsgi_scripts(app):
        if target.status is Status.SHADOWED and target.missing == "__init__":
            name = ".".join(part for part in use.script.text.split(".") if part != "__init__")
            message = f"`__init__` of a package can't be named in a script: write `{name}`."
            yield RULE.finding(use.place, message, fix=rename(use, name))
