"""A header of the response is read or deleted that may not be there.

## Why

In webapp `self.response.headers['X']` was None when no such header was set, and `del` did nothing then.
webapp2 raises KeyError.

## Fix

`.get('X')`, which works on both runtimes, and `.pop('X', None)`, which works on python27.

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

class Main(webapp2.RequestHandler):
    def get(self):
        if self.response.headers['X-Cached']:
            del self.response.headers['Expires']

app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import webapp2

class Main(webapp2.RequestHandler):
    def get(self):
        if self.response.headers.get('X-Cached'):
            self.response.headers.pop('Expires', None)

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webapp2-2.3/webapp2.py, `Response`, says so; lib/webob-1.1.1/webob/headers.py, `ResponseHeaders`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.guards import is_caught
from gaebot.rules.python27.shared.webapp.messages import MessageUse, response_uses
from gaebot.syntax.nodes import string_value, text

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("headers"))

_CATCHING = frozenset({"KeyError", "LookupError", "Exception", "StandardError", "BaseException"})
_ALWAYS_THERE = frozenset({"content-type", "cache-control", "content-length"})


def check(app: App) -> Iterator[Finding]:
    """Each header that is read or deleted by its name in square brackets."""
    for use in response_uses(app, asked_files(app)):
        node = _subscript(use)
        key = node.child_by_field_name("subscript") if node is not None else None
        header = string_value(key)
        if node is None or key is None or header is None or header.lower() in _ALWAYS_THERE:
            continue
        if _is_set(node) or _is_known(use, header):
            continue
        statement = node.parent
        is_deleted = statement is not None and statement.type == "delete_statement"
        verb = "deleted" if is_deleted else "read"
        message = f"webapp2 raises KeyError when `{header}` is {verb} and has not been set."
        yield RULE.finding(
            use.python.place(node), message, fix=_fix(app, use, node, key, is_deleted=is_deleted)
        )


def _subscript(use: MessageUse) -> Node | None:
    """The expression `self.response.headers[…]` around a use of the response."""
    headers = use.member if use.member_name == "headers" else None
    outer = headers.parent if headers is not None else None
    if outer is None or outer.type != "subscript" or outer.child_by_field_name("value") != headers:
        return None
    return outer


def _is_set(node: Node) -> bool:
    parent = node.parent
    while parent is not None and parent.type in {"pattern_list", "tuple_pattern", "expression_list"}:
        parent = parent.parent
    is_target = parent is not None and parent.type in {"assignment", "augmented_assignment"}
    return parent is not None and is_target and parent.child_by_field_name("right") != node


def _is_known(use: MessageUse, header: str) -> bool:
    """Whether the function sets the header as well, asks for it, or catches the error."""
    code = text(use.function).lower()
    name = header.lower()
    if is_caught(use.node, use.function, _CATCHING):
        return True
    if name == "location" and ".redirect(" in code:
        return True
    asked = (f"{quote}{name}{quote}{end}" for quote in "'\"" for end in (" in ", " not in ", "] =", ","))
    return any(each in code for each in asked) or f"has_key('{name}')" in code


def _fix(app: App, use: MessageUse, node: Node, key: Node, *, is_deleted: bool) -> Fix | None:
    source, headers = use.python.source, text(use.member)
    statement = node.parent
    if not is_deleted:
        edit = source.edit(use.python.span(node), f"{headers}.get({text(key)})".encode("latin-1"))
        return Fix("Ask for it with `get`", (edit,), Safety.SAFE, RunsOn.BOTH)
    if statement is None or len(statement.named_children) != 1 or not has_switched(app):
        return None
    edit = source.edit(use.python.span(statement), f"{headers}.pop({text(key)}, None)".encode("latin-1"))
    return Fix("Delete it with `pop`", (edit,), Safety.SAFE, RunsOn.TARGET)
