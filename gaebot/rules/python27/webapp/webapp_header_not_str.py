"""A header of the response is no byte string.

## Why

The WSGI runtime of python27 wants byte strings for the names and values of headers: a unicode text, a
number or None ends in InvalidResponseError, "header values must be str", and a 500, after the handler has
done its work. `run_wsgi_app` on Python 2.5 encoded what it could. What a visitor sends,
`self.request.get(…)`, is unicode.

## Fix

Encode it: `.encode('utf-8')`. Make a text of a number with `str`, and take the `u` off a literal. All of
it works on both runtimes. What can be None has to be asked for first.

Left alone are values of which the code does not tell the kind, and a length that is set before the body:
WebOb writes that one anew.

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
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.guards import is_asked
from gaebot.rules.python27.shared.webapp.kinds import Kind, Kinds, has_unicode_literals, kinds_of
from gaebot.rules.python27.shared.webapp.messages import MessageUse, response_uses
from gaebot.rules.python27.shared.webapp.names import HTTP_METHODS
from gaebot.syntax.nodes import arguments, string_value, text
from gaebot.syntax.python import PythonFile
from gaebot.text import Edit, Span

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("headers"))

# The methods that set headers, with what they make of a value that is None or a number: they fail on
# both runtimes alike, or take it for no value.
_SETTERS = {"add_header": frozenset({Kind.NONE, Kind.NUMBER}), "add": frozenset(), "setdefault": frozenset()}
_NAMES = {Kind.UNICODE: "unicode", Kind.NUMBER: "a number", Kind.NONE: "None"}


class _Part(NamedTuple):
    """The name or the value of a header that is set. `allowed` are the kinds that do no harm there."""

    node: Node
    what: str
    allowed: Kinds = frozenset()


def check(app: App) -> Iterator[Finding]:
    """Each header that is set to what is no byte string, as far as the code tells."""
    for use in response_uses(app, asked_files(app)):
        if use.member_name == "headers" and use.member is not None:
            for part in _parts(use, use.member):
                yield from _judge(app, use, part)


def _parts(use: MessageUse, headers: Node) -> Iterator[_Part]:
    """The names and values that are set by way of an expression `self.response.headers`."""
    outer = headers.parent
    if outer is None:
        return
    if outer.type == "subscript" and outer.child_by_field_name("value") == headers:
        statement = outer.parent
        key = outer.child_by_field_name("subscript")
        if statement is not None and statement.type == "assignment" and key is not None:
            value = statement.child_by_field_name("right")
            if statement.child_by_field_name("left") == outer and value is not None:
                yield _Part(key, "name")
                yield _Part(value, _value_of(key), _allowed(use, key, statement))
    elif outer.type == "attribute":
        name = text(outer.child_by_field_name("attribute"))
        call = outer.parent
        if name not in _SETTERS or call is None or call.type != "call":
            return
        given, named = arguments(call)
        if len(given) >= 2:
            yield _Part(given[0], "name")
            yield _Part(given[1], _value_of(given[0]), _SETTERS[name])
        if len(given) >= 2 and name == "add_header":
            for value in named.values():
                yield _Part(value, _value_of(given[0]), _SETTERS[name])


def _value_of(name: Node) -> str:
    return f"value of `{string_value(name) or ' '.join(text(name).split()).replace('`', '')}`"


def _allowed(use: MessageUse, key: Node, statement: Node) -> Kinds:
    """A length that is set before the body is written anew by WebOb; one that is set last stays."""
    if (string_value(key) or "").lower() != "content-length":
        return frozenset()
    data, function = use.python.source.data, use.function
    before, after = data[function.start_byte : key.start_byte], data[statement.end_byte : function.end_byte]
    is_last = b".write" in before and not any(word in after for word in (b"write", b"print", b"self"))
    is_whole = text(function.child_by_field_name("name")) in HTTP_METHODS
    return frozenset() if is_last and is_whole else frozenset({Kind.NUMBER})


def _judge(app: App, use: MessageUse, part: _Part) -> Iterator[Finding]:
    file, node = use.python, part.node
    found = kinds_of(app, file, node)
    if Kind.NONE in found and len(found) > 1 and is_asked(file, node, use.function):
        found -= {Kind.NONE}
    wrong = [kind for kind in _NAMES if kind in found and kind not in part.allowed]
    if not wrong:
        return
    is_certain = Kind.BYTES not in found and not found & part.allowed
    kinds = " or ".join(_NAMES[kind] for kind in wrong)
    message = (
        f"The {part.what} {'is' if is_certain else 'can be'} {kinds} here, and python27 wants a byte string"
    )
    message += ": the request ends in InvalidResponseError."
    severity = Severity.ERROR if is_certain else Severity.WARNING
    fix = _fix(app, file, node, found) if len(wrong) == 1 else None
    yield RULE.finding(file.place(node), message, fix=fix, severity=severity)


def _fix(app: App, file: PythonFile, node: Node, found: Kinds) -> Fix | None:
    if Kind.NONE in found:
        return None
    if Kind.NUMBER in found:
        if found != {Kind.NUMBER}:
            return None
        edits = _around(file, node, b"str(", b")")
        return Fix("Make a text of the number", edits, Safety.SAFE, RunsOn.BOTH)
    if node.type == "string" and found == {Kind.UNICODE}:
        fix = _plain_literal(app, file, node)
        if fix is not None:
            return fix
    if node.type in {"call", "identifier", "attribute", "string", "subscript", "parenthesized_expression"}:
        edits = _around(file, node, b"", b".encode('utf-8')")
    else:
        edits = _around(file, node, b"(", b").encode('utf-8')")
    return Fix("Encode the header", edits, Safety.REVIEW, RunsOn.BOTH)


def _around(file: PythonFile, node: Node, before: bytes, after: bytes) -> tuple[Edit, ...]:
    edits = [file.source.edit(Span(node.end_byte, node.end_byte), after)]
    if before:
        edits.insert(0, file.source.edit(Span(node.start_byte, node.start_byte), before))
    return tuple(edits)


def _plain_literal(app: App, file: PythonFile, node: Node) -> Fix | None:
    """The fix that makes a byte string of a literal of ASCII letters.

    It takes the `u` off, or puts a `b` in front where all plain literals are unicode: such a file never
    ran on Python 2.5.
    """
    code = node.text or b""
    if not code.isascii() or b"\\" in code:
        return None
    start = node.start_byte
    if not has_unicode_literals(file):
        edit = file.source.edit(Span(start, start + 1), b"") if code[:1] in b"uU" else None
        return Fix("Write a byte string", (edit,), Safety.SAFE, RunsOn.BOTH) if edit is not None else None
    if not has_switched(app) or code[:1] in b"uUrR":
        return None
    edit = file.source.edit(Span(start, start), b"b")
    return Fix("Write a byte string", (edit,), Safety.SAFE, RunsOn.TARGET)
