"""`register_template_library` needs a module in a package on python27.

## Why

The Django that python27 renders webapp's templates with splits the name at its last dot. A name
without one, `register_template_library('filters')`, raises ValueError, "need more than 1 value to
unpack", when the line runs: mostly while the module is imported, so that none of its pages work.

## Fix

Name the module by way of a package. The fix makes a small package `template_libraries` with a module that
takes `register` from the old one, and names that: it also works on Python 2.5, and nobody else who imports
the old module has to know.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before filters.py
from google.appengine.ext import webapp
from google.appengine.ext.webapp import template

register = template.create_template_register()
```

```python before main.py
import webapp2
from google.appengine.ext.webapp import template

template.register_template_library('filters')
app = webapp2.WSGIApplication([])
```

```python after main.py
import webapp2
from google.appengine.ext.webapp import template

template.register_template_library('template_libraries.filters_library')
app = webapp2.WSGIApplication([])
```

```python after template_libraries/__init__.py
```

```python after template_libraries/filters_library.py
# Tags and filters for webapp's templates, which want a module in a package.
from filters import register
```

## Source

SDK: google/appengine/_internal/django/template/__init__.py, `import_library`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.webapp.templates import Registration, registrations
from gaebot.text import NewFile

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("register_template_library"))

_MOST_RELATED = 5
_PACKAGE = "template_libraries"


def check(app: App) -> Iterator[Finding]:
    """One finding for each name without a dot, however often it is registered."""
    by_name: dict[str, list[Registration]] = defaultdict(list)
    for registration in registrations(app):
        if "." not in registration.name:
            by_name[registration.name].append(registration)
    for name, calls in by_name.items():
        message = (
            f"`register_template_library('{name}')` raises ValueError on python27: name a module in a"
            f" package, `'package.{name}'`."
        )
        first, *others = [call.use.file.file.place(call.literal) for call in calls]
        related = [Related(place, "And here.") for place in others[:_MOST_RELATED]]
        yield RULE.finding(first, message, fix=_fix(app, name, calls), related=related)


def _fix(app: App, name: str, calls: list[Registration]) -> Fix | None:
    path = app.module_path(name)
    file = app.python(path) if path is not None else None
    if file is None or "register" not in file.scope.bindings or _is_taken(app):
        return None
    init, module = NewFile(f"{_PACKAGE}/__init__.py", b""), _module(name)
    quotes = [(call.literal.text or b"'")[:1] for call in calls]
    if any(quote not in b"'\"" for quote in quotes):
        return None  # a prefix: r'filters'
    edits = tuple(
        call.use.file.file.source.edit(
            call.use.file.file.span(call.literal), quote + f"{_PACKAGE}.{name}_library".encode() + quote
        )
        for call, quote in zip(calls, quotes, strict=True)
    )
    new_files = tuple(new for new in (init, module) if new.path not in app.paths)
    title = f"Register `{name}` by way of a package"
    return Fix(title, edits, Safety.SAFE, RunsOn.BOTH, new_files)


def _module(name: str) -> NewFile:
    text = (
        "# Tags and filters for webapp's templates, which want a module in a package.\n"
        f"from {name} import register\n"
    )
    return NewFile(f"{_PACKAGE}/{name}_library.py", text.encode())


def _is_taken(app: App) -> bool:
    """Whether the app has something else by the package's name."""
    if f"{_PACKAGE}.py" in app.paths:
        return True
    own = {path for path in app.paths if path.startswith(f"{_PACKAGE}/")}
    ours = {path for path in own if path.endswith("_library.py")} | {f"{_PACKAGE}/__init__.py"}
    return bool(own - ours)
