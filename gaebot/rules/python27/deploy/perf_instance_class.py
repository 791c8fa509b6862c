"""A larger instance can serve more requests at once.

## Why

A service that is thread-safe serves several requests in one process. The smallest instance, F1, has 128
MB for all of them and a slow processor; an app that loads Django fills it. Google advises to try a larger
class when answers come later after the move. Services with basic or manual scaling
have other classes and are left alone.

## Fix

`instance_class: F2` (256 MB) or F4 (512 MB), after measuring.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
libraries:
- name: django
  version: "1.4"
handlers:
- url: /.*
  script: main.app
```

## Source

Google, "Migrating to Python 2.7", Performance. SDK: google/appengine/tools/devappserver2/constants.py has
the memory of each class.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.runtime_libraries import declared_by
from gaebot.rules.python27.shared.config.services import NEW_RUNTIME, python_services, starts_by_itself
from gaebot.syntax.yaml import boolean

RULE = Rule(__name__, Severity.NOTE, only_in=YAML)

_LARGE = frozenset({"django", "numpy", "matplotlib", "lxml"})


def check(app: App) -> Iterator[Finding]:
    """Each thread-safe service with a large library and no class of its own."""
    for service in python_services(app):
        threadsafe = service.get("threadsafe")
        if service.is_template or service.runtime != NEW_RUNTIME or threadsafe is None:
            continue
        if (
            starts_by_itself(service)
            or boolean(threadsafe.value) is not True
            or service.get("instance_class") is not None
        ):
            continue
        large = [e.library.name for e in declared_by(service) if e.library and e.library.name in _LARGE]
        if large:
            message = (
                f"Requests share the 128 MB of the smallest instance, and {large[0]} needs much: measure,"
                " and try `instance_class: F2`."
            )
            yield RULE.finding(service.file.pair_place(threadsafe), message)
