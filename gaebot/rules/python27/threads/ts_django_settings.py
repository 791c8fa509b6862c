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

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.process.settings_changes import (
    Configuration,
    SettingChange,
    changed_settings,
    configurations,
)
from gaebot.rules.python27.shared.reach.requests import how

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("settings"))

_MOST_RELATED = 5


def check(app: App) -> Iterator[Finding]:
    """One finding for each setting of a file, and one for each call of `configure`."""
    for setting in changed_settings(app):
        for path in dict.fromkeys(change.file.path for change in setting.changes):
            here = [change for change in setting.changes if change.file.path == path]
            yield _finding(app, here, is_same=setting.is_same)
    for configuration in configurations(app):
        yield _configured(app, configuration)


def _finding(app: App, changes: list[SettingChange], *, is_same: bool) -> Finding:
    first, *others = changes
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


def _configured(app: App, found: Configuration) -> Finding:
    """The finding about `settings.configure(…)`."""
    if found.is_asked:
        message = (
            "Two first requests that come together may both configure Django's settings, and one of them gets"
            " RuntimeError: configure them once, when the module is loaded."
        )
    else:
        message = (
            "Django's settings can be configured once in a process: the second request of an instance gets"
            " RuntimeError. Do it when the module is loaded."
        )
    level = severity(app, found.file.path, Severity.NOTE if found.is_asked else RULE.severity)
    place = found.file.file.place(found.call)
    return RULE.finding(place, f"{message} {how(app, found.function)}", severity=level)
