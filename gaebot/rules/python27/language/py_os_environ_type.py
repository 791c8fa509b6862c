"""`os.environ` is not a dict on python27.

## Why

It belongs to the request there, and is an object of the runtime's own: it has no `data`,
`isinstance(os.environ, dict)` is false, and `os.putenv` raises OSError.

## Fix

Use it by its keys; `dict(os.environ)` makes a dict of it.

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
import os
import webapp2

def everything():
    return os.environ.data

app = webapp2.WSGIApplication([])
```

```python after main.py
import os
import webapp2

def everything():
    return dict(os.environ)

app = webapp2.WSGIApplication([])
```

## Source

SDK: google/appengine/runtime/request_environment.py, `RequestLocalEnviron`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.syntax.nodes import arguments, is_target, text
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("environ", "putenv"))


def check(app: App) -> Iterator[Finding]:
    """Uses of `os.environ` that want a dict."""
    for file in asked_files(app):
        if b"environ" in file.file.source.data or b"putenv" in file.file.source.data:
            yield from _in_file(file)


def _in_file(file: RequestFile) -> Iterator[Finding]:
    python = file.file
    for node in python.references("os.environ.data"):
        if file.runs(node) and text(node.child_by_field_name("attribute")) == "data":
            owner = node.child_by_field_name("object")
            yield RULE.finding(
                python.place(node),
                "`os.environ` has no `data` on python27.",
                fix=_fix(python, node, text(owner)),
            )
    for call in python.calls("os.putenv"):
        if file.runs(call):
            message = (
                "`os.putenv` raises OSError on python27: set the variable in `env_variables:` of app.yaml."
            )
            yield RULE.finding(python.place(call), message)
    for call in python.calls("isinstance"):
        given = arguments(call)[0]
        if len(given) == 2 and text(given[1]) == "dict" and python.refers_to(given[0], "os.environ"):
            message = "`os.environ` is no dict on python27, and this is false."
            yield RULE.finding(python.place(call), message, severity=Severity.WARNING)


def _fix(file: PythonFile, node: Node, environ: str) -> Fix | None:
    """The mapping itself where its keys or methods are used, else a dict of it."""
    outer = node.parent
    if outer is None or is_target(node):
        return None
    if outer.type in {"subscript", "attribute"} and outer.named_children[0] == node:
        edit = file.source.edit(file.span(node), environ.encode())
        return Fix("Use the mapping itself", (edit,), Safety.SAFE, RunsOn.BOTH)
    # Whoever gets the dict may change it: then the variables stay as they are.
    edit = file.source.edit(file.span(node), f"dict({environ})".encode())
    return Fix("Make a dict of it", (edit,), Safety.REVIEW, RunsOn.BOTH)
