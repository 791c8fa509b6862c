"""A key is given twice in one place.

## Why

App Engine refuses the file: "Duplicate attribute". Other YAML readers silently take the last value, so
other tools may not complain.

## Fix

The second entry goes when both have the same value. When they differ, choose by hand; two lists of
`handlers:` become one, in the right order.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
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

SDK: `google/appengine/api/yaml_object.py` (DuplicateAttribute).
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.app_yaml import faults
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.schema import Kind
from gaebot.syntax.yaml import SequenceNode, scalar

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Keys that stand in a mapping a second time."""
    for found in faults(app):
        fault, file = found.fault, found.file
        if fault.kind is not Kind.DUPLICATE_KEY or fault.pair is None or fault.first is None:
            continue
        name = scalar(fault.pair.key)
        related = [Related(file.pair_place(fault.first), f"`{name}` is given here first.")]
        fix = None
        if file.same_value(fault.first.value, fault.pair.value):
            message = f"`{name}` is given twice, with the same value: remove one of them."
            if fault.holder is not None:
                edit = file.remove_pair(fault.holder, fault.pair)
                fix = one_edit(file, f"Remove the second `{name}`", edit, Safety.SAFE)
        elif isinstance(fault.first.value, SequenceNode) and isinstance(fault.pair.value, SequenceNode):
            message = (
                f"`{name}` is given twice, and App Engine refuses that: join both lists under one `{name}`."
            )
        else:
            message = (
                f"`{name}` is given twice, with different values, and App Engine refuses that: keep one."
            )
        yield RULE.finding(file.place(fault.pair.key), message, fix=fix, related=related)
