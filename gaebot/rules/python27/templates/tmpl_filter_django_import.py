"""A module of template tags takes `Library` from Django, which the app does not ask for.

## Why

A module that is registered for webapp's templates often begins with `from django import template` and
`register = template.Library()`. On python27 Django is not there unless app.yaml asks for it: the
registration ends in InvalidTemplateLibrary, "No module named django".

## Fix

Make the library with `create_template_register()` of webapp's own template module: it is the same kind of
object, and does not need Django. Where the module takes more from Django, ask for Django in `libraries:`.
Apps that need Django elsewhere are left alone: they have to ask for it in any case.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before common/__init__.py
```

```python before common/filters.py
from django import template

register = template.Library()
```

```python after common/filters.py
from google.appengine.ext.webapp import template

register = template.create_template_register()
```

```python before main.py
import webapp2
from google.appengine.ext.webapp import template

template.register_template_library('common.filters')
app = webapp2.WSGIApplication([])
```

## Source

SDK: google/appengine/ext/webapp/template.py, `create_template_register`;
google/appengine/_internal/django/template/ __init__.py, `import_library`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.runtime_libraries import declared
from gaebot.rules.python27.shared.libraries.library_needs import is_guarded, library_needs
from gaebot.rules.python27.shared.webapp.templates import library_files, registers_for_django
from gaebot.syntax.imports import exchange_import, uses_of
from gaebot.syntax.python import Binding, PythonFile

_MODULE = "django.template"
_CLASS = "django.template.Library"

RULE = Rule(
    __name__, Severity.ERROR, only_in=python_with(*(name.rpartition(".")[2] for name in (_MODULE, _CLASS)))
)


def check(app: App) -> Iterator[Finding]:
    """Each import of Django's template module in a registered module, while the app has no Django."""
    if any(entry.library and entry.library.name == "django" for entry in declared(app)):
        return
    if app.module_path("django") is not None or registers_for_django(app):
        return
    files = [file for file in library_files(app) if app.is_asked_for(file.source.path)]
    if not files or _is_needed_elsewhere(app):
        return
    for file in files:
        for binding in file.imports():
            if binding.origin not in {_MODULE, _CLASS} or is_guarded(file, binding.statement):
                continue
            message = (
                "Django is not there on python27 unless app.yaml asks for it, and webapp's templates can't"
                " load it: use `create_template_register()` of `google.appengine.ext.webapp.template`."
            )
            yield RULE.finding(file.place(binding.statement), message, fix=_fix(file, binding))


def _is_needed_elsewhere(app: App) -> bool:
    """Whether another module needs Django, so that app.yaml has to ask for it in any case."""
    libraries = {file.source.path for file in library_files(app)}
    places = (place for needs in library_needs(app).values() for place in needs.get("django", ()))
    return any(place.path not in libraries for place in places)


def _fix(file: PythonFile, binding: Binding) -> Fix | None:
    """Exchange the import and the calls of `Library`, where it is used for nothing else."""
    others = [b for b in file.imports() if b.origin and b.origin.partition(".")[0] == "django"]
    if binding.origin != _MODULE or others != [binding] or binding.statement.type != "import_from_statement":
        return None
    edits = []
    for use in uses_of(file, binding):
        chain = use.parent
        call = chain.parent if chain is not None else None
        if chain is None or call is None or call.type != "call" or not file.refers_to(chain, _CLASS):
            return None
        name = chain.child_by_field_name("attribute")
        if name is None:
            return None
        edits.append(file.source.edit(file.span(name), b"create_template_register"))
    alias = f" as {binding.text}" if binding.text != "template" else ""
    new = f"from google.appengine.ext.webapp import template{alias}"
    edit = exchange_import(file, binding, new.encode())
    if edit is None or not edits:
        return None
    return Fix("Make the library with webapp's own module", (edit, *edits), Safety.SAFE, RunsOn.BOTH)
