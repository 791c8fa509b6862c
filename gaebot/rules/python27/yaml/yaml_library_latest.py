"""A library is asked for as `latest`.

## Why

`latest` means what Google says it means on the day of the deployment. For Django it is 1.4, not the highest
version; webapp2 moves from 2.3, which an app has without asking, to 2.5.2. Google's own guide warns that an
app may suddenly run on a version it was not written for.

## Fix

The version that `latest` stands for in the SDK 1.9.88, which is the last one.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
libraries:
- name: jinja2
  version: latest
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
handlers:
- url: /.*
  script: main.app
```

## Source

Google, "Migrating to Python 2.7", Configuring Libraries. SDK: `google/appengine/api/appinfo.py`
(the libraries' latest_version).
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, RunsOn, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.runtime_libraries import LATEST, declared

RULE = Rule(__name__, Severity.NOTE, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Libraries whose version is left to Google."""
    for entry in declared(app):
        library, pair = entry.library, entry.version
        if library is None or pair is None or entry.version_text != LATEST:
            continue
        edit = entry.file.set_plain(pair.value, f'"{library.latest}"')
        fix = one_edit(
            entry.file, f'Ask for {library.name} "{library.latest}"', edit, Safety.SAFE, RunsOn.TARGET
        )
        higher = library.current[-1]
        aside = f", not {higher}" if higher != library.latest else ""
        message = (
            f"`latest` is {library.name} {library.latest}{aside}: write the version, so that it can't change."
        )
        yield RULE.finding(entry.file.place(pair.value), message, fix=fix)
