"""The app was written for a Django that python27 does not have.

## Why

python27 begins with Django 1.2. Without asking Python 2.5 had 0.96, and many apps chose 1.0 or 1.1. From
0.96 to 1.0 nearly all changed: templates escape, `newforms` became `forms`, `maxlength` became
`max_length`, the admin moved. From 1.0 to 1.2 little breaks.

## Fix

Take 1.2 first and read the release notes of the versions between. `django.newforms` is `django.forms`
then, and fields take `max_length`, which the fixes write once the app says `runtime: python27`.

Left alone are apps that carry a Django of their own, and modules of tags and filters for webapp's templates,
of which another rule speaks.

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

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.libraries.carried import is_carried
from gaebot.rules.python27.shared.libraries.json_imports import DJANGO as DJANGO_JSON
from gaebot.rules.python27.shared.libraries.library_needs import imported_modules, is_guarded
from gaebot.rules.python27.shared.libraries.use_library import django_version
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files, request_files_with
from gaebot.rules.python27.shared.webapp.templates import library_files
from gaebot.syntax.imports import exchange_import
from gaebot.syntax.python import Binding
from gaebot.text import Edit

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("django", "maxlength"))

_NEWFORMS = "django.newforms"
_OLD_KEYWORD = "maxlength"
_TOO_OLD = ("0.96", "1.0", "1.1")


def check(app: App) -> Iterator[Finding]:
    """The first import of a Django that is too old, and each use of what came to have another name."""
    if is_carried(app, "django"):
        return
    asked = [file for file in asked_files(app) if b"django" in file.file.source.data]
    for file in asked:
        yield from _keywords(app, file)
        for binding, modules in _imports(file):
            if _has_newforms(modules):
                message = "The Django of python27 has no `newforms`: they are its `forms`."
                fix = _forms(file, binding) if has_switched(app) else None
                place = file.file.place(binding.statement)
                yield RULE.finding(place, message, fix=fix, severity=Severity.ERROR)
    if any(True for file in asked for _ in _of_old_one(app, file)):
        old = ((file, each) for file in request_files_with(app, b"django") for each in _of_old_one(app, file))
        yield from _too_old(app, *next(old))


def _imports(file: RequestFile) -> Iterator[tuple[Binding, list[str]]]:
    """The imports of Django in a file that the code can't do without, with the modules that they name."""
    for binding in file.file.imports():
        modules = imported_modules(binding)
        is_django = any(module.partition(".")[0] == "django" for module in modules)
        if is_django and file.runs(binding.statement) and not is_guarded(file.file, binding.statement):
            yield binding, modules


def _has_newforms(modules: list[str]) -> bool:
    return any(module == _NEWFORMS or module.startswith(f"{_NEWFORMS}.") for module in modules)


def _of_old_one(app: App, file: RequestFile) -> Iterator[Binding]:
    """The imports by which a file shows for which Django it was written."""
    for binding, modules in _imports(file):
        is_plain = any(map(_is_django, modules)) and not _has_newforms(modules)
        if is_plain and file.file not in library_files(app):
            yield binding


def _is_django(module: str) -> bool:
    return module.partition(".")[0] == "django" and not module.startswith(DJANGO_JSON)


def _too_old(app: App, file: RequestFile, binding: Binding) -> Iterator[Finding]:
    """That the Django of an app is too old, told at an import of it."""
    version, chosen = django_version(app)
    if not has_switched(app) and (chosen or "0.96") in _TOO_OLD:
        message = (
            f"The app was written for Django {chosen or '0.96'}, and python27 begins with 1.2: take {version}"
            " and read the release notes of the versions between."
        )
        yield RULE.finding(file.file.place(binding.statement), message)


def _keywords(app: App, file: RequestFile) -> Iterator[Finding]:
    """`maxlength=` for a field of Django's models."""
    for name in file.file.identifiers(_OLD_KEYWORD):
        argument = name.parent
        if argument is None or argument.type != "keyword_argument" or argument.children[0] != name:
            continue
        call = argument.parent.parent if argument.parent is not None else None
        if call is None or not file.runs(call) or not _is_field(file, call):
            continue
        edit = file.file.source.edit(file.file.span(name), b"max_length")
        message = "Fields of Django have no `maxlength` since 1.0: it is `max_length`."
        yield RULE.finding(
            file.file.place(argument),
            message,
            fix=_made("Say `max_length`", edit) if has_switched(app) else None,
            severity=Severity.ERROR,
        )


def _is_field(file: RequestFile, call: Node) -> bool:
    function = call.child_by_field_name("function") if call.type == "call" else None
    origins = file.file.origins(function) if function is not None else ()
    return any(origin.startswith("django.db.models.") and origin.endswith("Field") for origin in origins)


def _forms(file: RequestFile, binding: Binding) -> Fix | None:
    """The import of the same names from `django.forms`."""
    python, statement = file.file, binding.statement
    title = "Take Django's `forms`"
    if binding.origin == _NEWFORMS and statement.type == "import_from_statement":
        alias = f" as {binding.text}" if binding.text != "forms" else ""
        return _made(title, exchange_import(python, binding, f"from django import forms{alias}".encode()))
    if binding.origin == _NEWFORMS:
        return _made(
            title, exchange_import(python, binding, f"import django.forms as {binding.text}".encode())
        )
    module = statement.child_by_field_name("module_name")
    if statement.type != "import_from_statement" or module is None:
        return None  # `import django.newforms`: its uses would have to change, too
    new = (module.text or b"").replace(b"django.newforms", b"django.forms")
    return _made(title, python.source.edit(python.span(module), new)) if new != module.text else None


def _made(title: str, edit: Edit | None) -> Fix | None:
    return Fix(title, (edit,), Safety.REVIEW, RunsOn.TARGET) if edit is not None else None
