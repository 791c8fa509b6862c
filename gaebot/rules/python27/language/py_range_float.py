"""`range` is given a float.

## Why

Python 2.5 cut floats off with a warning. Python 2.7 raises TypeError, "range() integer end argument
expected, got float".

## Fix

`int(…)`, which does what Python 2.5 did.

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

def pages(count):
    return range(math.ceil(count / 10.0))

app = webapp2.WSGIApplication([])
```

```python after main.py
import math
import webapp2

def pages(count):
    return range(int(math.ceil(count / 10.0)))

app = webapp2.WSGIApplication([])
```

## Source

Python 2.7, tried: `range(3.0)` and `xrange(3.0)` raise TypeError.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.syntax.nodes import arguments, text
from gaebot.syntax.python import PythonFile
from gaebot.text import Span

_RANGES = ("range", "xrange")

RULE = Rule(__name__, Severity.ERROR, only_in=python_with(*_RANGES))

_FLOATS = ("math.floor", "math.ceil", "math.sqrt", "math.log", "math.pow", "math.fabs")
_BUILTINS = frozenset({"float", "round"})


def check(app: App) -> Iterator[Finding]:
    """Each argument of `range` and `xrange` that is certainly a float."""
    for file in asked_files(app):
        if b"range" not in file.file.source.data:
            continue
        for call in file.file.calls(*_RANGES):
            if not file.runs(call):
                continue
            for argument in arguments(call)[0]:
                if _is_float(file.file, argument):
                    message = "Python 2.7 raises TypeError for a float here: make it an `int`."
                    edits = (
                        file.file.source.edit(Span(argument.start_byte, argument.start_byte), b"int("),
                        file.file.source.edit(Span(argument.end_byte, argument.end_byte), b")"),
                    )
                    fix = Fix("Make an integer of it", edits, Safety.SAFE, RunsOn.BOTH)
                    yield RULE.finding(file.file.place(argument), message, fix=fix)


def _is_float(file: PythonFile, node: Node) -> bool:
    if node.type == "parenthesized_expression" and node.named_children:
        return _is_float(file, node.named_children[0])
    if node.type == "float":
        return True
    if node.type == "binary_operator" and text(node.child_by_field_name("operator")) in {
        "/",
        "*",
        "+",
        "-",
        "**",
    }:
        return any(_is_float(file, child) for child in node.named_children)
    function = node.child_by_field_name("function") if node.type == "call" else None
    if function is None:
        return False
    is_builtin = text(function) in _BUILTINS and not file.lookup(text(function), function)
    return is_builtin or file.refers_to(function, *_FLOATS)
