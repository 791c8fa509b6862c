"""`threadsafe` is missing, and python27 demands it.

## Why

An app.yaml for python27 without `threadsafe` is refused. With `true`, App Engine sends a process
several requests at once; with `false`, one after the other.

## Fix

`threadsafe: true` when every script of the service is, or can be made, a WSGI application, and no code
changes without a lock what requests share; `false` when a CGI script has to stay, or when requests that
run at the same time would spoil each other's answers. The section "Thread safety" of the report says what
they share, and the rules `ts-…` what to do about it. Where locks mend all of it, they come first.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
handlers:
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
- url: /.*
  script: main.app
```

## Source

Google, "Migrating to Python 2.7", Updating app.yaml. SDK: `google/appengine/api/appinfo.py`
("threadsafe must be present and set to a true or false YAML value").
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.conversion.switch import switches
from gaebot.syntax.yaml import is_null

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Python services without a value for `threadsafe`."""
    for switch in switches(app):
        service = switch.service
        threadsafe, runtime = service.get("threadsafe"), service.get("runtime")
        if runtime is None or (threadsafe is not None and not is_null(threadsafe.value)):
            continue
        value = "true" if switch.verdict.value else "false"
        message = (
            f"python27 needs `threadsafe` in {service.path}: set it to `{value}`, because "
            f"{switch.verdict.reason}."
        )
        if switch.waits_for:
            message = (
                f"python27 needs `threadsafe` in {service.path}. Its value depends on the code: first "
                f"{switch.waits_for}."
            )
        elif switch.verdict.value and switch.converts:
            message = (
                f"python27 needs `threadsafe` in {service.path}: set it to `true` together with the scripts, "
                "which can all become WSGI applications."
            )
        yield RULE.finding(service.file.pair_place(threadsafe or runtime), message, fix=switch.fix)
