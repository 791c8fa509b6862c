"""A text is raised or caught as an exception.

## Why

Python 2.5 still allowed `raise 'not found'`. Since 2.6 it raises TypeError instead, "exceptions must be
old-style classes or derived from BaseException, not str", and `except 'not found'` catches nothing.

## Fix

`raise Exception('not found')`; give what is caught by name a class of its own.

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
import webapp2

def find(name):
    raise 'not found'

app = webapp2.WSGIApplication([])
```

```python after main.py
import webapp2

def find(name):
    raise Exception('not found')

app = webapp2.WSGIApplication([])
```

## Source

Python, "What's New in Python 2.6": string exceptions have been removed.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_files
from gaebot.syntax.python import PythonFile, text
from gaebot.text import Span

RULE = Rule(__name__, Severity.ERROR)

_STRINGS = frozenset({"string", "concatenated_string"})


def check(app: App) -> Iterator[Finding]:
    """Each `raise` and each `except` of a text, or of a name that is a text."""
    for file in request_files(app):
        for statement in file.file.keyword_nodes("raise"):
            if statement.type == "raise_statement" and file.runs(statement):
                yield from _raised(file, statement)
        for clause in file.file.keyword_nodes("except"):
            value = clause.child_by_field_name("value") if clause.type == "except_clause" else None
            if value is not None and value.type == "as_pattern":
                value = value.named_children[0]
            if value is not None and _is_text(file.file, value) and file.runs(clause):
                message = "Texts are no exceptions since Python 2.6: this catches nothing. Catch a class."
                yield RULE.finding(file.file.place(value), message)


def _raised(file: RequestFile, statement: Node) -> Iterator[Finding]:
    values = [node for node in statement.named_children if node.type != "comment"]
    first = values[0] if values else None
    if first is not None and first.type == "expression_list":
        first, *rest = first.named_children
    else:
        rest = values[1:]
    if first is None or not _is_text(file.file, first):
        return
    message = "Texts can't be raised since Python 2.6: TypeError. Raise `Exception(…)`."
    fix = None
    if not rest and len(values) == 1:
        edits = (
            file.file.source.edit(Span(first.start_byte, first.start_byte), b"Exception("),
            file.file.source.edit(Span(first.end_byte, first.end_byte), b")"),
        )
        fix = Fix("Raise an exception", edits, Safety.REVIEW, RunsOn.BOTH)
    yield RULE.finding(file.file.place(first), message, fix=fix)


def _is_text(file: PythonFile, node: Node) -> bool:
    """Whether an expression is a text: a literal, put together of one, or a name for nothing else."""
    if node.type in _STRINGS:
        return True
    if node.type == "binary_operator":
        left = node.child_by_field_name("left")
        return left is not None and left.type in _STRINGS
    if node.type != "identifier":
        return False
    known = file.lookup(text(node), node)
    return bool(known) and all(b.value is not None and b.value.type in _STRINGS for b in known)
