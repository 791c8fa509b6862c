"""`max_concurrent_requests` has no effect, or no meaning.

## Why

`automatic_scaling: max_concurrent_requests` says how many requests an instance may serve at once. With
`threadsafe: false` it is always one.

## Fix

Delete it, or make the service thread-safe.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: false
automatic_scaling:
  max_concurrent_requests: 20
handlers:
- url: /.*
  script: main.app
```

## Source

Google, "Migrating to Python 2.7", Performance. SDK: google/appengine/api/appinfo.py, `AutomaticScaling`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.syntax.yaml import YamlFile, boolean

RULE = Rule(__name__, Severity.NOTE, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Each service that asks for several requests at once and does not allow them."""
    for service in python_services(app):
        threadsafe, scaling = service.get("threadsafe"), service.get("automatic_scaling")
        option = YamlFile.get(scaling.value, "max_concurrent_requests") if scaling is not None else None
        if option is not None and threadsafe is not None and boolean(threadsafe.value) is False:
            message = "With `threadsafe: false` an instance serves one request at a time, whatever this says."
            yield RULE.finding(service.file.pair_place(option), message)
