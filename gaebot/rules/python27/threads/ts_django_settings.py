"""A request changes or configures Django's settings.

## Why

Django's `settings` are one object for the whole process. With `threadsafe: true` the requests of an instance
are threads of that process: what one of them sets, the others get, in the middle of their work. To put the
old value back afterwards does not help those that run in between.

`settings.configure(…)` works once: the second request of an instance gets RuntimeError, "Settings already
configured." Django 0.96 raised EnvironmentError, and a CGI script that was executed anew started from nothing
each time. Behind `if not settings.configured:` two first requests that come together may both get in.

What is always set to the same is a note: it belongs into the settings module.

Left alone is `settings._target = None`, which `lib-django-hacks` speaks of, and settings that are a module of
the app's own.

## Fix

Say it in the settings module, or configure once, when a module is loaded: in appengine_config.py, or where
the app is made. Hand what differs from request to request to the functions that need it. For a language,
`translation.activate(…)` is there, and for a time zone `timezone.activate(…)`: both are for one thread.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
libraries:
- name: django
  version: "1.2"
handlers:
- url: /.*
  script: main.app
```

```python before main.py
import webapp2
from django.conf import settings

class Main(webapp2.RequestHandler):
    def get(self):
        settings.LANGUAGE_CODE = self.request.get('language')

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/django-1.2/django/conf/__init__.py, `LazySettings.configure` and `__setattr__`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.rules.python27.shared.threads.code import FunctionCode, app_code
from gaebot.rules.python27.shared.threads.constants import is_constant
from gaebot.rules.python27.shared.threads.outside import assigned_attributes, assigned_value, assignment_of
from gaebot.rules.python27.shared.threads.placing import request_function
from gaebot.rules.python27.shared.threads.requests import how
from gaebot.syntax.python import ancestors, arguments, string_value, text

RULE = Rule(__name__, Severity.WARNING)

_SETTINGS = "django.conf.settings"
_OLD = frozenset({"_target"})  # lib-django-hacks speaks of it
_MOST_RELATED = 5


@dataclass(frozen=True, eq=False)
class _Change:
    """A place that sets a setting. `does` says to what, `is_same` whether that is always the same."""

    file: RequestFile
    node: Node
    function: FunctionCode
    name: str
    does: str
    is_same: bool


def check(app: App) -> Iterator[Finding]:
    """One finding for each setting of a file, and one for each call of `configure`."""
    changes: list[_Change] = []
    for file in app_code(app).files.values():
        if b"django" in file.file.source.data and b"settings" in file.file.source.data:
            changes += _assigned(app, file)
            changes += _set_by_name(app, file)
            yield from _configured(app, file)
    for name in dict.fromkeys(change.name for change in changes):
        alike = [change for change in changes if change.name == name]
        is_same = all(change.is_same for change in alike) and len({change.does for change in alike}) == 1
        for path in dict.fromkeys(change.file.path for change in alike):
            here = [change for change in alike if change.file.path == path]
            yield _finding(app, here, is_same=is_same)


def _finding(app: App, changes: list[_Change], *, is_same: bool) -> Finding:
    first, *others = sorted(changes, key=lambda change: change.node.start_byte)
    if is_same:
        message = f"Each request sets `{first.name}` to the same again: say it in the settings module."
    else:
        again = any(other.function is first.function for other in others)
        back = "; to put the old one back does not help them" if again else ""
        message = (
            f"Django's settings are the same for all requests that run at the same time: they get this"
            f" `{first.name}` too{back}. Hand the value to the code that needs it."
        )
    wanted = Severity.NOTE if is_same else RULE.severity
    place = first.file.file.place
    related = [Related(place(other.node), "And here.") for other in others[:_MOST_RELATED]]
    return RULE.finding(
        place(first.node),
        f"{message} {how(app, first.function)}",
        related=related,
        severity=severity(app, first.file.path, wanted),
    )


def _assigned(app: App, file: RequestFile) -> Iterator[_Change]:
    for target in assigned_attributes(file.file):
        owner = target.child_by_field_name("object")
        name = text(target.child_by_field_name("attribute"))
        if owner is None or name in _OLD or not file.file.refers_to(owner, _SETTINGS):
            continue
        function = request_function(app, file, target)
        if function is not None:
            value = assigned_value(target)
            node = assignment_of(target) or target
            yield _Change(file, node, function, name, text(value), is_constant(file.file, value))


def _set_by_name(app: App, file: RequestFile) -> Iterator[_Change]:
    """`setattr(settings, 'DEBUG', True)`."""
    for call in file.file.calls("setattr"):
        positional, _ = arguments(call)
        if len(positional) != 3 or not file.file.refers_to(positional[0], _SETTINGS):
            continue
        function = request_function(app, file, call)
        name = string_value(positional[1])
        if function is not None and name not in _OLD:
            is_same = name is not None and is_constant(file.file, positional[2])
            yield _Change(file, call, function, name or "setting", text(positional[2]), is_same)


def _configured(app: App, file: RequestFile) -> Iterator[Finding]:
    """`settings.configure(…)`."""
    for call in file.file.calls(f"{_SETTINGS}.configure"):
        function = request_function(app, file, call)
        if function is None:
            continue
        if _is_guarded(call):
            message = (
                "Two first requests that come together may both configure Django's settings, and one"
                " of them gets RuntimeError: configure them once, when the module is loaded."
            )
            wanted = Severity.NOTE
        else:
            message = (
                "Django's settings can be configured once in a process: the second request of an instance"
                " gets RuntimeError. Do it when the module is loaded."
            )
            wanted = RULE.severity
        level = severity(app, file.path, wanted)
        yield RULE.finding(file.file.place(call), f"{message} {how(app, function)}", severity=level)


def _is_guarded(call: Node) -> bool:
    """Whether an `if` or a `try` stands around a call within its function."""
    for outer in ancestors(call):
        if outer.type in {"if_statement", "try_statement"}:
            return True
        if outer.type == "function_definition":
            break
    return False
