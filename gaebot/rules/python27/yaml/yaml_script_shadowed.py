"""A script has a name under which Python finds something else.

## Why

On python27 a script is imported by name, and other modules can answer to that name first. The
runtime holds `site` and the SDK's `google` package before it asks the app. A package's
`__init__.py` that binds `sub` hides its sub-module `sub`. And a script in the app root that is
called like a module of Python that the runtime needs, such as `email.py`, is loaded in its place: then
no request works at all.

As a CGI script a file was found by its path, so these names did no harm.

## Fix

Rename the file (or the name in `__init__.py`) and the script with it. gaebot doesn't, because other
files may import it.

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: site.app
```

```python before site.py
import webapp2

app = webapp2.WSGIApplication([])
```

## Source

SDK: `google/appengine/runtime/wsgi.py`, `LoadObject`;
`google/appengine/tools/devappserver2/python/runtime/sandbox.py`, `_should_keep_module`. The names of
modules that the runtime needs were tried one by one on the development server of SDK 1.9.88.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.scripts.targets import Status
from gaebot.rules.python27.shared.scripts.wsgi_scripts import wsgi_scripts

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)

# A file of the app with such a name in the app root keeps the runtime from starting, unless it has what
# Python's own has, which a handler script has not.
_NEEDED_BY_RUNTIME = frozenset(
    {
        "StringIO", "UserDict", "abc", "binascii", "cStringIO", "collections", "copy_reg", "datetime",
        "email", "functools", "genericpath", "itertools", "keyword", "logging", "math", "operator", "os",
        "posixpath", "quopri", "re", "string", "time", "traceback", "types", "urlparse", "warnings",
        "weakref",
    }
)  # fmt: skip


def check(app: App) -> Iterator[Finding]:
    """Scripts whose name leads to something else, or which hide what the runtime needs."""
    for use, target in wsgi_scripts(app):
        if target.status is not Status.SHADOWED or target.missing == "__init__":
            continue
        if target.file is None:
            message = (
                f"App Engine has a module `{target.missing}` of its own and never loads the app's: "
                "rename the app's and this script with it."
            )
        else:
            message = (
                f"`{target.missing}` in `{use.script.text}` is what {target.file.source.path} binds under "
                "that name, not the sub-module: rename one of them."
            )
        yield RULE.finding(use.place, message)
    yield from _hiding(app)


def _hiding(app: App) -> Iterator[Finding]:
    for service in python_services(app):
        for use in service.scripts:
            first = use.script.module.partition(".")[0] or use.script.text
            if first in _NEEDED_BY_RUNTIME and not use.script.is_sdk and f"{first}.py" in app.files:
                message = (
                    f"{first}.py is loaded in the place of Python's own module `{first}`, which the runtime "
                    "needs: no request works. Rename the file and this script with it."
                )
                yield RULE.finding(use.place, message)
