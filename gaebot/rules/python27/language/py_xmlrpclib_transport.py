"""A transport for XML-RPC makes a connection of the old kind.

## Why

`xmlrpclib.Transport` of Python 2.7 asks its connection for `getresponse`, as `httplib.HTTPConnection` has
it. A `make_connection` that returns `httplib.HTTP`, as Python 2.5 wanted it, makes each call raise
AttributeError.

## Fix

Return `httplib.HTTPConnection` or `HTTPSConnection`. Python 2.5 can't use those, so the fix is made once
the app says `runtime: python27`.

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
import httplib
import webapp2
import xmlrpclib

class Proxied(xmlrpclib.Transport):
    def make_connection(self, host):
        return httplib.HTTP('proxy.example.com')

app = webapp2.WSGIApplication([])
```

```python after main.py
import httplib
import webapp2
import xmlrpclib

class Proxied(xmlrpclib.Transport):
    def make_connection(self, host):
        return httplib.HTTPConnection('proxy.example.com')

app = webapp2.WSGIApplication([])
```

## Source

Python 2.7: xmlrpclib.py, `Transport.single_request`; httplib.py, `HTTP`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.syntax.nodes import text

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("make_connection"))

_TRANSPORTS = ("xmlrpclib.Transport", "xmlrpclib.SafeTransport")
_OLD = ("httplib.HTTP", "httplib.HTTPS")
# Whoever writes these too sends and reads in a way of their own.
_WHOLE = frozenset({"request", "single_request"})


def check(app: App) -> Iterator[Finding]:
    """Each old connection that is made in `make_connection` of a class below xmlrpclib's."""
    for file in asked_files(app):
        if b"make_connection" not in file.file.source.data:
            continue
        for node in file.file.keyword_nodes("class"):
            holder = node.child_by_field_name("superclasses")
            bases = holder.named_children if holder is not None else []
            methods = _methods(node)
            method = methods.get("make_connection")
            is_transport = len(bases) == 1 and file.file.refers_to(bases[0], *_TRANSPORTS)
            if method is None or not is_transport or _WHOLE & methods.keys():
                continue
            for call in file.file.calls(*_OLD, within=method):
                if _is_returned(call) and file.runs(call):
                    message = "`xmlrpclib` of Python 2.7 needs `getresponse`: return an `HTTPConnection`."
                    fix = _fix(file, call) if has_switched(app) else None
                    yield RULE.finding(file.file.place(call), message, fix=fix)


def _methods(node: Node) -> dict[str, Node]:
    body = node.child_by_field_name("body")
    return {
        text(child.child_by_field_name("name")): child
        for child in (body.named_children if body is not None else [])
        if child.type == "function_definition"
    }


def _is_returned(call: Node) -> bool:
    return call.parent is not None and call.parent.type == "return_statement"


def _fix(file: RequestFile, call: Node) -> Fix | None:
    function = call.child_by_field_name("function")
    if function is None or function.type != "attribute":
        return None
    new = text(function) + "Connection"
    edit = file.file.source.edit(file.file.span(function), new.encode("latin-1"))
    return Fix("Make a connection of the new kind", (edit,), Safety.REVIEW, RunsOn.TARGET)
