"""A library is asked for at a version that python27 does not have.

## Why

App Engine refuses the file: "version … is not supported, use one of …". The runtime has few versions of
each library, and only those can be asked for.

## Fix

The nearest version that it has: another patch level of the same release if there is one, else the next
higher one that is not deprecated. Read the library's own notes on what changed in between.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
libraries:
- name: webob
  version: "1.1"
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
- name: webob
  version: "1.1.1"
handlers:
- url: /.*
  script: main.app
```

## Source

SDK: `google/appengine/api/appinfo.py` (Library, InvalidLibraryVersion).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, RunsOn, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.runtime_libraries import LATEST, Library, declared
from gaebot.rules.python27.shared.config.schema import listed
from gaebot.syntax.yaml import is_null, scalar

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Versions that are not in the runtime's list."""
    for entry in declared(app):
        library, pair = entry.library, entry.version
        if library is None or pair is None or is_null(pair.value):
            continue
        written = scalar(pair.value) or ""
        if entry.version_text in (*library.versions, LATEST) or written in library.versions:
            continue  # `3.10` without quotes is read as 3.1: yaml-library-version-unquoted
        version = nearest_version(library, written)
        edit = entry.file.set_plain(pair.value, f'"{version}"')
        fix = one_edit(entry.file, f'Ask for {library.name} "{version}"', edit, Safety.REVIEW, RunsOn.TARGET)
        message = (
            f"python27 has no version `{written}` of {library.name}, "
            f"only {listed(library.versions)}: ask for `{version}`."
        )
        yield RULE.finding(entry.file.place(pair.value), message, fix=fix)


def nearest_version(library: Library, wanted: str) -> str:
    """The version of a library that comes nearest to one that the runtime does not have."""
    if wanted.strip().lower() == LATEST:
        return library.latest
    numbers = _numbers(wanted)
    for version in library.versions:
        same = min(len(numbers), len(_numbers(version)))
        if same > 1 and numbers[:same] == _numbers(version)[:same]:
            return version
    higher = [version for version in library.current if _numbers(version) > numbers]
    return higher[0] if higher and numbers else library.current[-1] if numbers else library.latest


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(digits[:9]) for digits in re.findall(r"\d+", version))
