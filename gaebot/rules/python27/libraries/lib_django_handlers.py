"""The way that the app starts Django does not work with the version that it asks for.

## Why

`builtins: - django_wsgi: on` runs a script of the SDK that calls `django.core.management.setup_environ`.
Django has no such function since 1.6: with 1.9 and 1.11 every request ends in AttributeError.

`django.core.handlers.wsgi.WSGIHandler()` by itself does not set Django up, which is needed since 1.7: with
1.9 and 1.11 requests end in AppRegistryNotReady, "Apps aren't loaded yet", when they need a model.

## Fix

`get_wsgi_application()` of `django.core.wsgi` sets Django up and makes the application. Instead of
the builtin write it in a module of your own, and name it in a handler. Where the app makes a `WSGIHandler`
gaebot puts the function in its place.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
libraries:
- name: django
  version: "1.11"
```

```python before main.py
import django.core.handlers.wsgi

app = django.core.handlers.wsgi.WSGIHandler()
```

```python after main.py
import django.core.wsgi

app = django.core.wsgi.get_wsgi_application()
```

## Source

SDK: google/appengine/ext/django/main.py; lib/django-1.9/django/core/management/__init__.py and
django/core/wsgi.py. `WSGIHandler()` of 1.5, 1.9 and 1.11 was asked for a page under Python 2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.builtin_handlers import builtins_in
from gaebot.rules.python27.shared.config.runtime_libraries import declared_by
from gaebot.rules.python27.shared.config.services import has_switched, python_services
from gaebot.rules.python27.shared.libraries.carried import is_carried
from gaebot.rules.python27.shared.libraries.library_needs import imported_modules
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files, request_files_with
from gaebot.service import Service
from gaebot.syntax.lines import within
from gaebot.syntax.nodes import text
from gaebot.syntax.python import PythonFile
from gaebot.text import Edit

RULE = Rule(__name__, Severity.ERROR)

_TOO_NEW = frozenset({"1.9", "1.11"})
_OLD = "django.core.handlers.wsgi.WSGIHandler"
_SETUP = ("django.setup", "django.core.wsgi.get_wsgi_application")
# What an import of the old handler, and the call of it, become.
_IMPORTS = {
    "import django.core.handlers.wsgi": "import django.core.wsgi",
    "from django.core.handlers import wsgi": "from django.core import wsgi",
    "from django.core.handlers.wsgi import WSGIHandler": "from django.core.wsgi import get_wsgi_application",
}
_CALLS = {
    "django.core.handlers.wsgi.WSGIHandler()": "django.core.wsgi.get_wsgi_application()",
    "wsgi.WSGIHandler()": "wsgi.get_wsgi_application()",
    "WSGIHandler()": "get_wsgi_application()",
}


def check(app: App) -> Iterator[Finding]:
    """Each service that turns the builtin on with such a Django, and each handler made with it."""
    services = [service for service in python_services(app) if _asks_for_new(service)]
    if not services or is_carried(app, "django"):
        return  # a Django of the app's own comes first
    for service in services:
        for file in (service.file, *service.includes):
            for builtin in builtins_in(file):
                if builtin.name == "django_wsgi" and builtin.is_on:
                    message = (
                        "`django_wsgi` fails with this Django: make the application in a module of your own,"
                        " with `get_wsgi_application()`."
                    )
                    yield RULE.finding(file.pair_place(builtin.pair), message)
    yield from _handlers(app, services)


def _asks_for_new(service: Service) -> bool:
    return any(
        entry.library is not None and entry.library.name == "django" and entry.resolved in _TOO_NEW
        for entry in declared_by(service)
    )


def _handlers(app: App, services: list[Service]) -> Iterator[Finding]:
    """The calls of `WSGIHandler`, where nothing sets Django up."""
    found = {}
    for file in asked_files(app):
        calls = [call for call in file.file.calls(_OLD) if file.runs(call)]
        if calls and any(service in services for script in file.scripts for service, _ in script.uses):
            found[file] = calls
    if not found or any(file.file.references(*_SETUP) for file in request_files_with(app, b"django")):
        return
    for file, calls in found.items():
        fix = _fix(file, calls) if has_switched(app) else None
        for call in calls:
            message = (
                "`WSGIHandler` does not set Django up, which this version needs (AppRegistryNotReady): call"
                " `django.core.wsgi.get_wsgi_application()`."
            )
            yield RULE.finding(file.file.place(call), message, fix=fix, severity=Severity.WARNING)


def _fix(file: RequestFile, calls: list[Node]) -> Fix | None:
    edits = _edits(file.file, calls)
    title = "Let Django make its application"
    return Fix(title, tuple(edits), Safety.REVIEW, RunsOn.TARGET) if edits else None


def _edits(file: PythonFile, calls: list[Node]) -> list[Edit] | None:
    """The new calls and their imports; None for other spellings, and where the old names have other uses."""
    edits = []
    for call in calls:
        new = _CALLS.get(text(call))
        if new is None:
            return None
        edits.append(file.source.edit(file.span(call), new.encode()))
    for statement in dict.fromkeys(
        binding.statement
        for binding in file.imports()
        if any(name.startswith("django.core.handlers") for name in imported_modules(binding))
    ):
        new = _IMPORTS.get(text(statement))
        if new is None:
            return None
        edits.append(file.source.edit(file.span(statement), new.encode()))
    imports = [binding.statement for binding in file.imports()]
    words = file.identifiers("handlers", "WSGIHandler", *(["wsgi"] if "wsgi" in file.scope.bindings else []))
    return edits if all(within(word, [*calls, *imports]) for word in words) else None
