"""What a visitor sends goes into a header, and line breaks are no longer taken out.

## Why

webapp removed line breaks from the values of headers. webapp2 and the runtime of python27 let them through:
an address like `/leave?to=x%0d%0aSet-Cookie:+a=b` writes a second header when the app redirects to what
`to` says.

Left alone are functions that look for line breaks or at how a text begins, and names that are given to other
functions as well: those may refuse them.

## Fix

Quote what goes into an address (`urllib.quote`), or refuse texts with line breaks. Better still, compare
with the addresses that the app means.

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
        self.redirect(str(self.request.get('to')))

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: google/appengine/ext/webapp/_webapp25.py, `Response.wsgi_write`; lib/webapp2-2.3/webapp2.py,
`redirect`; google/appengine/runtime/wsgi.py, `WsgiRequest._StartResponse`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Place, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files, request_files_with
from gaebot.rules.python27.shared.webapp.kinds import requests_in
from gaebot.rules.python27.shared.webapp.local_names import values_of, without_brackets
from gaebot.rules.python27.shared.webapp.messages import response_uses
from gaebot.rules.python27.shared.webapp.redirects import redirects
from gaebot.syntax.nodes import arguments, scope_node, text
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.NOTE, only_in=python_with("redirect", "headers"))

_MAPPINGS = frozenset({"GET", "POST", "params"})
_WRAPPERS = frozenset({"str", "unicode"})
_KEEPING = frozenset({"encode", "decode", "lower", "upper", "format"})
# What tells that a function looks at what it was sent, or makes sure of it.
_CHECKS = (b"\\n", b"\\r", b"startswith", b"urlparse", b"urlsplit", b"splitlines", b"re.match")
_DEPTH = 8


def check(app: App) -> Iterator[Finding]:
    """The first place where what a visitor sends goes into a header, the others as related."""
    if any(True for _ in _places(app, asked_files(app))):
        places = list(_places(app, list(request_files_with(app, b"redirect", b"headers"))))
        message = (
            "What a visitor sends goes into a header here, and python27 does not take line breaks out as "
            "webapp did: quote it, or refuse it."
        )
        yield RULE.finding(
            places[0], message, related=[Related(each, "So it does here.") for each in places[1:]]
        )


def _places(app: App, files: Sequence[RequestFile]) -> Iterator[Place]:
    values = [*redirects(app, files), *_header_values(app, files)]
    for file, value in sorted(values, key=lambda each: (each[0].source.path, each[1].start_byte)):
        around = file.scope_node(value).text or b""
        if not any(word in around for word in _CHECKS) and _is_sent(app, file, value, _DEPTH):
            yield file.place(value)


def _header_values(app: App, files: Sequence[RequestFile]) -> Iterator[tuple[PythonFile, Node]]:
    """The values that headers of responses are set to."""
    for use in response_uses(app, files):
        headers = use.member if use.member_name == "headers" else None
        outer = headers.parent if headers is not None else None
        statement = outer.parent if outer is not None else None
        if outer is None or statement is None:
            continue
        if outer.type == "subscript" and statement.type == "assignment":
            value = statement.child_by_field_name("right")
            if statement.child_by_field_name("left") == outer and value is not None:
                yield use.python, value
        elif statement.type == "call" and text(outer.child_by_field_name("attribute")) == "add_header":
            yield from ((use.python, value) for value in arguments(statement)[0][1:2])


def _is_sent(app: App, file: PythonFile, node: Node, depth: int) -> bool:
    """Whether a text holds, as it is, what a visitor sends by a form or in the query."""
    node = without_brackets(node)
    if not depth:
        return False
    if node.type == "identifier":
        return not _is_looked_at(file, node) and any(
            _is_sent(app, file, value, depth - 1) for value in values_of(file, node) or ()
        )
    if node.type == "binary_operator":
        right = node.child_by_field_name("right")
        parts = [node.child_by_field_name("left")]
        parts += right.named_children if right is not None and right.type == "tuple" else [right]
        return any(part is not None and _is_sent(app, file, part, depth - 1) for part in parts)
    if node.type == "boolean_operator":
        # The left side of `and` is what is asked.
        is_or = text(node.child_by_field_name("operator")) == "or"
        sides = [node.child_by_field_name("right"), node.child_by_field_name("left") if is_or else None]
        return any(side is not None and _is_sent(app, file, side, depth - 1) for side in sides)
    if node.type == "subscript":
        return _is_mapping(app, file, node.child_by_field_name("value"))
    function = node.child_by_field_name("function") if node.type == "call" else None
    if function is None:
        return False
    given = arguments(node)[0]
    if text(function) in _WRAPPERS:
        return any(_is_sent(app, file, part, depth - 1) for part in given[:1])
    owner, name = function.child_by_field_name("object"), text(function.child_by_field_name("attribute"))
    if owner is None:
        return False
    if name == "get":
        return owner.id in requests_in(app, file) or _is_mapping(app, file, owner)
    parts = [owner, *(given if name == "format" else [])]
    return name in _KEEPING and any(
        _is_sent(app, file, part, depth - 1) for part in parts if part is not None
    )


def _is_looked_at(file: PythonFile, node: Node) -> bool:
    """Whether the function gives a local name to something else too, which may refuse what it holds."""
    for name in file.identifiers(text(node), within=scope_node(node)):
        holder = name.parent
        if holder is not None and holder.type == "keyword_argument":
            holder = holder.parent
        call = holder.parent if holder is not None and holder.type == "argument_list" else None
        function = text(call.child_by_field_name("function")) if call is not None else ""
        is_plain = function in _WRAPPERS or function.endswith((".redirect", ".add_header", ".format"))
        if call is not None and not is_plain:
            return True
    return False


def _is_mapping(app: App, file: PythonFile, node: Node | None) -> bool:
    """Whether an expression is `self.request.GET` or its like."""
    owner = node.child_by_field_name("object") if node is not None else None
    is_own = owner is not None and owner.id in requests_in(app, file)
    return is_own and node is not None and text(node.child_by_field_name("attribute")) in _MAPPINGS
