"""A header of the response is no byte string.

## Why

The WSGI runtime of python27 wants byte strings for the names and values of headers: a unicode text, a
number or None ends in InvalidResponseError, "header values must be str", and a 500, after the handler has
done its work. `run_wsgi_app` on Python 2.5 encoded what it could. What a visitor sends,
`self.request.get(…)`, is unicode, and so is a text that a model of the app has kept in the datastore.

## Fix

Encode it: `.encode('utf-8')`. Make a text of a number with `str`, and take the `u` off a literal. All of
it works on both runtimes.

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

class Download(webapp2.RequestHandler):
    def get(self):
        name = self.request.get('name')
        self.response.headers['Content-Disposition'] = 'attachment; filename=%s' % name
        self.response.headers['X-Count'] = 3

app = webapp2.WSGIApplication([('/', Download)])
```

```python after main.py
import webapp2

class Download(webapp2.RequestHandler):
    def get(self):
        name = self.request.get('name')
        self.response.headers['Content-Disposition'] = ('attachment; filename=%s' % name).encode('utf-8')
        self.response.headers['X-Count'] = str(3)

app = webapp2.WSGIApplication([('/', Download)])
```

## Source

SDK: google/appengine/runtime/wsgi.py, `WsgiRequest._StartResponse`; google/appengine/ext/webapp/util.py,
`run_bare_wsgi_app`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.webapp.kinds import Kind, kinds_of
from gaebot.rules.python27.shared.webapp.messages import MessageUse, response_uses
from gaebot.syntax.python import PythonFile, arguments, string_value, text
from gaebot.text import Edit, Span

RULE = Rule(__name__, Severity.ERROR)

_SETTERS = frozenset({"add_header", "add", "setdefault"})
# WebOb writes this one itself, as soon as there is a body.
_WRITTEN = "content-length"


def check(app: App) -> Iterator[Finding]:
    """Each header that is set to what is no byte string, as far as the code tells."""
    for use in response_uses(app):
        if use.member_name == "headers" and use.member is not None:
            for name, value in _set(use.member):
                yield from _judge(app, use, name, value)


def _set(headers: Node) -> Iterator[tuple[Node, Node]]:
    """The names and values that an expression `self.response.headers` is the target for."""
    outer = headers.parent
    if outer is None:
        return
    if outer.type == "subscript" and outer.child_by_field_name("value") == headers:
        statement = outer.parent
        key = outer.child_by_field_name("subscript")
        if statement is not None and statement.type == "assignment" and key is not None:
            value = statement.child_by_field_name("right")
            if statement.child_by_field_name("left") == outer and value is not None:
                yield key, value
    elif outer.type == "attribute" and text(outer.child_by_field_name("attribute")) in _SETTERS:
        call = outer.parent
        given = arguments(call)[0] if call is not None and call.type == "call" else []
        if len(given) >= 2:
            yield given[0], given[1]


def _judge(app: App, use: MessageUse, name: Node, value: Node) -> Iterator[Finding]:
    file = use.python
    header = string_value(name) or text(name)
    for node in (name, value):
        found = kinds_of(app, file, node)
        if Kind.UNICODE in found:
            kind = "unicode"
        elif Kind.NUMBER in found and header.lower() != _WRITTEN:
            kind = "a number"
        elif Kind.NONE in found:
            kind = "None"
        else:
            continue
        what = "name" if node == name else f"value of `{header}`"
        message = f"The {what} is {kind} here, and python27 wants a byte string: InvalidResponseError."
        if len(found) > 1:
            message = (
                f"The {what} can be {kind} here, and python27 wants a byte string: InvalidResponseError."
            )
        severity = Severity.ERROR if len(found) == 1 else Severity.WARNING
        fix = _fix(file, node, kind, certain=len(found) == 1)
        yield RULE.finding(file.place(node), message, fix=fix, severity=severity)


def _fix(file: PythonFile, node: Node, kind: str, *, certain: bool) -> Fix | None:
    if kind == "None":
        return None
    if kind == "a number":
        if not certain:
            return None
        edits = _around(file, node, b"str(", b")")
        return Fix("Make a text of the number", edits, Safety.SAFE, RunsOn.BOTH)
    plain = _without_u(file, node)
    if plain is not None:
        return Fix("Write a byte string", (plain,), Safety.SAFE, RunsOn.BOTH)
    if node.type in {"call", "identifier", "attribute", "subscript", "parenthesized_expression"}:
        edits = _around(file, node, b"", b".encode('utf-8')")
    else:
        edits = _around(file, node, b"(", b").encode('utf-8')")
    return Fix("Encode the header", edits, Safety.REVIEW, RunsOn.BOTH)


def _around(file: PythonFile, node: Node, before: bytes, after: bytes) -> tuple[Edit, ...]:
    edits = [file.source.edit(Span(node.end_byte, node.end_byte), after)]
    if before:
        edits.insert(0, file.source.edit(Span(node.start_byte, node.start_byte), before))
    return tuple(edits)


def _without_u(file: PythonFile, node: Node) -> Edit | None:
    """The edit that takes the `u` off a literal of ASCII letters."""
    code = node.text or b""
    if node.type != "string" or code[:1] not in b"uU" or not code.isascii() or b"\\" in code:
        return None
    return file.source.edit(Span(node.start_byte, node.start_byte + 1), b"")
