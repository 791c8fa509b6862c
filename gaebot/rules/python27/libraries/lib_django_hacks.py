"""Work-arounds for Django on Python 2.5 fail with the Django of python27.

## Why

Google's article for Python 2.5 told apps to log errors and to keep Django from rolling back with
`django.dispatch.dispatcher.connect(handler, signal)`. Django has no such functions since 1.0:
AttributeError when the script is loaded. `from django import v0_96` fails as well.

## Fix

`signal.connect(handler)` and `signal.disconnect(handler)`, which every Django from 1.0 on has.

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
import django.core.signals
import django.db
import django.dispatch.dispatcher

django.dispatch.dispatcher.disconnect(
    django.db._rollback_on_exception, django.core.signals.got_request_exception)
app = django.core.handlers.wsgi.WSGIHandler()
```

```python after main.py
import django.core.handlers.wsgi
import django.core.signals
import django.db
import django.dispatch.dispatcher

django.core.signals.got_request_exception.disconnect(django.db._rollback_on_exception)
app = django.core.handlers.wsgi.WSGIHandler()
```

## Source

SDK: lib/django-1.2/django/dispatch/dispatcher.py has `Signal`, and no functions of these names.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_files
from gaebot.rules.python27.shared.scripts.library_needs import is_guarded
from gaebot.syntax.python import arguments, text

RULE = Rule(__name__, Severity.ERROR)

_DISPATCHER = "django.dispatch.dispatcher"
_OLD = "django.v0_96"


def check(app: App) -> Iterator[Finding]:
    """Calls of the old dispatcher, and imports of a version by its name."""
    for file in request_files(app):
        data = file.file.source.data
        if b"dispatcher" in data:
            for call in file.file.calls(f"{_DISPATCHER}.connect", f"{_DISPATCHER}.disconnect"):
                if file.runs(call) and not is_guarded(file.file, _statement(call)):
                    message = "Django's dispatcher has no such function since 1.0: say `signal.connect(f)`."
                    fix = _fix(file, call) if has_switched(app) else None
                    yield RULE.finding(file.file.place(call), message, fix=fix)
        if b"v0_96" in data:
            for binding in file.file.imports():
                if binding.origin == _OLD and file.runs(binding.statement):
                    message = "Only the Django of Python 2.5 has `v0_96`: delete the import."
                    yield RULE.finding(file.file.place(binding.statement), message)


def _statement(node: Node) -> Node:
    return node.parent if node.parent is not None and node.parent.type == "expression_statement" else node


def _fix(file: RequestFile, call: Node) -> Fix | None:
    positional, named = arguments(call)
    function = call.child_by_field_name("function")
    handler = positional[0] if positional else named.get("receiver")
    signal = positional[1] if len(positional) > 1 else named.get("signal")
    if handler is None or signal is None or function is None or len(positional) + len(named) != 2:
        return None
    if signal.type not in {"attribute", "identifier"}:
        return None
    verb = text(function).rpartition(".")[2]
    edit = file.file.source.edit(
        file.file.span(call), f"{text(signal)}.{verb}({text(handler)})".encode("latin-1")
    )
    return Fix("Ask the signal", (edit,), Safety.REVIEW, RunsOn.TARGET)
