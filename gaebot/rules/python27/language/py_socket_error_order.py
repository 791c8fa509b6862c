"""An `except IOError` catches what an `except socket.error` below it is for.

## Why

`socket.error` derives from IOError since Python 2.6. A clause for IOError that stands above one for
`socket.error` or `socket.timeout` now takes it all, and the one below never runs.

## Fix

Put the clause for `socket.error` first.

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
import socket
import urllib2
import webapp2

def fetch(url):
    try:
        return urllib2.urlopen(url).read()
    except IOError:
        return None
    except socket.error:
        return ''

app = webapp2.WSGIApplication([])
```

## Source

Python 2.7, tried: `issubclass(socket.error, IOError)`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.syntax.nodes import text
from gaebot.syntax.python import PythonFile

_ABOVE = frozenset({"IOError", "EnvironmentError"})

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*_ABOVE))

_SOCKET = ("socket.error", "socket.timeout", "socket.herror", "socket.gaierror", "socket.sslerror")


def check(app: App) -> Iterator[Finding]:
    """Each clause for an error of sockets below one for IOError."""
    for file in asked_files(app):
        if b"socket" not in file.file.source.data:
            continue
        wide: dict[int, Node] = {}
        for clause in file.file.keyword_nodes("except"):
            if clause.type != "except_clause" or clause.parent is None:
                continue
            classes = _classes(clause)
            first = wide.get(clause.parent.id)
            narrow = next((node for node in classes if file.file.refers_to(node, *_SOCKET)), None)
            if first is not None and narrow is not None and file.runs(clause):
                message = (
                    f"`{text(narrow)}` is an IOError since Python 2.6, and a clause above takes it: put this"
                    " first."
                )
                related = [Related(file.file.place(first), "This catches it.")]
                yield RULE.finding(file.file.place(narrow), message, related=related)
            caught = next((node for node in classes if _is_wide(file.file, node)), None)
            if caught is not None:
                wide.setdefault(clause.parent.id, caught)


def _classes(clause: Node) -> list[Node]:
    """The classes that a clause catches, as they are written."""
    value = clause.child_by_field_name("value")
    if value is not None and value.type == "as_pattern":
        value = value.named_children[0]
    if value is None:
        return []
    return value.named_children if value.type == "tuple" else [value]


def _is_wide(file: PythonFile, node: Node) -> bool:
    return text(node) in _ABOVE and not file.lookup(text(node), node)
