"""New instances load the app while the first visitor waits.

## Why

On python27 the modules of an app are imported by the first request of an instance. With warm-up requests
App Engine sends one to `/_ah/warmup` before visitors come.

gaebot speaks of it where Django or several handler modules have to be loaded. Services with basic or manual
scaling get `/_ah/start` instead.

## Fix

`inbound_services: - warmup`. The request goes to whatever handler takes `/_ah/warmup`; any answer will
do, also an error 404, once the modules are loaded. The fix adds the service where a handler takes that
URL.

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

```yaml after app.yaml
runtime: python27
api_version: 1
threadsafe: true
libraries:
- name: django
  version: "1.4"
handlers:
- url: /.*
  script: main.app

inbound_services:
- warmup
```

## Source

Google, "Configuring warmup requests". SDK: google/appengine/api/appinfo.py, `inbound_services`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.patterns import Pattern
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.runtime_libraries import declared_by
from gaebot.rules.python27.shared.config.services import NEW_RUNTIME, python_services, starts_by_itself
from gaebot.service import Service
from gaebot.syntax.yaml import YamlFile, scalar

RULE = Rule(__name__, Severity.NOTE, only_in=YAML)

_MANY = 4  # handler modules
_URL = "/_ah/warmup"


def check(app: App) -> Iterator[Finding]:
    """Each service on python27 that loads much and asks for no warm-up."""
    for service in python_services(app):
        runtime = service.get("runtime")
        if service.is_template or service.runtime != NEW_RUNTIME or runtime is None or _is_asked_for(service):
            continue
        if starts_by_itself(service):
            continue
        modules = {use.script.text.rpartition(".")[0] for use in service.scripts if not use.script.is_sdk}
        has_django = any(e.library and e.library.name == "django" for e in declared_by(service))
        if has_django or len(modules) >= _MANY:
            message = "The first visitor of each instance waits for its modules: ask for warm-up requests."
            yield RULE.finding(service.file.pair_place(runtime), message, fix=_fix(service))


def _is_asked_for(service: Service) -> bool:
    pair = service.get("inbound_services")
    items = YamlFile.items(pair.value) if pair is not None else []
    return any(scalar(item) == "warmup" for item in items)


def _fix(service: Service) -> Fix | None:
    mapping = service.mapping
    if mapping is None or mapping.flow_style or not service.file.can_be_patched:
        return None
    takers = [handler for handler in service.handlers if Pattern(handler.url or "").fullmatch(_URL)]
    if service.get("inbound_services") is not None or not takers or takers[0].use is None:
        return None
    last = YamlFile.pairs(mapping)[-1]
    edit = service.file.insert_after(mapping, last, ["", "inbound_services:", "- warmup"])
    return Fix("Ask for warm-up requests", (edit,), Safety.REVIEW, RunsOn.BOTH)
