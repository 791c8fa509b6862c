"""The app runs Django by a helper that was written for Python 2.5.

## Why

`appengine_django` (google-app-engine-django) asks `google.appengine.dist` for Django and takes its forms
from `google.appengine.ext.db.djangoforms`; python27 has neither, so that every page ends in ImportError.
app-engine-patch (`ragendja`, `appenginepatch`) was never made for python27. django-nonrel
(`djangoappengine`, `djangotoolbox`) runs on python27 from its version for Django 1.3 on.

## Fix

gaebot makes a copy of `appengine_django` run: on python27 it leaves Django to `libraries:` of app.yaml,
and goes on without the forms. `DJANGO_SETTINGS_MODULE` is set in `env_variables:`. The helper itself has
been given up by its makers: plan to leave it. Apps on app-engine-patch move to plain Django with
`google.appengine.ext.db`, or to django-nonrel.

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
from appengine_django import InstallAppengineHelperForDjango
InstallAppengineHelperForDjango()

import django.core.handlers.wsgi
app = django.core.handlers.wsgi.WSGIHandler()
```

```python before appengine_django/__init__.py
import os

def LoadDjango(version=None):
  from google.appengine.dist import use_library
  os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'
  use_library('django', version or '1.2')

def InstallModelForm():
  from google.appengine.ext.db import djangoforms as aeforms
  from django import forms
  forms.ModelForm = aeforms.ModelForm

def InstallAppengineHelperForDjango(version=None):
  LoadDjango(version)
  InstallModelForm()
```

```yaml after app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app

env_variables:
  DJANGO_SETTINGS_MODULE: 'settings'
```

```python after appengine_django/__init__.py
import os

def LoadDjango(version=None):
  if os.environ.get('APPENGINE_RUNTIME') == 'python27':
    return  # app.yaml says which Django
  from google.appengine.dist import use_library
  os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'
  use_library('django', version or '1.2')

def InstallModelForm():
  try:
    from google.appengine.ext.db import djangoforms as aeforms
  except ImportError:
    return  # python27 has none
  from django import forms
  forms.ModelForm = aeforms.ModelForm

def InstallAppengineHelperForDjango(version=None):
  LoadDjango(version)
  InstallModelForm()
```

## Source

SDK: there is no google/appengine/dist and no google/appengine/ext/db/djangoforms.py in 1.9.88. Apps with
such a copy were started on dev_appserver before and after.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, Place, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.environment import set_variable, variable
from gaebot.rules.python27.shared.config.services import has_switched, python_services
from gaebot.rules.python27.shared.scripts.django_helper import helper_copies
from gaebot.rules.python27.shared.scripts.handler_scripts import request_files
from gaebot.syntax.python import Binding, PythonFile, scope_node, text
from gaebot.text import Edit, Span

RULE = Rule(__name__, Severity.ERROR, vendored=True)

_DIST = "google.appengine.dist"
_FORMS = "google.appengine.ext.db.djangoforms"
_SETTINGS = "DJANGO_SETTINGS_MODULE"
_ASK = "if os.environ.get('APPENGINE_RUNTIME') == 'python27':"
_PATCH = "app-engine-patch has no version for python27: move to plain Django or to django-nonrel."
_OTHERS = {
    "ragendja": _PATCH,
    "appenginepatcher": _PATCH,
    "djangoappengine": "django-nonrel runs on python27 from its version for Django 1.3 on: take that one.",
}


def check(app: App) -> Iterator[Finding]:
    """The lines of the helper that fail, and the other helpers once each."""
    for file in helper_copies(app):
        found = [_first(file, origin) for origin in (_DIST, _FORMS)]
        nodes = [binding.statement for binding in found if binding is not None]
        if nodes:
            message = (
                "This copy of google-app-engine-django imports what python27 does not have: let it leave"
                " Django to `libraries:` of app.yaml there."
            )
            yield RULE.finding(file.place(nodes[0]), message, fix=_fix(app, file))
    yield from _other_helpers(app)


def _first(file: PythonFile, origin: str) -> Binding | None:
    """The first import of a module that is gone, in a function and not guarded."""
    for binding in file.imports():
        if not (binding.origin or "").startswith(origin):
            continue
        function = scope_node(binding.name)
        if function.type == "function_definition" and not _is_guarded(binding):
            return binding
    return None


def _is_guarded(binding: Binding) -> bool:
    """Whether the function has asked for python27 above, or catches the failure."""
    block = binding.statement.parent
    if block is None or (block.parent is not None and block.parent.type == "try_statement"):
        return True
    above = [node for node in block.named_children if node.end_byte <= binding.statement.start_byte]
    return any(node.type == "if_statement" and "APPENGINE_RUNTIME" in text(node) for node in above)


def _fix(app: App, file: PythonFile) -> Fix | None:
    services = [service for service in python_services(app) if not service.is_template]
    if not has_switched(app) or "os" not in file.scope.bindings:
        return None
    edits: list[Edit] = []
    dist, forms = _first(file, _DIST), _first(file, _FORMS)
    if dist is not None:
        edits += _leave_early(file, dist.statement)
        for service in services:
            if variable(service, _SETTINGS) is None:
                edit = set_variable(service, _SETTINGS, _settings_module(file))
                if edit is None:
                    return None
                edits.append(edit)
    if forms is not None:
        edits += _try(file, forms.statement)
    title = "Let the Django helper run on python27"
    return Fix(title, tuple(edits), Safety.REVIEW, RunsOn.TARGET) if edits else None


def _settings_module(file: PythonFile) -> str:
    for literal in file.strings(_SETTINGS):
        outer = literal.parent.parent if literal.parent is not None else None
        value = (
            outer.child_by_field_name("right") if outer is not None and outer.type == "assignment" else None
        )
        if value is not None and value.type == "string":
            return text(value).strip("ur'\"")
    return "settings"


def _step(file: PythonFile, statement: Node) -> bytes:
    """What one more level of a block is indented by: what the function's body is."""
    own = file.indent(statement)
    function = scope_node(statement)
    outer = file.indent(function)
    return own[len(outer) :] or b"  "


def _leave_early(file: PythonFile, statement: Node) -> Iterator[Edit]:
    newline, indent = file.source.newline, file.indent(statement)
    lines = (
        _ASK.encode(),
        indent + _step(file, statement) + b"return  # app.yaml says which Django",
        indent,
    )
    yield file.source.edit(Span(statement.start_byte, statement.start_byte), newline.join(lines))


def _try(file: PythonFile, statement: Node) -> Iterator[Edit]:
    newline, indent, step = file.source.newline, file.indent(statement), _step(file, statement)
    code = file.source.data[statement.start_byte : statement.end_byte]
    lines = (
        b"try:",
        indent + step + code,
        indent + b"except ImportError:",
        indent + step + b"return  # python27 has none",
    )
    yield file.source.edit(file.span(statement), newline.join(lines))


def _other_helpers(app: App) -> Iterator[Finding]:
    for name, advice in _OTHERS.items():
        place = _place(app, name)
        if place is not None:
            yield RULE.finding(place, advice, severity=Severity.WARNING)


def _place(app: App, name: str) -> Place | None:
    """The first import of a package in the app's request files."""
    for file in request_files(app):
        if name.encode() in file.file.source.data:
            for binding in file.file.imports():
                if name in (binding.origin or "").split(".") and file.runs(binding.statement):
                    return file.file.place(binding.statement)
    return None
