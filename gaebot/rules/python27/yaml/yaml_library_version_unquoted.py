"""A library's version is written without quotes, so YAML reads a number.

## Why

`3.10` without quotes is the number 3.1, and `2` is no version at all. App Engine makes a text of the number
again and looks that up. Many versions survive it by luck.

## Fix

Quotes around the version.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
libraries:
- name: yaml
  version: 3.10
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
- name: yaml
  version: "3.10"
handlers:
- url: /.*
  script: main.app
```

## Source

Google, "Migrating to Python 2.7", Configuring Libraries (its examples are quoted). SDK:
`google/appengine/api/appinfo.py` (Library).
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, RunsOn, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.runtime_libraries import declared
from gaebot.syntax.yaml import ScalarNode, scalar

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)

_NUMBERS = frozenset({"tag:yaml.org,2002:float", "tag:yaml.org,2002:int"})


def check(app: App) -> Iterator[Finding]:
    """Versions that YAML takes for a number, and that the runtime has."""
    for entry in declared(app):
        library, pair = entry.library, entry.version
        if library is None or pair is None or not isinstance(pair.value, ScalarNode):
            continue
        written = scalar(pair.value) or ""
        if pair.value.tag not in _NUMBERS or pair.value.style is not None:
            continue
        if written not in library.versions:
            continue  # yaml-library-version
        edit = entry.file.set_plain(pair.value, f'"{written}"')
        fix = one_edit(entry.file, f'Write "{written}" with quotes', edit, Safety.SAFE, RunsOn.TARGET)
        if entry.version_text == written:
            message = (
                f'Put the version in quotes, `"{written}"`: YAML reads a number here, and `3.10` becomes 3.1.'
            )
            yield RULE.finding(entry.file.place(pair.value), message, fix=fix, severity=Severity.NOTE)
        else:
            message = (
                f"Without quotes YAML reads `{written}` as the number {entry.version_text}, a version of "
                f'{library.name} that python27 does not have: write `"{written}"`.'
            )
            yield RULE.finding(entry.file.place(pair.value), message, fix=fix)
