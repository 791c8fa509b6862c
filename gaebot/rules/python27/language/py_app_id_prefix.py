"""The app takes its own name from `APPLICATION_ID`.

## Why

On python27 `os.environ['APPLICATION_ID']` has a prefix that says where the data lies: 's~guestbook', and
'dev~guestbook' on the development server. An address or a comparison that is made of it is wrong.

## Fix

`app_identity.get_application_id()`, which leaves the prefix out, on both runtimes.

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
import os
import webapp2

def home():
    return 'http://%s.appspot.com/' % os.environ['APPLICATION_ID']

app = webapp2.WSGIApplication([])
```

```python after main.py
from google.appengine.api import app_identity
import os
import webapp2

def home():
    return 'http://%s.appspot.com/' % app_identity.get_application_id()

app = webapp2.WSGIApplication([])
```

## Source

Google, "Differences Between Python 2.5 and 2.7": the High Replication Datastore. SDK:
google/appengine/api/app_identity.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.definitions import definitions
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.syntax.imports import add_import, imported_as, is_free
from gaebot.syntax.nodes import arguments, is_target, string_value, text

_KEY = "APPLICATION_ID"

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(_KEY))

_MODULE = "google.appengine.api.app_identity"
_STATEMENT = b"from google.appengine.api import app_identity"
_HOST = ("appspot", "http:", "https:")


def check(app: App) -> Iterator[Finding]:
    """Each read of the variable that is compared, or that an address is made of."""
    for file in asked_files(app):
        if _KEY.encode() not in file.file.source.data:
            continue
        for literal in file.file.strings(_KEY):
            node = _read(file, literal)
            if node is not None and file.runs(node) and _matters(app, file, node):
                message = "`APPLICATION_ID` has a prefix on python27, 's~': ask `app_identity` for the name."
                yield RULE.finding(file.file.place(node), message, fix=_fix(file, node))


def _read(file: RequestFile, literal: Node) -> Node | None:
    """The expression that reads the variable: by key, `get` or `getenv`."""
    outer = literal.parent
    if outer is None:
        return None
    if outer.type == "subscript":
        value = outer.child_by_field_name("value")
        is_read = value is not None and file.file.refers_to(value, "os.environ") and not is_target(outer)
        return outer if is_read else None
    call = outer.parent if outer.type == "argument_list" else None
    function = call.child_by_field_name("function") if call is not None and call.type == "call" else None
    if call is None or function is None or arguments(call)[0][:1] != [literal]:
        return None
    return call if file.file.refers_to(function, "os.environ.get", "os.getenv") else None


def _matters(app: App, file: RequestFile, node: Node) -> bool:
    """Whether a value is compared with a text, or put into an address."""
    outer = node.parent
    while outer is not None and outer.type in {"tuple", "parenthesized_expression", "argument_list"}:
        outer = outer.parent
    if outer is None:
        return False
    if outer.type == "comparison_operator":
        return any(child.type == "string" for child in outer.named_children)
    if outer.type in {"binary_operator", "call"}:
        written = (text(outer), *_named_texts(app, file, _pattern(outer)))
        return any(word in each for word in _HOST for each in written)
    return False


def _pattern(outer: Node) -> Node | None:
    """The pattern of `ADDRESS % name` and `ADDRESS.format(name)`."""
    if outer.type == "binary_operator":
        is_format = text(outer.child_by_field_name("operator")) == "%"
        return outer.child_by_field_name("left") if is_format else None
    function = outer.child_by_field_name("function")
    is_format = function is not None and text(function.child_by_field_name("attribute")) == "format"
    return function.child_by_field_name("object") if function is not None and is_format else None


def _named_texts(app: App, file: RequestFile, name: Node | None) -> Iterator[str]:
    """The texts that a name is given, here or in another module of the app."""
    if name is None or name.type not in {"identifier", "attribute"}:
        return
    known = file.file.lookup(text(name), name) if name.type == "identifier" else []
    found = [each for each in definitions(app, file.file, name) if not each.tail]
    for binding in (*known, *(each.binding for each in found)):
        value = string_value(binding.value) if binding is not None else None
        if value is not None:
            yield value


def _fix(file: RequestFile, node: Node) -> Fix | None:
    python = file.file
    known = imported_as(python, _MODULE)
    if known is None and not is_free(python, "app_identity"):
        return None
    edits = [
        python.source.edit(python.span(node), f"{known or 'app_identity'}.get_application_id()".encode())
    ]
    if known is None:
        added = add_import(python, _STATEMENT)
        if added is None:
            return None
        edits.insert(0, added)
    return Fix("Ask `app_identity`", tuple(edits), Safety.REVIEW, RunsOn.BOTH)
