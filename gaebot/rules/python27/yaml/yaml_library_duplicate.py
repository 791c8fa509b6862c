"""A library is asked for twice.

## Why

App Engine refuses the file: "Duplicate library entry", even when both entries say the same.

## Fix

The second entry goes when both ask for the same version. When they differ, choose by hand.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
libraries:
- name: django
  version: "1.4"
- name: jinja2
  version: "2.6"
- name: django
  version: "1.4"
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
libraries:
- name: django
  version: "1.4"
- name: jinja2
  version: "2.6"
handlers:
- url: /.*
  script: main.app
```

## Source

SDK: `google/appengine/api/appinfo.py` (DuplicateLibrary).
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, RunsOn, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.runtime_libraries import Declared, declared_by
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.syntax.yaml import as_text

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Entries whose library an earlier entry of the same service names."""
    for service in python_services(app):
        first: dict[str, Declared] = {}
        for entry in declared_by(service):
            name = as_text(entry.name.value) if entry.name else None
            if name is not None and name in first:
                yield _finding(name, first[name], entry)
            elif name is not None:
                first[name] = entry


def _finding(name: str, first: Declared, second: Declared) -> Finding:
    file, holder = second.file, second.file.mapping
    fix = None
    if first.resolved == second.resolved and holder is not None:
        message = f"The library `{name}` is asked for twice, at the same version: remove one entry."
        edit = file.remove_item(holder, second.list, second.item)
        fix = one_edit(file, f"Remove the second entry for `{name}`", edit, Safety.SAFE, RunsOn.TARGET)
    else:
        message = f"The library `{name}` is asked for twice, at different versions: keep one entry."
    related = [Related(file.place(first.item), f"`{name}` is asked for here first.")]
    return RULE.finding(file.place(second.item), message, fix=fix, related=related)
