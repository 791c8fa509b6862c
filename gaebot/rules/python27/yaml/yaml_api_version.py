"""`api_version` is missing or is not 1.

## Why

App Engine's Python runtimes know one API version, `1`. The deployment tools refuse an app.yaml
without the key, and accept any value, but the runtime offers only `1`.

## Fix

Add `api_version: 1` below `runtime:`, or set the value to `1`.

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python27
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```yaml after app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

## Source

Google, "Migrating to Python 2.7", Updating app.yaml. SDK: `google_appengine/VERSION` lists `1`
as the only API version of python27.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.syntax.yaml import scalar

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Services without `api_version: 1`."""
    for service in python_services(app):
        version = service.get("api_version")
        runtime = service.get("runtime")
        if version is not None:
            if scalar(version.value) == "1":
                continue
            edit = service.file.set_plain(version.value, "1")
            message = "Python on App Engine knows only `api_version: 1`: set it to 1."
            place = service.file.pair_place(version)
        elif service.mapping is not None and runtime is not None:
            edit = service.file.insert_after(service.mapping, runtime, ["api_version: 1"])
            message = "`api_version` is missing and App Engine needs it: add `api_version: 1`."
            place = service.file.pair_place(runtime)
        else:
            continue
        fix = None
        if edit is not None and service.file.can_be_patched:
            fix = Fix("Set `api_version: 1`", (edit,), Safety.SAFE, RunsOn.BOTH)
        yield RULE.finding(place, message, fix=fix)
