"""The app carries a copy of a library that python27 offers.

## Why

An app's own modules come first on `sys.path`. A copy of Django, WebOb, PyYAML or jinja2 in the app is
therefore the one that is used, also when app.yaml asks for another version in `libraries:`. Copies from
the time of Python 2.5 are often too old for python27: WebOb 0.9 does not work with webapp2, and Django
has to be 1.2 or later. A copy of webapp2 without `webapp2_extras` keeps the request where all threads
share it.

## Fix

Delete the copy and ask for the library in `libraries:`; or keep it, and bring it up to date.

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
import jinja2

app = webapp2.WSGIApplication([])
```

```python before jinja2/__init__.py
__version__ = '2.2'
```

```python before jinja2/environment.py
```

## Source

SDK: google/appengine/tools/devappserver2/python/runtime/sandbox.py puts the libraries behind the app's
root; lib/webapp2-2.5.2/webapp2.py, `_local`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.runtime_libraries import LIBRARIES, declared
from gaebot.rules.python27.shared.config.services import python_services

RULE = Rule(__name__, Severity.NOTE, vendored=True)

# Libraries of the runtime by the name of the folder or file that a copy lies in.
_OFFERED = {
    **{name: name for name in ("django", "jinja2", "markupsafe", "webob", "webapp2", "yaml", "pytz", "six")},
    **{name: name for name in ("flask", "werkzeug", "click", "itsdangerous", "protorpc")},
}
_VERSION = re.compile(
    rb"""^(?:__version__|VERSION)\s*=\s*(?:['"](\d[\d.]*)['"]|\((\d+),\s*(\d+))""", re.MULTILINE
)


def check(app: App) -> Iterator[Finding]:
    """One finding for each copy at the app's root, where `import` finds it first."""
    if not any(python_services(app)):
        return
    asked = {entry.library.name for entry in declared(app) if entry.library is not None}
    for name, library in _OFFERED.items():
        path = app.module_path(name)
        source = app.files.get(path) if path is not None else None
        if source is None or path is None:
            continue
        file = app.python(path)
        if file is None:
            continue
        known = _version(source.data)
        which = f"`{name}` {known}" if known else f"`{name}`"
        offered = ", ".join(LIBRARIES[library].current)
        message = f"This copy of {which} comes before the one that python27 offers ({offered})."
        if library in asked:
            message += " app.yaml asks for that one in vain."
        severity = Severity.WARNING if library in asked or _is_too_old(library, known) else Severity.NOTE
        if library == "webapp2" and app.module_path("webapp2_extras.local") is None:
            message += " Without `webapp2_extras` beside it, requests share their state between threads."
            severity = Severity.WARNING
        yield RULE.finding(
            file.place(file.root.children[0] if file.root.children else file.root), message, severity=severity
        )


def _version(data: bytes) -> str:
    match = _VERSION.search(data)
    if match is None:
        return ""
    return (
        match.group(1).decode() if match.group(1) else f"{match.group(2).decode()}.{match.group(3).decode()}"
    )


def _is_too_old(library: str, version: str) -> bool:
    """Whether a copy is older than what python27 can do with."""
    least = {"django": (1, 2), "webob": (1, 1)}.get(library)
    parts = tuple(int(part) for part in version.split(".") if part.isdecimal())
    return least is not None and bool(parts) and parts < least
