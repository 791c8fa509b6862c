"""A builtin is not available on python27.

## Why

python27 has neither the `mapreduce` nor the `datastore_admin` builtin: "is not the name of a valid
builtin". App Engine refuses the app even when the value is `off`.

## Fix

The entry goes. For mapreduce, put the open-source library `mapreduce` into the app and give it a handler
(`url: /mapreduce(/.*)?`, `script: mapreduce.main.APP`, `login: admin`). Datastore Admin is in Google's
console.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
builtins:
- datastore_admin: on
- remote_api: on
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
builtins:
- remote_api: on
handlers:
- url: /.*
  script: main.app
```

## Source

SDK: `google/appengine/ext/builtins/__init__.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, RunsOn, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.app_yaml import GONE_BUILTINS
from gaebot.rules.python27.shared.config.builtin_handlers import Builtin, builtin_lists, builtins_in, items_of
from gaebot.rules.python27.shared.config.patches import one_edit

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)

_INSTEAD = {
    "datastore_admin": "remove the entry; Datastore Admin is in Google's console",
    "mapreduce": "remove the entry and put the open-source library `mapreduce` into the app",
}


def check(app: App) -> Iterator[Finding]:
    """Builtins of the old runtime only."""
    for file, pair in builtin_lists(app):
        gone = [entry for entry in builtins_in(file) if entry.name in GONE_BUILTINS and entry.has_value]
        whole = len(gone) == len(items_of(pair))
        for entry in gone:
            yield _finding(entry, gone if whole else [entry], whole=whole)


def _finding(entry: Builtin, removed: list[Builtin], *, whole: bool) -> Finding:
    """`removed` are those that its fix removes: all together when nothing else stands in the list."""
    file, holder = entry.file, entry.file.mapping
    message = f"python27 has no builtin `{entry.name}`, not even one that is off: {_INSTEAD[entry.name]}."
    edit = None
    if holder is not None and whole:
        edit = file.remove_pair(holder, entry.list)
    elif holder is not None:
        edit = file.remove_item(holder, entry.list, entry.item)
    # Switched off it does nothing on the old runtime either.
    is_used = any(other.is_on for other in removed)
    safety, runs_on = (Safety.REVIEW, RunsOn.TARGET) if is_used else (Safety.SAFE, RunsOn.BOTH)
    fix = one_edit(file, f"Remove the builtin `{entry.name}`", edit, safety, runs_on)
    return RULE.finding(file.pair_place(entry.pair), message, fix=fix)
