"""Backends are gone in favour of services, and one of their options needs threads.

## Why

Backends were replaced by services ("modules"), which scale in the same ways and have an app.yaml each. And
`max_concurrent_requests` only means something when an instance may serve several requests at
once: with `threadsafe: false` it serves one.

## Fix

Make each backend a service with its own YAML file: `service: NAME`, `instance_class: B2`, and
`manual_scaling` (for a fixed number of instances) or `basic_scaling` (for `options: dynamic`). Its
handlers are those of app.yaml and `/_ah/start`.

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```yaml before backends.yaml
backends:
- name: worker
  class: B2
  options: dynamic
```

## Source

Google, "Modules: converting from backends". SDK: `google/appengine/api/backendinfo.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.service import Service
from gaebot.syntax.yaml import YamlFile, boolean

RULE = Rule(__name__, Severity.NOTE, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """`backends:` with entries, and `max_concurrent_requests` where requests come one at a time."""
    for service in python_services(app):
        for file in (service.file, service.backends):
            pair = YamlFile.get(file.mapping, "backends") if file is not None else None
            entries = YamlFile.items(pair.value) if pair else []
            if file is None or pair is None or not entries:
                continue
            message = (
                "Backends were replaced by services: give each one a YAML file of its own with `service:` "
                "and a scaling."
            )
            yield RULE.finding(file.place(pair.key), message)
            for entry in entries:
                option = YamlFile.get(entry, "max_concurrent_requests")
                if option is not None and _one_at_a_time(service):
                    message = (
                        f"`max_concurrent_requests` has no effect: `threadsafe` in {service.path} is not "
                        "true, so an instance serves one request at a time."
                    )
                    yield RULE.finding(file.pair_place(option), message)


def _one_at_a_time(service: Service) -> bool:
    pair = service.get("threadsafe")
    return pair is None or boolean(pair.value) is False
