"""`threadsafe` is not a plain true or false.

## Why

App Engine takes any text that is not empty for true. `threadsafe: 'false'`, with quotes, therefore
switches concurrent requests on. Without quotes `true`, `yes`, `on`, `y` and `1` mean true, and `false`,
`no`, `off`, `n` and `0` mean false.

## Fix

The quotes go. Where that changes what App Engine understands, a human should read the patch: the app may
have run with concurrent requests so far.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: 'false'
handlers:
- url: /.*
  script: main.app
```

```yaml after app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: false
handlers:
- url: /.*
  script: main.app
```

## Source

SDK: `google/appengine/api/appinfo.py` (the validator is Python's `bool`).
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.service import Service
from gaebot.syntax.yaml import Node, Pair, ScalarNode, boolean, is_null, scalar

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)

_MEANING = {
    **dict.fromkeys(("1", "on", "true", "y", "yes", "t"), "true"),
    **dict.fromkeys(("0", "off", "false", "n", "no", "f"), "false"),
}


def check(app: App) -> Iterator[Finding]:
    """Services whose `threadsafe` is quoted, or no boolean at all."""
    for service in python_services(app):
        pair = service.get("threadsafe")
        if pair is not None and not is_null(pair.value) and boolean(pair.value) is None:
            yield _finding(service, pair)


def _finding(service: Service, pair: Pair) -> Finding:
    place = service.file.pair_place(pair)
    word = scalar(pair.value)
    if word is None:
        return RULE.finding(place, "`threadsafe` must be `true` or `false`, not a list or a mapping.")
    meant = _MEANING.get(word.strip().lower())
    if meant is None:
        taken_for = _taken_for(pair.value)
        message = f"`threadsafe` must be `true` or `false`; App Engine takes `{word}` for {taken_for}."
        refused = taken_for == "true" and any(use.script.is_cgi for use in service.scripts)
        return RULE.finding(place, message, severity=Severity.ERROR if refused else Severity.WARNING)
    edit = service.file.set_plain(pair.value, meant)
    if meant == _taken_for(pair.value):
        fix = one_edit(service.file, f"Write `threadsafe: {meant}`", edit, Safety.SAFE)
        message = f"Write `threadsafe: {meant}`: any other text in its place would count as true."
        return RULE.finding(place, message, fix=fix, severity=Severity.NOTE)
    fix = one_edit(service.file, f"Write `threadsafe: {meant}`", edit, Safety.REVIEW)
    message = (
        f"App Engine takes this `threadsafe` for true, although it says `{word}`: "
        f"write `threadsafe: {meant}` without quotes."
    )
    return RULE.finding(place, message, fix=fix)


def _taken_for(node: Node) -> str:
    """What Python's `bool` makes of it: only an empty text and zero are false."""
    is_zero = isinstance(node, ScalarNode) and node.style is None and str(node.value).strip("0x.b_+-") == ""
    return "false" if not node.value or is_zero else "true"
