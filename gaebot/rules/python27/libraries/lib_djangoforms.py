"""`djangoforms` is gone.

## Why

`google.appengine.ext.db.djangoforms` made forms of datastore models with the Django of Python 2.5.
python27 does not have it: the import fails, and with it every page of the module.

## Fix

Make the forms with Django's own `forms.Form`, or with WTForms, which has a module for App Engine's models
and is pure Python. Or carry the module along under a name of your own: that of an older SDK, which is under
the Apache License, goes on working with Django 1.2.

An import that nothing uses is deleted. On Python 2.5 it gave methods to `db.Property` all the same: where
the app names one of them (`get_form_field`, `get_value_for_form`, `make_value_from_form`), the patch is for
python27 only and wants a reader.

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
from google.appengine.ext.db import djangoforms
import webapp2

app = webapp2.WSGIApplication([])
```

```python after main.py
import webapp2

app = webapp2.WSGIApplication([])
```

## Source

SDK: there is no google/appengine/ext/db/djangoforms.py in 1.9.88. In older ones, `monkey_patch` there puts
the methods into the classes of `db`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.libraries.library_needs import imported_modules, is_guarded
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.rules.python27.shared.scripts.importers import is_taken
from gaebot.syntax.imports import uses_of
from gaebot.syntax.python import Binding
from gaebot.syntax.rewrite import drop_imported_names

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("djangoforms"))

_MODULE = "google.appengine.ext.db.djangoforms"
_ADDED = (b"get_form_field", b"get_value_for_form", b"make_value_from_form")  # to `db.Property`, on import


def check(app: App) -> Iterator[Finding]:
    """Each import of the module."""
    for file in asked_files(app):
        if b"djangoforms" not in file.file.source.data:
            continue
        seen = set()
        for binding in file.file.imports():
            statement = binding.statement
            if statement.id in seen or not _brings(binding):
                continue
            if file.runs(statement) and not is_guarded(file.file, statement):
                seen.add(statement.id)
                message = (
                    "python27 has no `djangoforms`: make the forms with Django's own or with WTForms, or"
                    " carry the module of an older SDK along under a name of your own."
                )
                yield RULE.finding(file.file.place(statement), message, fix=_fix(app, file, statement))


def _brings(binding: Binding) -> bool:
    return any(name == _MODULE or name.startswith(f"{_MODULE}.") for name in imported_modules(binding))


def _fix(app: App, file: RequestFile, statement: Node) -> Fix | None:
    """Delete an import that nothing uses."""
    python = file.file
    bindings = [
        binding for binding in python.imports() if binding.statement == statement and _brings(binding)
    ]
    for binding in bindings:
        is_known = binding.text != "*" and (binding.origin or "").startswith(_MODULE)
        if not is_known or uses_of(python, binding) or is_taken(app, python, binding.text):
            return None
    edit = drop_imported_names(python, statement, frozenset(binding.text for binding in bindings))
    if edit is None:
        return None
    has_effect = any(True for _ in app.python_files(*_ADDED, vendored=True))
    safety, runs_on = (Safety.REVIEW, RunsOn.TARGET) if has_effect else (Safety.SAFE, RunsOn.BOTH)
    return Fix("Delete the unused import", (edit,), safety, runs_on)
