"""The app uses `zipimport`, which python27 does not support.

## Why

Python 2.5 on App Engine imported from ZIP files with a module of its own, `py_zipimport`. python27
imports from them by itself once they are on `sys.path`, and does not support the module `zipimport`; the
development server is less strict. `google.appengine.dist.py_zipimport` is gone: its import fails.

## Fix

Put the ZIP file on `sys.path` and import from it. An import that nothing uses is deleted.

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
import sys
import zipimport
import webapp2

sys.path.insert(0, 'distlib.zip')
app = webapp2.WSGIApplication([])
```

```python after main.py
import sys
import webapp2

sys.path.insert(0, 'distlib.zip')
app = webapp2.WSGIApplication([])
```

## Source

Google, "Migrating to Python 2.7", Prerequisites and considerations. SDK: there is no
google/appengine/dist in 1.9.88.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.libraries.library_needs import imported_modules, is_guarded
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.rules.python27.shared.scripts.importers import is_taken
from gaebot.syntax.imports import uses_of
from gaebot.syntax.python import Binding
from gaebot.syntax.rewrite import drop_imported_names

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("zipimport", "py_zipimport"))

_OWN = "google.appengine.dist.py_zipimport"
_MODULES = ("zipimport", "py_zipimport", _OWN)


def check(app: App) -> Iterator[Finding]:
    """Each import of a module that imports from ZIP files."""
    for file in asked_files(app):
        if b"zipimport" not in file.file.source.data:
            continue
        for binding in file.file.imports():
            modules = [module for module in imported_modules(binding) if _is_one(module)]
            if not modules:
                continue
            if file.runs(binding.statement) and not is_guarded(file.file, binding.statement):
                is_gone = any(module.startswith(_OWN) for module in modules)
                message = "python27 does not support `zipimport`: put the ZIP file on `sys.path` instead."
                severity = Severity.ERROR if is_gone else Severity.WARNING
                yield RULE.finding(
                    file.file.place(binding.statement),
                    message,
                    fix=_fix(app, file, binding),
                    severity=severity,
                )


def _is_one(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in _MODULES)


def _fix(app: App, file: RequestFile, binding: Binding) -> Fix | None:
    python = file.file
    if binding.text in {"*", "google"} or uses_of(python, binding) or is_taken(app, python, binding.text):
        return None
    edit = drop_imported_names(python, binding.statement, frozenset({binding.text}))
    return Fix("Delete the unused import", (edit,), Safety.SAFE, RunsOn.BOTH) if edit is not None else None
