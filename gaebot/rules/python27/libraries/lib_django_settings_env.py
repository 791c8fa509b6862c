"""`DJANGO_SETTINGS_MODULE` is set while a module is imported, and lost with the first request.

## Why

On python27 `os.environ` belongs to the request. What a module sets while it is imported is there for the
request that imported it, and gone for all that follow. Django reads its settings when they are first
needed: when that is a later request, it fails with "environment variable DJANGO_SETTINGS_MODULE is
undefined", now and then.

Left alone is an app that uses Django for nothing but webapp's own templates, which have a Django of their
own.

## Fix

Set it in `env_variables:` of app.yaml, where every request finds it. The line may stay: tools that run on
your own machine need it. The fix adds the entry; it works on both runtimes.

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
import os
os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'

import django.core.handlers.wsgi
app = django.core.handlers.wsgi.WSGIHandler()
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

## Source

SDK: google/appengine/runtime/request_environment.py, `RequestLocalEnviron`;
google/appengine/api/appinfo.py, `env_variables`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.environment import set_variable, variable
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.libraries.settings_at_import import EnvironmentWrite, environment_writes
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_files_with

_KEY = "DJANGO_SETTINGS_MODULE"

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(_KEY))

_JSON = "django.utils.simplejson"
_MOST_RELATED = 5


def check(app: App) -> Iterator[Finding]:
    """One finding for the lines that set it at import, while app.yaml does not."""
    services = [service for service in python_services(app) if not service.is_template]
    if all(variable(service, _KEY) is not None for service in services):
        return
    writes = [write for write in environment_writes(app) if write.key == _KEY]
    if not writes or not any(_uses_django(file) for file in request_files_with(app, b"django")):
        return
    message = (
        "On python27 this lasts for the request that imports the module only, and Django fails when it needs"
        " its settings in a later one first: set it in `env_variables:` of app.yaml."
    )
    first, *others = [write.file.file.place(write.node) for write in writes]
    related = [Related(place, "And here.") for place in others[:_MOST_RELATED]]
    yield RULE.finding(first, message, fix=_fix(app, writes), related=related)


def _uses_django(file: RequestFile) -> bool:
    """Whether a file imports Django for more than its copy of simplejson."""
    for binding in file.file.imports():
        origin = binding.origin or ""
        is_django = origin == "django" or origin.startswith("django.")
        if is_django and not origin.startswith(_JSON) and file.runs(binding.statement):
            return True
    return False


def _fix(app: App, writes: list[EnvironmentWrite]) -> Fix | None:
    values = {write.value for write in writes}
    value = next(iter(values)) if len(values) == 1 else None
    if value is None:
        return None
    edits = []
    for service in python_services(app):
        if service.is_template or variable(service, _KEY) is not None:
            continue
        edit = set_variable(service, _KEY, value)
        if edit is None:
            return None
        edits.append(edit)
    return Fix(f"Set {_KEY} in app.yaml", tuple(edits), Safety.SAFE, RunsOn.BOTH) if edits else None
