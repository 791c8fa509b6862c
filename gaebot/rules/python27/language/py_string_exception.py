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
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.rules.python27.shared.scripts.importers import is_taken
from gaebot.syntax.imports import uses_of
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import PythonFile
from gaebot.text import Span

RULE = Rule(__name__, Severity.ERROR)

# `raise "text", value` has one more part, `raise "text", value, traceback` two.
_WITH_TRACEBACK = 2
_STRINGS = frozenset({"string", "concatenated_string"})


def check(app: App) -> Iterator[Finding]:
    """Each `raise` and each `except` of a text, or of a name that is a text."""
    for file in asked_files(app):
        for statement in file.file.keyword_nodes("raise"):
            if statement.type == "raise_statement" and file.runs(statement):
                yield from _raised(app, file, statement)
        for clause in file.file.keyword_nodes("except"):
            value = clause.child_by_field_name("value") if clause.type == "except_clause" else None
            if value is not None and value.type == "as_pattern":
                value = value.named_children[0]
            if value is not None and _is_text(file.file, value) and file.runs(clause):
                message = "Texts are no exceptions since Python 2.6: this catches nothing. Catch a class."
                yield RULE.finding(file.file.place(value), message, fix=_as_class(app, file.file, value))


def _raised(app: App, file: RequestFile, statement: Node) -> Iterator[Finding]:
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
    if _is_caught(file.file, first):
        fix = _as_class(app, file.file, first)
    elif len(rest) < _WITH_TRACEBACK:
        last = (first, *rest)[-1]
        edits = (
            file.file.source.edit(Span(first.start_byte, first.start_byte), b"Exception("),
            file.file.source.edit(Span(last.end_byte, last.end_byte), b")"),
        )
        fix = Fix("Raise an exception", edits, Safety.REVIEW, RunsOn.BOTH)
    yield RULE.finding(file.file.place(first), message, fix=fix)


def _is_caught(file: PythonFile, node: Node) -> bool:
    """Whether a clause catches a name: what is raised instead would not get there."""
    return node.type == "identifier" and any(
        any(outer.type == "except_clause" and not _is_in_body(outer, other) for outer in ancestors(other))
        for other in file.identifiers(text(node))
    )


def _is_in_body(clause: Node, node: Node) -> bool:
    return any(
        block.type == "block" and block.start_byte <= node.start_byte < block.end_byte
        for block in clause.named_children
    )


def _as_class(app: App, file: PythonFile, node: Node) -> Fix | None:
    """A class instead of the text that a name of the module stands for.

    Only when the name is bound once, by a line of its own, and all that is done with it is to raise and
    to catch it.
    """
    known = file.lookup(text(node), node) if node.type == "identifier" else []
    if len(known) != 1 or known[0].value is None or is_taken(app, file, text(node)):
        return None
    statement = known[0].statement
    line = statement.parent if statement.type == "assignment" else None
    if line is None or line.parent != file.root or not file.stands_alone(line):
        return None
    if known[0].value.parent != statement or text(statement.child_by_field_name("left")) != text(node):
        return None
    if not all(_is_raised_or_caught(use) for use in uses_of(file, known[0]) if use != known[0].name):
        return None
    edit = file.source.edit(file.span(statement), f"class {text(node)}(Exception): pass".encode())
    return Fix("Make a class of it", (edit,), Safety.REVIEW, RunsOn.BOTH)


def _is_raised_or_caught(use: Node) -> bool:
    """Whether a use is the first thing behind `raise` or `except`, or one of several that are caught."""
    first = use
    holder = use.parent
    while holder is not None and holder.type in {"tuple", "expression_list", "as_pattern"}:
        if holder.type != "tuple" and holder.named_children[0] != first:
            return False
        first = holder
        holder = holder.parent
    if holder is None or holder.type not in {"raise_statement", "except_clause"}:
        return False
    return holder.named_children[0] == first


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
