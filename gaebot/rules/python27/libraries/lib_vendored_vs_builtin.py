"""The app carries a copy of a library that python27 offers.

## Why

An app's own modules come first on `sys.path`. A copy of Django, WebOb, PyYAML or jinja2 in the app is
therefore the one that is used, also when app.yaml asks for another version in `libraries:`. Copies from
the time of Python 2.5 are often too old for python27: WebOb 0.9 does not work with webapp2, and Django
has to be 1.2 or later. A copy of webapp2 without `webapp2_extras` keeps the request where all threads
share it.

## Fix

Delete the copy and ask for the library in `libraries:`; or keep it, and bring it up to date. It matters most
where app.yaml asks for the library already, where the copy is too old, and for webapp2 alone.

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
from gaebot.finding import Finding, Place, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.runtime_libraries import LIBRARIES, declared
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.text import SourceFile, Span

RULE = Rule(__name__, Severity.NOTE, vendored=True)

# Libraries of the runtime that go by their own names and are pure Python.
_OFFERED = (
    *("django", "jinja2", "markupsafe", "webob", "webapp2", "yaml", "pytz", "six"),
    *("flask", "werkzeug", "click", "itsdangerous", "protorpc"),
)
_VERSION = re.compile(
    rb"""^(?:__version__|__version_info__|VERSION)\s*=\s*(?:['"](\d[\d.]*)['"]|\((\d+),\s*(\d+))""",
    re.MULTILINE,
)


def check(app: App) -> Iterator[Finding]:
    """One finding for each copy at the app's root, where `import` finds it first."""
    if not any(python_services(app)):
        return
    asked = {entry.library.name for entry in declared(app) if entry.library is not None}
    for name in _OFFERED:
        path = app.module_path(name)
        file = app.python(path) if path is not None else None
        if path is None or file is None:
            continue
        known = _version(file.source.data)
        if not known and not app.is_vendored(path):
            continue  # a module of the app's own by that name
        version = f" {known}" if known else ""
        message = (
            f"This copy of `{name}`{version} comes before the one that python27 offers"
            f" ({', '.join(LIBRARIES[name].current)}): delete it and ask for that one, or keep it up to date."
        )
        is_alone = name == "webapp2" and app.module_path("webapp2_extras.local") is None
        if name in asked:
            message += " app.yaml asks for that one in vain."
        if is_alone:
            message += " Without `webapp2_extras` beside it, requests share their state between threads."
        matters = name in asked or is_alone or _is_too_old(name, known)
        severity = Severity.WARNING if matters else Severity.NOTE
        yield RULE.finding(Place(file.source, _first_line(file.source)), message, severity=severity)


def _first_line(source: SourceFile) -> Span:
    """The first line of a file, without its line ending."""
    start = len(source.bom)
    line = source.line_span(start) if len(source.data) > start else Span(start, start)
    return Span(start, start + len(source.data[start : line.end].rstrip()))


def _version(data: bytes) -> str:
    """The version that a copy says it has, as far as its two first numbers; else nothing."""
    match = _VERSION.search(data)
    if match is None:
        return ""
    written, major, minor = (group.decode() if group else "" for group in match.groups())
    return written or f"{major}.{minor}"


def _is_too_old(name: str, version: str) -> bool:
    """Whether a copy is older than what python27 can do with."""
    least = {"django": (1, 2), "webob": (1, 1)}.get(name)
    parts = tuple(int(part) for part in version.split(".") if part.isdecimal())
    return least is not None and bool(parts) and parts < least
