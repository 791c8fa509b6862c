"""A library is asked for at a version that is deprecated.

## Why

App Engine takes it with a warning. Deprecated versions get no more fixes, not even for security. For a first
step to python27 one of them may still be right: Django 1.2 is nearest to what the old runtime had.

## Fix

Another patch level of the same release, where there is one. Everything else is an upgrade of your own.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
libraries:
- name: webapp2
  version: "2.5.1"
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
- name: webapp2
  version: "2.5.2"
handlers:
- url: /.*
  script: main.app
```

## Source

SDK: `google/appengine/api/appinfo.py` (the libraries' deprecated_versions).
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, RunsOn, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.runtime_libraries import Library, declared
from gaebot.rules.python27.shared.config.schema import listed

RULE = Rule(__name__, Severity.NOTE, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Versions that the runtime has and warns about."""
    for entry in declared(app):
        library, pair, version = entry.library, entry.version, entry.version_text
        if library is None or pair is None or version not in library.deprecated:
            continue
        newer = _newer_patch(library, version)
        edit = entry.file.set_plain(pair.value, f'"{newer}"') if newer else None
        fix = one_edit(entry.file, f'Ask for {library.name} "{newer}"', edit, Safety.REVIEW, RunsOn.TARGET)
        message = f"{library.name} {version} is deprecated on python27; there is {listed(library.current)}."
        yield RULE.finding(entry.file.place(pair.value), message, fix=fix)


def _newer_patch(library: Library, version: str) -> str | None:
    """A version that is not deprecated and shares the first two numbers."""
    release = version.split(".")[:2]
    same = [known for known in library.current if known.count(".") > 1 and known.split(".")[:2] == release]
    return same[0] if same else None
