"""simplejson is not there on python27: use `json`.

## Why

Python 2.5 had no `json`, so apps took simplejson, mostly the copy in Django: `from django.utils import
simplejson`. python27 has neither unless app.yaml asks for Django, and later Djangos have no copy any
more; the import fails. The standard library's `json` is the same module by another name, and faster.

A `try` that ends up with `json` when simplejson can't be imported works on both runtimes; that is a note.
So is the copy in a Django that the app needs for its pages, and one that the app carries along. Where
`json` is tried first, or the version of Python decides, simplejson is never reached: that is left alone.

## Fix

Import `json`; call it by that name where the name is free in the file, else `import json as simplejson`.
A chain of attempts becomes one import. `except simplejson.JSONDecodeError` becomes `except ValueError`,
from which it is derived. Python 2.5 has no `json`, so the fix is made once the app says `runtime:
python27`.

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
import webapp2
from django.utils import simplejson

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.out.write(simplejson.dumps({'name': 'World'}))

app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import webapp2
import json

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.out.write(json.dumps({'name': 'World'}))

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

Google, "Migrating to Python 2.7", Prerequisites and considerations. SDK:
lib/django-1.2/django/utils/simplejson is `from json import *` on Python 2.6 and later; django-1.9 has no
such module.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, Place, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.runtime_libraries import declared
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.libraries.json_imports import JsonImports, json_imports
from gaebot.rules.python27.shared.libraries.json_patch import json_edits
from gaebot.rules.python27.shared.libraries.library_needs import is_guarded, library_needs
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files, request_files_with
from gaebot.syntax.python import Binding

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("simplejson"))

_WITH_COPY = frozenset({"1.2", "1.3", "1.4", "1.5"})  # versions of Django


def check(app: App) -> Iterator[Finding]:
    """Each statement that imports simplejson, and one finding for all that import a copy of the app's own."""
    for file in asked_files(app):
        found = json_imports(app, file.file)
        if found is not None and not _is_own_copy(found):
            fix = _fix(app, [found])
            for binding, place in _places(file, found):
                severity, message = _judged(found, binding)
                yield RULE.finding(place, message, fix=fix, severity=severity)
    if any(True for file in asked_files(app) for _ in _copies(app, file)):
        files = request_files_with(app, b"simplejson")
        copies = [copy for file in files for copy in _copies(app, file)]
        message = "python27 has `json`, which does the same as this copy of simplejson, faster."
        fix = _fix(app, [found for found, _ in copies])
        related = [Related(place, "It is imported here too.") for _, place in copies[1:]]
        yield RULE.finding(copies[0][1], message, fix=fix, related=related, severity=Severity.NOTE)


def _is_own_copy(found: JsonImports) -> bool:
    """Whether all that a file imports of it is a copy that the app carries along."""
    return all(map(found.is_own, found.bindings))


def _copies(app: App, file: RequestFile) -> Iterator[tuple[JsonImports, Place]]:
    """The imports of such a copy, with the place of the first one.

    Not where the code relies on what `json` has not: that is there with the copy.
    """
    found = json_imports(app, file.file)
    if found is not None and _is_own_copy(found) and not found.differences:
        yield from ((found, place) for _, place in [*_places(file, found)][:1])


def _places(file: RequestFile, found: JsonImports) -> Iterator[tuple[Binding, Place]]:
    """The imports that may run, with their places: one for each statement or chain of attempts."""
    seen: set[int] = set()
    for binding in found.bindings:
        chain = found.chain(binding)
        node = chain if chain is not None else binding.statement
        if node.id not in seen and file.runs(binding.statement):
            seen.add(node.id)
            yield binding, file.file.place(binding.statement)


def _judged(found: JsonImports, binding: Binding) -> tuple[Severity, str]:
    if found.is_own(binding):
        return Severity.NOTE, "python27 has `json`: this copy of simplejson is not needed."
    if _has_django_copy(found, binding):
        return Severity.NOTE, "The simplejson of Django is `json` by another name: import that."
    if found.falls_back(binding):
        return Severity.NOTE, "This ends up with `json` on python27: import that, and nothing else."
    message = "simplejson is not there on python27: use `json` of the standard library."
    if found.differences:
        message += " This file relies on more than `json` has."
    if is_guarded(found.file, binding.statement) and found.chain(binding) is None:
        # Django's copy was there on Python 2.5; any other was missed there too.
        return Severity.WARNING if _is_of_django(binding) else Severity.NOTE, message
    return Severity.ERROR, message


def _has_django_copy(found: JsonImports, binding: Binding) -> bool:
    """Whether the app asks for a Django that has the module, or will, since it needs Django anyway."""
    if not _is_of_django(binding):
        return False
    asked = [entry for entry in declared(found.app) if entry.library and entry.library.name == "django"]
    if not asked:
        # The versions that are asked for when the app says none are older than the end of the copy.
        needs = library_needs(found.app).values()
        return bool(needs) and all("django" in needed for needed in needs)
    return all(entry.resolved in _WITH_COPY for entry in asked)


def _is_of_django(binding: Binding) -> bool:
    return b"django" in (binding.statement.text or b"")


def _fix(app: App, files: list[JsonImports]) -> Fix | None:
    """The patch of the files among these that can be patched."""
    patched = {found: edits for found in files if (edits := json_edits(found))}
    if not patched or not has_switched(app):
        return None
    has_own = any(found.is_own(binding) for found in patched for binding in found.bindings)
    first = next(iter(patched)).file.source.path
    title = f"Use `json` in {first}" + (f" and {len(patched) - 1} more" if len(patched) > 1 else "")
    made = tuple(edit for each in patched.values() for edit in each)
    return Fix(title, made, Safety.REVIEW if has_own else Safety.SAFE, RunsOn.TARGET)
