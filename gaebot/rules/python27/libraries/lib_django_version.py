"""The app was written for a Django that python27 does not have.

## Why

python27 begins with Django 1.2. Without asking Python 2.5 had 0.96, and many apps chose 1.0 or 1.1. From
0.96 to 1.0 nearly all changed: templates escape, `newforms` became `forms`, `maxlength` became
`max_length`, the admin moved. From 1.0 to 1.2 little breaks.

## Fix

Take 1.2 first and read the release notes of the versions between; `django.newforms` is `django.forms`
then, which the fix writes once the app says `runtime: python27`.

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
  version: "1.2"
```

```python before main.py
import webapp2
from django import newforms as forms

class Entry(forms.Form):
    name = forms.CharField()

app = webapp2.WSGIApplication([])
```

```python after main.py
import webapp2
from django import forms

class Entry(forms.Form):
    name = forms.CharField()

app = webapp2.WSGIApplication([])
```

## Source

Google, "Migrating to Python 2.7", Prerequisites and considerations. SDK: lib/django-1.2 has no
django/newforms.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.carried import is_carried
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_files
from gaebot.rules.python27.shared.scripts.json_imports import DJANGO as DJANGO_JSON
from gaebot.rules.python27.shared.scripts.library_needs import imported_modules, is_guarded
from gaebot.rules.python27.shared.scripts.use_library import django_version
from gaebot.syntax.imports import exchange_import
from gaebot.syntax.python import Binding

RULE = Rule(__name__, Severity.WARNING)

_NEWFORMS = "django.newforms"
_TOO_OLD = ("0.96", "1.0", "1.1")


def check(app: App) -> Iterator[Finding]:
    """The first import of a Django that is too old, and each import of `newforms`."""
    first: Finding | None = None
    for file in request_files(app):
        if b"django" not in file.file.source.data:
            continue
        for binding in file.file.imports():
            if not file.runs(binding.statement) or is_guarded(file.file, binding.statement):
                continue
            modules = imported_modules(binding)
            if any(module == _NEWFORMS or module.startswith(f"{_NEWFORMS}.") for module in modules):
                message = "Django has no `newforms` since 1.0: they are its `forms`."
                yield RULE.finding(
                    file.file.place(binding.statement),
                    message,
                    fix=_fix(file, binding) if has_switched(app) else None,
                    severity=Severity.ERROR,
                )
            elif first is None and any(_is_django(module) for module in modules):
                first = _version_finding(app, file, binding)
    if first is not None:
        yield first


def _is_django(module: str) -> bool:
    return module.partition(".")[0] == "django" and not module.startswith(DJANGO_JSON)


def _version_finding(app: App, file: RequestFile, binding: Binding) -> Finding | None:
    version, chosen = django_version(app)
    if is_carried(app, "django") or has_switched(app) or (chosen or "0.96") not in _TOO_OLD:
        return None
    message = (
        f"The app was written for Django {chosen or '0.96'}, and python27 begins with 1.2: take {version} and"
        " read the release notes of the versions between."
    )
    return RULE.finding(file.file.place(binding.statement), message)


def _fix(file: RequestFile, binding: Binding) -> Fix | None:
    python, statement = file.file, binding.statement
    module = statement.child_by_field_name("module_name")
    if statement.type != "import_from_statement" or module is None:
        return None
    if binding.origin == _NEWFORMS:
        alias = f" as {binding.text}" if binding.text != "forms" else ""
        edit = exchange_import(python, binding, f"from django import forms{alias}".encode())
        return (
            Fix("Take Django's `forms`", (edit,), Safety.REVIEW, RunsOn.TARGET) if edit is not None else None
        )
    new = (module.text or b"").replace(b"django.newforms", b"django.forms")
    edit = python.source.edit(python.span(module), new)
    return Fix("Take Django's `forms`", (edit,), Safety.REVIEW, RunsOn.TARGET) if new != module.text else None
