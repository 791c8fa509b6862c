"""A module of the app has the name of a module that Python got after 2.5.

## Why

The app's root comes first on `sys.path`. A `json.py` or `io.py` in it hides the module of the standard
library of that name, which Python 2.5 did not have, from everybody: from libraries, from the SDK, and
from the app's own `import json`.

Without some of them nothing works: python27 itself starts with `ABCMeta` of `abc`, `deque` of `collections`
and `partial` of `functools`, and WebOb, on which webapp and webapp2 stand, takes `BytesIO` of `io`. A module
that hides one of these and has no such name ends every request: that is an error.

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

Python, "What's New in Python 2.6" and "2.7": new modules. SDK: its own modules import them. An app had an
empty module of each name on the development server: with three of them it does not start (UserDict of Python
2.7, google/appengine/dist27/threading.py and socket.py), with `io` lib/webob-1.1.1/webob/request.py fails,
with the others it answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.libraries.carried import is_carried
from gaebot.rules.python27.shared.libraries.library_needs import imported_modules
from gaebot.rules.python27.shared.scripts.handler_scripts import request_file, request_files_with
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.WARNING)

# Modules of 2.6 and 2.7 that the SDK, Python's own library or common libraries import.
_NEW = frozenset(
    {
        *("abc", "argparse", "ast", "fractions", "future_builtins", "importlib", "io", "json"),
        *("multiprocessing", "numbers", "ssl", "sysconfig", "collections", "functools", "ctypes"),
    }
)
# What the runtime takes of some of them before any code of the app runs, and WebOb when it is imported.
_FOR_RUNTIME = {"abc": "ABCMeta", "collections": "deque", "functools": "partial"}
_FOR_WEBOB = {"io": "BytesIO"}
_ON_WEBOB = ("webob.", "webapp2.", "webapp2_extras.", "google.appengine.ext.webapp.")


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
        hidden, outcome = f"This hides the module `{name}` of Python 2.7", _outcome(app, file, name)
        if outcome is None:
            message = f"{hidden} from the libraries that need it: rename it.{used}"
            yield RULE.finding(file.place(first), message)
        else:
            message = f"{hidden}, without which {outcome}: rename it.{used}"
            yield RULE.finding(file.place(first), message, severity=Severity.ERROR)


def _outcome(app: App, file: PythonFile, name: str) -> str | None:
    """What fails for certain when a module hides the one of this name."""
    if _is_missed(file, _FOR_RUNTIME.get(name)):
        return "no app starts"
    return "webapp fails" if _is_missed(file, _FOR_WEBOB.get(name)) and _needs_webob(app) else None


def _is_missed(file: PythonFile, needed: str | None) -> bool:
    """Whether a module has not the name that is needed of it, if one is."""
    bindings = file.scope.bindings
    return needed is not None and needed not in bindings and "*" not in bindings


def _needs_webob(app: App) -> bool:
    """Whether a request may import webapp, webapp2 or WebOb, and the app has no WebOb of its own."""
    if is_carried(app, "webob"):
        return False
    for file in request_files_with(app, b"webapp", b"webob"):
        for binding in file.file.imports():
            is_any = any(f"{name}.".startswith(_ON_WEBOB) for name in imported_modules(binding))
            if is_any and file.runs(binding.statement):
                return True
    return False
