"""An entry of `libraries` lacks its name or its version.

## Why

`libraries` is a list whose entries have a `name` and a `version`. App Engine refuses anything else: "Missing
required value [version]".

## Fix

A version is written where the runtime leaves no choice that would matter. For Django it does: choose by
hand.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
libraries:
- name: jinja2
- lxml
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
- name: jinja2
  version: "2.6"
- name: lxml
  version: "3.7.3"
handlers:
- url: /.*
  script: main.app
```

## Source

SDK: `google/appengine/api/appinfo.py` (Library).
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.app_yaml import FileFault, faults
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.runtime_libraries import LIBRARIES, recommended
from gaebot.rules.python27.shared.config.schema import Fault, Kind
from gaebot.syntax.yaml import ScalarNode, YamlFile, scalar

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Entries that are not a name and a version."""
    for found in faults(app):
        fault = found.fault
        if found.concerns == "libraries" and fault.kind is Kind.VALUE:
            yield RULE.finding(found.file.place(fault.node), _message(fault), fix=_fix(found))


def _message(fault: Fault) -> str:
    if fault.path[-1] in {"name", "version"}:
        return (
            f"An entry of `libraries` lacks its `{fault.path[-1]}`, and App Engine refuses the file: add it."
        )
    return fault.message


def _fix(found: FileFault) -> Fix | None:
    fault, file = found.fault, found.file
    if fault.path == ("libraries",) and isinstance(fault.node, ScalarNode):
        name = str(fault.node.value)
        version = recommended(name)
        pair = YamlFile.get(file.mapping, "libraries")
        if version is None or (pair is not None and pair.value is fault.node):
            return None
        edit = file.replace_item(fault.node, [[f"name: {name}", f'version: "{version}"']])
        return one_edit(file, f'Ask for {name} "{version}"', edit, Safety.REVIEW, RunsOn.TARGET)
    if fault.path != ("libraries", "version") or fault.holder is None:
        return None
    name_pair = YamlFile.get(fault.holder, "name")
    name = scalar(name_pair.value) or "" if name_pair else ""
    version = recommended(name) if name in LIBRARIES else None
    if version is None or name_pair is None:
        return None
    if fault.pair is not None:
        edit = file.set_plain(fault.pair.value, f'"{version}"')
    else:
        edit = file.insert_after(fault.holder, name_pair, [f'version: "{version}"'])
    return one_edit(file, f'Ask for {name} "{version}"', edit, Safety.REVIEW, RunsOn.TARGET)
