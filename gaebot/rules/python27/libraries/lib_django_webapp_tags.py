"""Tags are registered with webapp's templates, while Django itself renders the pages.

## Why

On Python 2.5 webapp's templates were those of the app's Django: `register_template_library` made tags and
filters known to both. On python27 webapp has a Django of its own. Tags that are registered with it are
unknown to the Django of `libraries:`, and its pages end in "Invalid block tag".

Left alone are apps that render pages with webapp's templates, too.

## Fix

`django.template.add_to_builtins`, which is what `register_template_library` called, and
`django.template.Library()` instead of `create_template_register()`. gaebot writes both once the app says
`runtime: python27`. Django has `add_to_builtins` up to 1.8: with a later one name the module in `builtins`
of the template options, or load it in the pages.

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
import django.core.handlers.wsgi
from google.appengine.ext.webapp import template

template.register_template_library('shop.tags')
app = django.core.handlers.wsgi.WSGIHandler()
```

```python before shop/__init__.py
```

```python before shop/tags.py
from google.appengine.ext.webapp import template

register = template.create_template_register()
```

```python after main.py
import django.core.handlers.wsgi
from django import template

template.add_to_builtins('shop.tags')
app = django.core.handlers.wsgi.WSGIHandler()
```

```python after shop/tags.py
from django import template

register = template.Library()
```

## Source

SDK: google/appengine/ext/webapp/template.py imports `google.appengine._internal.django` on python27;
lib/django-1.5/django/template/base.py, `add_to_builtins`, which lib/django-1.9 has no more.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.runtime_libraries import declared
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.webapp.templates import (
    TEMPLATE,
    library_files,
    registers_for_django,
    registrations,
)
from gaebot.syntax.imports import attributes_of, exchange_import, uses_of
from gaebot.syntax.nodes import text
from gaebot.syntax.python import Binding, PythonFile
from gaebot.text import Edit

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("register_template_library"))

_NEW_NAMES = {
    "register_template_library": b"add_to_builtins",
    "create_template_register": b"Library",
}
_TOO_NEW = frozenset({"1.9", "1.11"})
_MOST_RELATED = 5


def check(app: App) -> Iterator[Finding]:
    """One finding for each app that registers tags with the wrong Django."""
    if not registers_for_django(app):
        return
    first, *others = [one.use.file.file.place(one.use.node) for one in registrations(app)]
    message = (
        "On python27 webapp has a Django of its own, and the app's Django does not know the tags that are"
        " registered with it: call `django.template.add_to_builtins`."
    )
    related = [Related(place, "And here.") for place in others[:_MOST_RELATED]]
    yield RULE.finding(first, message, fix=_fix(app), related=related)


def _fix(app: App) -> Fix | None:
    """Exchange webapp's template module for Django's, in each file that registers or holds tags."""
    if not has_switched(app) or any("." not in one.name for one in registrations(app)):
        return None  # a name without a dot is another rule's business
    if any(
        entry.resolved in _TOO_NEW
        for entry in declared(app)
        if entry.library and entry.library.name == "django"
    ):
        return None
    files = {one.use.file.path: one.use.file.file for one in registrations(app)}
    files |= {file.source.path: file for file in library_files(app) if b"webapp" in file.source.data}
    edits: list[Edit] = []
    for file in files.values():
        made = _exchanged(file)
        if made is None:
            return None
        edits += made
    return Fix("Register the tags with Django itself", tuple(edits), Safety.REVIEW, RunsOn.TARGET)


def _exchanged(file: PythonFile) -> list[Edit] | None:
    """The edits for one file; None where it uses webapp's templates in another way."""
    bindings = [binding for binding in file.imports() if (binding.origin or "").startswith(TEMPLATE)]
    if not bindings:
        return [] if not file.references(*(f"{TEMPLATE}.{name}" for name in _NEW_NAMES)) else None
    edits: list[Edit] = []
    for binding in bindings:
        made = _of_module(file, binding)
        if made is None:
            return None
        edits += made
    return edits


def _of_module(file: PythonFile, binding: Binding) -> list[Edit] | None:
    """The edits for `from google.appengine.ext.webapp import template` and its uses."""
    if binding.origin != TEMPLATE or binding.text == "*":
        return None
    uses = attributes_of(uses_of(file, binding))
    if not uses or any(text(name) not in _NEW_NAMES for _, name in uses):
        return None
    alias = f" as {binding.text}" if binding.text != "template" else ""
    edit = exchange_import(file, binding, f"from django import template{alias}".encode())
    if edit is None:
        return None
    return [edit, *(file.source.edit(file.span(name), _NEW_NAMES[text(name)]) for _, name in uses)]
