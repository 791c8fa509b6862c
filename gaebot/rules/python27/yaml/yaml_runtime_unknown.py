"""`runtime` names no runtime of App Engine.

## Why

The runtimes are called `python` (2.5) and `python27`. The parser takes other names too, as long as they
look like one, but there is nothing behind them: the local server stops with "Unknown runtime", and a
deployment is refused.

## Fix

The right name: `python` for what names 2.5 (`yaml-runtime` then moves it on), else `python27`.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python2.7
api_version: 1
threadsafe: true
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

SDK: `google/appengine/api/appinfo.py` (the list of runtimes),
`google/appengine/tools/devappserver2/module.py` ("Unknown runtime").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Safety, Severity
from gaebot.paths import is_main
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.services import NEW_RUNTIME, OLD_RUNTIME, is_flexible
from gaebot.syntax.yaml import ScalarNode, as_text, is_null

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)

_KNOWN = frozenset({OLD_RUNTIME, NEW_RUNTIME, "python-compat"})
_NAME = re.compile(r"gs://[a-z0-9._/-]+|[a-z][a-z0-9.-]{0,29}")
_PYTHON = re.compile(r"py(?:th?[no]+|thn|tohn|hton|ton)?([\d.]*)")


def check(app: App) -> Iterator[Finding]:
    """Services whose runtime is a misspelt `python` or `python27`, or no single word."""
    for service in app.services:
        pair = service.get("runtime")
        if pair is None or is_null(pair.value) or is_flexible(service):
            continue
        if not isinstance(pair.value, ScalarNode):
            message = "`runtime` takes one word, such as `python27`."
            yield RULE.finding(service.file.place(pair.value), message)
            continue
        name = as_text(pair.value) or ""
        meant = _meant(name)
        if meant is None and is_main(service.path) and not _NAME.fullmatch(name):
            message = f"App Engine refuses `{name}` as `runtime`: is `python27` meant?"
            yield RULE.finding(service.file.place(pair.value), message)
        elif meant is not None:
            edit = service.file.set_scalar(pair.value, meant)
            fix = one_edit(service.file, f"Set `runtime: {meant}`", edit, Safety.REVIEW)
            message = f"App Engine has no runtime called `{name}`: `{meant}` is meant."
            yield RULE.finding(service.file.pair_place(pair), message, fix=fix)


def _meant(name: str) -> str | None:
    """The runtime of ours that a name stands for; None when it is right, or names another one."""
    match = _PYTHON.fullmatch("".join(name.lower().replace("-", "").replace("_", "").split()))
    if name in _KNOWN or match is None:
        return None
    digits = match[1].replace(".", "")
    if digits.startswith("27"):
        return NEW_RUNTIME
    return OLD_RUNTIME if digits == "" or digits.startswith("25") else None
