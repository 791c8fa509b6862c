"""A handler's `url` is missing, or is no pattern that App Engine takes.

## Why

`url` is a regular expression for the whole path. It begins with `/`, `.` or `(`. App Engine refuses `^` at
the beginning, and `$` at the end of a pattern that begins with a group: both are understood anyway. A
pattern that is no regular expression is refused by the local server. `/form` is reserved.

## Fix

The anchors go.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: ^/admin/.*$
  script: admin.app
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
- url: /admin/.*
  script: admin.app
- url: /.*
  script: main.app
```

## Source

SDK: `google/appengine/api/appinfo.py` (the pattern for `url`, WarnReservedURLs),
`google/appengine/tools/devappserver2/module.py` (invalid patterns). Its parser lets a handler without
`url` and a broken regular expression pass; they are errors here, because the handler serves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.schema import expression_error
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.service import Handler
from gaebot.syntax.yaml import Pair, ScalarNode, as_text, is_null

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)

_ACCEPTED = re.compile(r"/.*|\..*|\(..*[^$\n]")


def check(app: App) -> Iterator[Finding]:
    """Handlers whose `url` App Engine refuses, or that can never be reached."""
    seen: set[int] = set()
    for service in python_services(app):
        for handler in service.handlers:
            if id(handler.node) in seen or (service.is_template and handler.url):
                continue
            seen.add(id(handler.node))
            pair = handler.get("url")
            if pair is None or is_null(pair.value):
                place = handler.file.place(pair.key if pair else handler.node)
                yield RULE.finding(place, "This handler has no `url`, so no request reaches it: add one.")
            else:
                yield from _check(handler, pair)


def _check(handler: Handler, pair: Pair) -> Iterator[Finding]:
    text = as_text(pair.value)
    place = handler.file.place(pair.value)
    if text is None:
        yield RULE.finding(place, "`url` takes one pattern, not a list or a mapping.")
    elif not text.isascii():
        message = f"`url` may hold only ASCII letters; App Engine refuses `{text}`. Write `.` for the others."
        yield RULE.finding(place, message)
    elif not _ACCEPTED.fullmatch(text):
        fix = _without_anchors(handler, pair)
        if fix is not None:
            message = "App Engine always matches the whole path and refuses `^` and `$` here: remove them."
        else:
            message = f"App Engine refuses `{text}` as `url`: it must begin with `/`, and stand on one line."
        yield RULE.finding(place, message, fix=fix)
    elif error := expression_error(text):
        yield RULE.finding(place, f"`{text}` is no regular expression: {error}.")
    elif text == "/form":
        message = (
            "App Engine keeps the path `/form` for itself, so this handler is never reached: take another."
        )
        yield RULE.finding(place, message, severity=Severity.WARNING)


def _without_anchors(handler: Handler, pair: Pair) -> Fix | None:
    node, file = pair.value, handler.file
    if not isinstance(node, ScalarNode) or node.style in {"|", ">"}:
        return None
    quote = node.style or ""
    raw = file.place(node).snippet.decode().removeprefix(quote).removesuffix(quote)
    bare = raw.removeprefix("^")
    if bare.endswith("$") and not bare.endswith("\\$"):
        bare = bare[:-1]
    if bare == raw or "\n" in bare or not _ACCEPTED.fullmatch(bare):
        return None
    edit = file.source.edit(file.span(node), f"{quote}{bare}{quote}".encode())
    return one_edit(file, "Remove the anchors", edit, Safety.SAFE)
