"""A module of the app has the name of a module that Python got after 2.5.

## Why

The app's root comes first on `sys.path`. A `json.py` or `io.py` in it hides the module of the standard
library of that name, which Python 2.5 did not have, from everybody: from libraries, from the SDK, and
from the app's own `import json`.

## Fix

Give the module another name, everywhere it is imported.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before main.py
import webapp2

app = webapp2.WSGIApplication([])
```

```python before json.py
def write(value):
    return repr(value)
```

## Source

Python, "What's New in Python 2.6" and "2.7": new modules. SDK: its own modules import them.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.scripts.handler_scripts import request_file

RULE = Rule(__name__, Severity.WARNING)

# Modules of 2.6 and 2.7 that the SDK, Python's own library or common libraries import.
_NEW = frozenset(
    {
        *("abc", "argparse", "ast", "fractions", "future_builtins", "importlib", "io", "json"),
        *("multiprocessing", "numbers", "ssl", "sysconfig", "collections", "functools", "ctypes"),
    }
)


def check(app: App) -> Iterator[Finding]:
    """Each module or package at the root that hides a new one."""
    if not any(python_services(app)):
        return
    for name in sorted(_NEW):
        path = app.module_path(name)
        file = app.python(path) if path is not None else None
        if file is None or path is None or app.is_vendored(path) or not app.is_asked_for(path):
            continue
        first = file.root.children[0] if file.root.children else file.root
        used = " The app imports it." if request_file(app, path) is not None else ""
        message = (
            f"This hides the module `{name}` of Python 2.7 from the libraries that need it: rename it.{used}"
        )
        yield RULE.finding(file.place(first), message)
