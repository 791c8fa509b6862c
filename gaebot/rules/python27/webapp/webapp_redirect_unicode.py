"""The address of a redirect is unicode.

## Why

webapp made a byte string of every address. webapp2 does so only where it begins with `/` or `.`; the WSGI
runtime of python27 refuses a unicode header. `self.redirect(self.request.get('continue'))` is then a 500
for every whole address, since what a visitor sends is unicode.

Left alone are addresses that begin with `/` or `.`.

## Fix

`str(…)`, which is what webapp did. It works on both runtimes.

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

class Leave(webapp2.RequestHandler):
    def get(self):
        self.redirect(self.request.get('continue'))

app = webapp2.WSGIApplication([('/', Leave)])
```

```python after main.py
import webapp2

class Leave(webapp2.RequestHandler):
    def get(self):
        self.redirect(str(self.request.get('continue')))

app = webapp2.WSGIApplication([('/', Leave)])
```

## Source

SDK: google/appengine/ext/webapp/_webapp25.py, `RequestHandler.redirect`; lib/webapp2-2.3/webapp2.py,
`redirect`; google/appengine/runtime/wsgi.py, `WsgiRequest._StartResponse`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.webapp.kinds import Kind, kinds_of
from gaebot.rules.python27.shared.webapp.messages import Receiver, receivers
from gaebot.syntax.python import PythonFile, arguments, string_value, text
from gaebot.text import Span

RULE = Rule(__name__, Severity.ERROR)


def check(app: App) -> Iterator[Finding]:
    """Each redirect to an address that may be unicode and need not begin with `/`."""
    for receiver in receivers(app):
        file = receiver.file.file
        if b"redirect" not in (receiver.function.text or b"") or not receiver.file.runs(receiver.function):
            continue
        for address in _addresses(file, receiver):
            found = kinds_of(app, file, address)
            if Kind.UNICODE not in found or _begins_inside(file, address):
                continue
            certain = found == {Kind.UNICODE} and address.type == "string"
            message = "This address is unicode" if certain else "This address can be unicode"
            message += ", and python27 refuses it for a header unless it begins with `/`: `str(…)` it."
            edits = (
                file.source.edit(Span(address.start_byte, address.start_byte), b"str("),
                file.source.edit(Span(address.end_byte, address.end_byte), b")"),
            )
            fix = Fix("Make a byte string of the address", edits, Safety.SAFE, RunsOn.BOTH)
            severity = Severity.ERROR if certain else Severity.WARNING
            yield RULE.finding(file.place(address), message, fix=fix, severity=severity)


def _addresses(file: PythonFile, receiver: Receiver) -> Iterator[Node]:
    """The first arguments of `self.redirect(…)`."""
    for name in file.identifiers("redirect", within=receiver.function):
        chain = name.parent
        call = chain.parent if chain is not None else None
        if chain is None or call is None or chain.type != "attribute" or call.type != "call":
            continue
        is_own = text(chain.child_by_field_name("object")) == receiver.name
        if is_own and call.child_by_field_name("function") == chain:
            positional, named = arguments(call)
            yield from positional[:1] or [named[key] for key in ("uri",) if key in named]


def _begins_inside(file: PythonFile, node: Node) -> bool:
    """Whether an address begins with a literal `/` or `.`, as far as it is written here."""
    while node.type in {"binary_operator", "parenthesized_expression", "concatenated_string", "call"}:
        inner = node.child_by_field_name("left")
        if node.type == "call":
            function = node.child_by_field_name("function")
            inner = function.child_by_field_name("object") if function is not None else None
        elif inner is None:
            inner = node.named_children[0] if node.named_children else None
        if inner is None:
            return False
        node = inner
    if node.type == "identifier":
        known = file.lookup(text(node), node)
        return bool(known) and all(b.value is not None and _is_inside_literal(b.value) for b in known)
    return _is_inside_literal(node)


def _is_inside_literal(node: Node) -> bool:
    while node.type == "binary_operator":
        left = node.child_by_field_name("left")
        if left is None:
            return False
        node = left
    value = string_value(node)
    return value is not None and value.startswith(("/", "."))
