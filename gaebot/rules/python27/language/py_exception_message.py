"""The app reads `message` of exceptions.

## Why

`e.message` came with Python 2.5 and is deprecated since 2.6. It is empty for exceptions with more than
one argument, such as IOError, and gone in Python 3.

## Fix

`str(e)`.

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
import logging
import webapp2

def work(task):
    try:
        task()
    except ValueError, e:
        logging.error(e.message)

app = webapp2.WSGIApplication([])
```

## Source

Python, "What's New in Python 2.6": BaseException.message is deprecated (PEP 352).
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files, request_files_with
from gaebot.syntax.nodes import ancestors, text

RULE = Rule(__name__, Severity.NOTE, only_in=python_with("message"))

_MOST_RELATED = 5
_BUILTINS = ("Error", "Exception")


def check(app: App) -> Iterator[Finding]:
    """One note for each app that reads the attribute of a built-in exception."""
    if any(True for file in asked_files(app) for _ in _reads(file)):
        files = request_files_with(app, b"message")
        places = [file.file.place(node) for file in files for node in _reads(file)]
        message = "`message` of exceptions is deprecated, and empty for many of them: say `str(e)`."
        related = [Related(place, "And here.") for place in places[1 : 1 + _MOST_RELATED]]
        yield RULE.finding(places[0], message, related=related)


def _reads(file: RequestFile) -> Iterator[Node]:
    for name in file.file.identifiers("message"):
        node = name.parent
        owner = node.child_by_field_name("object") if node is not None and node.type == "attribute" else None
        if node is None or owner is None or owner.type != "identifier" or not file.runs(node):
            continue
        clause = next((outer for outer in ancestors(node) if outer.type == "except_clause"), None)
        values = clause.children_by_field_name("value") if clause is not None else []
        if values and values[0].type == "as_pattern":
            values = values[0].named_children
        is_own = len(values) == 2 and text(values[1]) == text(owner)
        is_class = is_own and values[0].type == "identifier" and text(values[0]).endswith(_BUILTINS)
        if is_class and not file.file.lookup(text(values[0]), values[0]):
            yield node
