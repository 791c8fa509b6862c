"""The builtin `django_wsgi` does not work with the Django that the app asks for.

## Why

`builtins: - django_wsgi: on` runs a script of the SDK that calls `django.core.management.setup_environ`.
Django has no such function since 1.6: with 1.9 and 1.11 every request ends in AttributeError.

## Fix

Write the application yourself: `from django.core.wsgi import get_wsgi_application`,
`app = get_wsgi_application()`, and name it in a handler.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
builtins:
- django_wsgi: on
libraries:
- name: django
  version: "1.11"
```

## Source

SDK: google/appengine/ext/django/main.py; lib/django-1.9/django/core/management/__init__.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.builtin_handlers import builtins_in
from gaebot.rules.python27.shared.config.runtime_libraries import declared_by
from gaebot.rules.python27.shared.config.services import python_services

RULE = Rule(__name__, Severity.ERROR)

_TOO_NEW = frozenset({"1.9", "1.11"})


def check(app: App) -> Iterator[Finding]:
    """Each service that turns it on with such a Django."""
    for service in python_services(app):
        versions = {
            entry.resolved
            for entry in declared_by(service)
            if entry.library is not None and entry.library.name == "django"
        }
        if not versions & _TOO_NEW:
            continue
        for file in (service.file, *service.includes):
            for builtin in builtins_in(file):
                if builtin.name == "django_wsgi" and builtin.is_on:
                    message = (
                        "`django_wsgi` fails with this Django: make the application in a module of your own."
                    )
                    yield RULE.finding(file.pair_place(builtin.pair), message)
