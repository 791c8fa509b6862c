"""`libraries` stands beside `runtime: python`.

## Why

Only python27 has libraries to ask for. App Engine refuses the file: "libraries entries are only supported by
the "python27" runtime".

## Fix

Move the service to `runtime: python27` in the same commit (`yaml-runtime`), or take `libraries` out until
then.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python
api_version: 1
libraries:
- name: jinja2
  version: "2.6"
handlers:
- url: /.*
  script: main.py
```

## Source

SDK: `google/appengine/api/appinfo.py` (RuntimeDoesNotSupportLibraries).
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.runtime_libraries import entries
from gaebot.rules.python27.shared.config.services import OLD_RUNTIME, python_services

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Services on the old runtime that ask for libraries."""
    for service in python_services(app):
        pair = service.get("libraries")
        if service.runtime == OLD_RUNTIME and pair is not None and entries(service):
            message = (
                "`libraries` is for python27 only, and App Engine refuses it beside `runtime: python`: "
                "move to `runtime: python27` in the same commit."
            )
            yield RULE.finding(service.file.place(pair.key), message)
