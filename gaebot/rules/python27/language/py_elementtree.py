"""Broken XML raises another error on python27.

## Why

ElementTree raised `xml.parsers.expat.ExpatError` for XML that can't be parsed. In Python 2.7 it raises
`ElementTree.ParseError`, which is none: `except ExpatError` no longer catches it.

## Fix

Catch both. Python 2.5 has no `ParseError`, so the fix is made once the app says `runtime: python27`.

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
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

def read(text):
    try:
        return ElementTree.fromstring(text)
    except ExpatError:
        return None

app = webapp2.WSGIApplication([])
```

```python after main.py
import webapp2
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

def read(text):
    try:
        return ElementTree.fromstring(text)
    except (ExpatError, ElementTree.ParseError):
        return None

app = webapp2.WSGIApplication([])
```

## Source

Python 2.7, tried: `ElementTree.fromstring('<a')` raises ParseError, which derives from SyntaxError.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.syntax.imports import imported_as
from gaebot.syntax.nodes import text

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("ElementTree", "cElementTree", "expat"))

_MODULES = ("xml.etree.ElementTree", "xml.etree.cElementTree")
_READERS = ("fromstring", "parse", "XML", "iterparse")
_ERRORS = ("xml.parsers.expat.ExpatError", "xml.parsers.expat.error")


def check(app: App) -> Iterator[Finding]:
    """Each clause that catches the old error alone around a call of ElementTree."""
    for file in asked_files(app):
        if b"Expat" not in file.file.source.data and b"expat" not in file.file.source.data:
            continue
        for clause in file.file.keyword_nodes("except"):
            value = clause.child_by_field_name("value") if clause.type == "except_clause" else None
            if value is not None and value.type == "as_pattern":
                value = value.named_children[0]
            if value is None or not file.file.refers_to(value, *_ERRORS) or not file.runs(clause):
                continue
            tried = clause.parent.child_by_field_name("body") if clause.parent is not None else None
            names = tuple(f"{module}.{reader}" for module in _MODULES for reader in _READERS)
            if tried is not None and file.file.calls(*names, within=tried):
                message = (
                    "ElementTree raises `ParseError` on python27, and this does not catch it: catch both."
                )
                fix = _fix(file, value) if has_switched(app) else None
                yield RULE.finding(file.file.place(value), message, fix=fix)


def _fix(file: RequestFile, value: Node) -> Fix | None:
    name = next(filter(None, (imported_as(file.file, module) for module in _MODULES)), None)
    if name is None:
        return None
    new = f"({text(value)}, {name}.ParseError)"
    edit = file.file.source.edit(file.file.span(value), new.encode("latin-1"))
    return Fix("Catch both errors", (edit,), Safety.SAFE, RunsOn.TARGET)
