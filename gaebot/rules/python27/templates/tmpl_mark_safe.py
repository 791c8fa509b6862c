"""A filter marks its HTML as safe in a way that webapp's templates do not know on python27.

## Why

On python27 webapp's templates escape what filters return. `mark_safe` of Django says that a text is HTML
already, but the templates are rendered by a Django of the SDK's own, whose safe texts are another class:
the tags come out as `&lt;b&gt;`.

## Fix

Take `mark_safe` from the Django that renders: `google.appengine._internal.django.utils.safestring`. Or add
`|safe` behind the filter in the templates, or render them with Django itself.

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
  version: "1.4"
```

```python before common/__init__.py
```

```python before common/filters.py
from django.utils.safestring import mark_safe
from google.appengine.ext.webapp import template

register = template.create_template_register()

@register.filter
def bold(text):
    return mark_safe('<b>%s</b>' % text)
```

```python after common/filters.py
from google.appengine._internal.django.utils.safestring import mark_safe
from google.appengine.ext.webapp import template

register = template.create_template_register()

@register.filter
def bold(text):
    return mark_safe('<b>%s</b>' % text)
```

```python before main.py
import webapp2
from google.appengine.ext.webapp import template

template.register_template_library('common.filters')
app = webapp2.WSGIApplication([])
```

## Source

SDK: google/appengine/_internal/django/utils/safestring.py; google/appengine/_internal/django/utils/html.py,
`conditional_escape`, asks for that class.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.webapp.templates import library_files
from gaebot.syntax.imports import exchange_import
from gaebot.syntax.python import Binding, PythonFile

_MODULE = "django.utils.safestring"

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(_MODULE.rpartition(".")[2]))


def check(app: App) -> Iterator[Finding]:
    """Each import of Django's safe texts in a module that is registered for webapp's templates."""
    for file in library_files(app):
        for binding in file.imports():
            if (binding.origin or "").startswith(f"{_MODULE}."):
                message = (
                    "On python27 webapp's templates are rendered by a Django of the SDK's own, which escapes"
                    f" what this `{binding.text}` marks as safe: take it from"
                    f" `google.appengine._internal.{_MODULE}`."
                )
                fix = _fix(file, binding) if has_switched(app) else None
                yield RULE.finding(file.place(binding.statement), message, fix=fix)


def _fix(file: PythonFile, binding: Binding) -> Fix | None:
    if binding.statement.type != "import_from_statement" or binding.text == "*":
        return None
    name = (binding.origin or "").rpartition(".")[2]
    alias = f" as {binding.text}" if binding.text != name else ""
    new = f"from google.appengine._internal.{_MODULE} import {name}{alias}"
    edit = exchange_import(file, binding, new.encode())
    title = f"Take `{name}` from the Django that renders"
    return Fix(title, (edit,), Safety.REVIEW, RunsOn.TARGET) if edit is not None else None
