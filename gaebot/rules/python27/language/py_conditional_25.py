"""The app asks whether it runs on Python 2.5.

## Why

What was written for Python 2.5 alone is dead on python27, and the other branch runs for the first time.

## Fix

Look at both branches; keep the one for Python 2.7 once the app has moved.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before main.py
import sys
import webapp2

if sys.version_info[:2] == (2, 5):
    TIMEOUT = 5
else:
    TIMEOUT = 60
app = webapp2.WSGIApplication([])
```

## Source

Python 2.7: `sys.version_info` is (2, 7, 18).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.scripts.python_versions import NEW, OLD, comes_out
from gaebot.syntax.nodes import ancestors, text

RULE = Rule(__name__, Severity.NOTE, only_in=python_with("version_info", "version", "hexversion"))

_VERSIONS = re.compile(r"\(\s*2\s*,\s*[567]\b|['\"]2\.[567]|0x020[567]")


def check(app: App) -> Iterator[Finding]:
    """Each comparison of Python's version with 2.5, 2.6 or 2.7."""
    for file in asked_files(app):
        if b"sys" not in file.file.source.data or b"version" not in file.file.source.data:
            continue
        for node in file.file.references("sys.version_info", "sys.version", "sys.hexversion"):
            test = _test(node)
            if test is None or not file.runs(node) or not _VERSIONS.search(text(test)):
                continue
            if not _is_the_same(test):
                message = "This comes out otherwise on python27 than on Python 2.5: look at both branches."
                yield RULE.finding(file.file.place(test), message)


def _is_the_same(test: Node) -> bool:
    """Whether a comparison of `sys.version_info` with plain numbers comes out alike on both versions.

    `sys.version_info >= (2, 5)` holds on either.
    """
    outcomes = {comes_out(test, version) for version in (OLD, NEW)}
    return len(outcomes) == 1 and None not in outcomes


def _test(node: Node) -> Node | None:
    """The comparison, or the call of `startswith`, that a version stands in."""
    for outer in ancestors(node):
        if outer.type == "comparison_operator":
            return outer
        if outer.type == "call" and ".startswith(" in text(outer):
            return outer
        if outer.type not in {"subscript", "attribute", "slice", "parenthesized_expression"}:
            return None
    return None
