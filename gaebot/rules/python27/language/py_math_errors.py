"""`math.log(0)` raises another error.

## Why

Python 2.5 raised OverflowError for the logarithm of zero. Python 2.7 raises ValueError, as for negative
numbers: a clause for OverflowError alone no longer catches it.

## Fix

Catch both.

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
import math
import webapp2

def score(votes):
    try:
        return math.log(votes, 10)
    except OverflowError:
        return 0

app = webapp2.WSGIApplication([])
```

```python after main.py
import math
import webapp2

def score(votes):
    try:
        return math.log(votes, 10)
    except (OverflowError, ValueError):
        return 0

app = webapp2.WSGIApplication([])
```

## Source

Python 2.7, tried: `math.log(0)` raises `ValueError: math domain error`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.syntax.nodes import text

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("OverflowError"))

_OTHERS = ("ValueError", "StandardError", "Exception", "BaseException")


def check(app: App) -> Iterator[Finding]:
    """Each clause for OverflowError around a logarithm, in a `try` that catches no ValueError."""
    for file in asked_files(app):
        if b"OverflowError" not in file.file.source.data:
            continue
        for clause in file.file.keyword_nodes("except"):
            value = clause.child_by_field_name("value") if clause.type == "except_clause" else None
            if value is not None and value.type == "as_pattern":
                value = value.named_children[0]
            tried = clause.parent
            body = tried.child_by_field_name("body") if tried is not None else None
            if value is None or tried is None or body is None or text(value) != "OverflowError":
                continue
            is_log = bool(file.file.calls("math.log", "math.log10", within=body))
            if is_log and file.runs(clause) and not any(map(_catches_value, tried.named_children)):
                message = (
                    "`math.log(0)` raises ValueError on Python 2.7, which this does not catch: catch both."
                )
                edit = file.file.source.edit(file.file.span(value), b"(OverflowError, ValueError)")
                fix = Fix("Catch both errors", (edit,), Safety.REVIEW, RunsOn.BOTH)
                yield RULE.finding(file.file.place(value), message, fix=fix)


def _catches_value(clause: Node) -> bool:
    """Whether a clause may catch ValueError: it says so, or it says no class."""
    if clause.type != "except_clause":
        return False
    values = clause.children_by_field_name("value")
    return not values or any(word in text(values[0]) for word in _OTHERS)
