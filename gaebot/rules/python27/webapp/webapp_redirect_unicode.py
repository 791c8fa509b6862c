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
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.kinds import Kind, Kinds, kinds_of
from gaebot.rules.python27.shared.webapp.local_names import values_of, without_brackets
from gaebot.rules.python27.shared.webapp.redirects import beginning_of, redirects
from gaebot.syntax.nodes import scope_node, text
from gaebot.syntax.python import PythonFile
from gaebot.text import Span

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("redirect"))


def check(app: App) -> Iterator[Finding]:
    """Each redirect to an address that may be unicode and need not begin with `/`."""
    for file, address in redirects(app, asked_files(app)):
        beginning = beginning_of(file, address)
        if beginning is not None and beginning.startswith(("/", ".")):
            continue
        found = kinds_of(app, file, address)
        if Kind.UNICODE not in found or _is_compared(file, address):
            continue
        is_certain = found == {Kind.UNICODE} and bool(beginning)
        message = "This address is unicode" if is_certain else "This address can be unicode"
        message += ", and python27 refuses it for a header unless it begins with `/`: `str(…)` it."
        severity = Severity.ERROR if is_certain else Severity.WARNING
        yield RULE.finding(file.place(address), message, fix=_fix(file, address, found), severity=severity)


def _is_compared(file: PythonFile, address: Node) -> bool:
    """Whether the function asks how the text of a local name begins."""
    names = file.identifiers("startswith", within=scope_node(address)) if address.type == "identifier" else []
    owners = (name.parent.child_by_field_name("object") for name in names if name.parent is not None)
    return any(text(owner) == text(address) for owner in owners)


def _fix(file: PythonFile, address: Node, found: Kinds) -> Fix | None:
    if Kind.NONE in found:  # webapp took that for the address of the request
        return None
    edits = (
        file.source.edit(Span(address.start_byte, address.start_byte), b"str("),
        file.source.edit(Span(address.end_byte, address.end_byte), b")"),
    )
    values = (values_of(file, address) or []) if address.type == "identifier" else [address]
    # An attribute of an entity can be None, which `str` makes a word of.
    is_entity = any(without_brackets(value).type == "attribute" for value in values)
    safety = Safety.REVIEW if is_entity else Safety.SAFE
    return Fix("Make a byte string of the address", edits, safety, RunsOn.BOTH)
