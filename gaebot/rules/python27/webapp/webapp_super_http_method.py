"""A handler calls `get` or `post` of the class above, which webapp2 does not have.

## Why

webapp's `RequestHandler` had a method for every HTTP method, which answered with the error 405. webapp2's
has none: `super(Main, self).get()` raises AttributeError, and the visitor gets a 500.

## Fix

Say `self.error(405)`, which is what the old method did. That works on both runtimes.

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
from google.appengine.ext import webapp

class Main(webapp.RequestHandler):
    def post(self):
        if not self.allowed():
            super(Main, self).post()

app = webapp.WSGIApplication([('/', Main)])
```

```python after main.py
from google.appengine.ext import webapp

class Main(webapp.RequestHandler):
    def post(self):
        if not self.allowed():
            self.error(405)

app = webapp.WSGIApplication([('/', Main)])
```

## Source

SDK: google/appengine/ext/webapp/_webapp25.py, `RequestHandler.get`; lib/webapp2-2.3/webapp2.py,
`RequestHandler`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.scripts.definitions import means
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.handler_classes import HandlerClass, base_nodes, handler_classes_in
from gaebot.rules.python27.shared.webapp.names import HTTP_METHODS, both
from gaebot.syntax.nodes import text

RULE = Rule(__name__, Severity.ERROR)


def check(app: App) -> Iterator[Finding]:
    """Each call of a method that no class above has."""
    for handler in handler_classes_in(app, asked_files(app)):
        if len(base_nodes(handler.node)) != 1 or any(len(base_nodes(h.node)) != 1 for h in handler.lineage):
            continue  # another class above may have the method
        for word in handler.file.identifiers(*HTTP_METHODS, within=handler.node):
            name, call = text(word), _call_of(word)
            if call is None or not handler.request_file.runs(call):
                continue
            if _is_above(app, handler, call) and not any(name in h.methods for h in handler.lineage[1:]):
                message = f"webapp2's handlers have no `{name}` of their own to call: say `self.error(405)`."
                edit = handler.file.source.edit(handler.file.span(call), b"self.error(405)")
                fix = Fix("Answer with the error 405", (edit,), Safety.SAFE, RunsOn.BOTH)
                yield RULE.finding(handler.file.place(call), message, fix=fix if _has_self(call) else None)


def _call_of(name: Node) -> Node | None:
    """The call of a method of that name on something: `handler.get()`."""
    member = name.parent
    if member is None or member.type != "attribute" or member.child_by_field_name("attribute") != name:
        return None
    call = member.parent
    is_called = call is not None and call.type == "call" and call.child_by_field_name("function") == member
    return call if is_called else None


def _is_above(app: App, handler: HandlerClass, call: Node) -> bool:
    """Whether a call goes to the framework's class: by `super`, or by its name."""
    function = call.child_by_field_name("function")
    owner = function.child_by_field_name("object") if function is not None else None
    if owner is None:
        return False
    if owner.type == "call":
        return text(owner.child_by_field_name("function")) == "super" and handler.name in text(owner)
    return means(app, handler.file, owner, *both("RequestHandler"))


def _has_self(call: Node) -> bool:
    return "self" in text(call)
