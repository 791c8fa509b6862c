"""A library in C has to be installed on the developer's machine.

## Why

App Engine brings lxml, numpy, PIL and others along, and the SDK does not: on the development server the
import fails until the library is installed for the Python 2.7 that runs it.

## Fix

`pip2 install` the library on your machine.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
libraries:
- name: lxml
  version: "3.7.3"
handlers:
- url: /.*
  script: main.app
```

## Source

Google, "Migrating to Python 2.7", Configuring libraries. SDK:
google/appengine/tools/devappserver2/python/runtime/sandbox.py, `THIRD_PARTY_C_MODULES`; the folder lib/
holds none of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.runtime_libraries import declared_by
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.libraries.library_needs import COMPILED

RULE = Rule(__name__, Severity.NOTE, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """One note for each service that asks for such libraries."""
    for service in python_services(app):
        entries = [e for e in declared_by(service) if e.library is not None and e.library.name in COMPILED]
        if entries and not service.is_template:
            names = ", ".join(entry.library.name for entry in entries if entry.library is not None)
            message = (
                f"The SDK does not bring {names} along: install it for the Python 2.7 of your own machine."
            )
            yield RULE.finding(service.file.place(entries[0].item), message)
