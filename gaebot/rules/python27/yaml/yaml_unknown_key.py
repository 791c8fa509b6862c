"""A key is unknown to App Engine, or has no meaning for python27.

## Why

App Engine refuses a file with a key that it does not know ("Unexpected attribute"). Keys that belong to
the flexible environment or to another language's runtime it takes, and passes over: what they say does
not happen.

## Fix

A misspelt key gets its right name. When the right one stands there too, the misspelt one goes if it says
the same. A key that python27 passes over is removed by hand: what it was there for needs another way.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /static
  static-dir: static
- url: /.*
  script: main.app
```

```yaml after app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /static
  static_dir: static
- url: /.*
  script: main.app
```

## Source

SDK: `google/appengine/api/appinfo.py` (the ATTRIBUTES of its classes).
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.app_yaml import HANDLER, SERVICE, FileFault, faults, passed_over
from gaebot.rules.python27.shared.config.names import nearest
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.schema import Fault, Kind
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.syntax.yaml import YamlFile, scalar

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)

# Names that people write and that are not just misspelt.
_MEANT = {
    "env_vars": "env_variables",
    "environment": "env_variables",
    "environment_variables": "env_variables",
    "expires": "expiration",
    "headers": "http_headers",
    "library": "libraries",
    "services": "inbound_services",
}
# When one of these is missing, its own rule adds it. Renaming could add it a second time.
_ADDED_ELSEWHERE = frozenset({"api_version", "runtime", "threadsafe"})


def check(app: App) -> Iterator[Finding]:
    """Keys that App Engine does not know, then those it passes over."""
    for found in faults(app):
        if found.fault.kind is Kind.UNKNOWN_KEY and not _is_for_include_keys(found):
            place = found.file.place(found.fault.node)
            yield RULE.finding(place, _message(found.fault), fix=_fix(found.file, found.fault))
    for service in python_services(app):
        for pair in YamlFile.pairs(service.mapping):
            name = scalar(pair.key) or ""
            if user := passed_over(service, name):
                message = f"`{name}` is for {user}: python27 passes over it. Remove it."
                yield RULE.finding(service.file.place(pair.key), message, severity=Severity.WARNING)


def _is_for_include_keys(found: FileFault) -> bool:
    return found.is_include and len(found.fault.path) == 1 and found.concerns in SERVICE.keys


def _meant(fault: Fault) -> str | None:
    name = fault.path[-1]
    meant = _MEANT.get(name.lower())
    return meant if meant in fault.known else nearest(name, fault.known)


def _message(fault: Fault) -> str:
    name = fault.path[-1]
    if name == "<<":
        return "App Engine knows no merge keys (`<<`) and refuses the file: write the entries out."
    if meant := _meant(fault):
        return f"App Engine does not know the key `{name}` here and refuses the file: `{meant}` is meant."
    if len(fault.path) == 1 and name in HANDLER.keys:
        return f"`{name}` belongs in an entry of `handlers:`, and App Engine refuses it here: indent it."
    if fault.path[0] == "handlers" and name in SERVICE.keys:
        return f"`{name}` belongs at the top of the file, not in a handler: look at the indentation."
    return f"{fault.message} Remove it, or look at the indentation."


def _fix(file: YamlFile, fault: Fault) -> Fix | None:
    meant = _meant(fault)
    if meant is None or fault.holder is None or fault.pair is None:
        return None
    name, right = fault.path[-1], YamlFile.get(fault.holder, meant)
    if right is not None:
        if meant not in _ADDED_ELSEWHERE and not file.same_value(right.value, fault.pair.value):
            return None
        edit = file.remove_pair(fault.holder, fault.pair)
        return one_edit(file, f"Remove `{name}`: `{meant}` is there", edit, Safety.REVIEW)
    twins = [pair for pair in YamlFile.pairs(fault.holder) if nearest(scalar(pair.key) or "", [meant])]
    if meant in _ADDED_ELSEWHERE or len(twins) > 1:
        return None
    renamed = file.set_scalar(fault.pair.key, meant)
    runs_on = RunsOn.TARGET if meant == "libraries" else RunsOn.BOTH
    return one_edit(file, f"Rename `{name}` to `{meant}`", renamed, Safety.REVIEW, runs_on)
