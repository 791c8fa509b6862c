"""`handle_exception` works otherwise in webapp2.

## Why

webapp's own `handle_exception` wrote the error page and came back. webapp2's raises the exception again,
so that what follows the call of it never runs. Its second argument is called `mode` there, not
`debug_mode`: by that keyword the call raises TypeError.

An override `def handle_exception(self, exception, debug_mode)` goes on to work: webapp2 passes both by
position.

## Fix

Pass the argument by position, which works on both runtimes. What has to be done after the framework's own
handling goes before it.

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
    def handle_exception(self, exception, debug_mode):
        self.notify(exception)
        webapp.RequestHandler.handle_exception(self, exception, debug_mode=debug_mode)

app = webapp.WSGIApplication([('/', Main)])
```

```python after main.py
from google.appengine.ext import webapp

class Main(webapp.RequestHandler):
    def handle_exception(self, exception, debug_mode):
        self.notify(exception)
        webapp.RequestHandler.handle_exception(self, exception, debug_mode)

app = webapp.WSGIApplication([('/', Main)])
```

## Source

SDK: google/appengine/ext/webapp/_webapp25.py and lib/webapp2-2.3/webapp2.py,
`RequestHandler.handle_exception`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.definitions import means
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.handler_classes import HandlerClass, handler_classes_in
from gaebot.rules.python27.shared.webapp.names import both
from gaebot.syntax.nodes import text
from gaebot.text import Span

_NAME = "handle_exception"

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(_NAME))

_CALLS = "(call function: (attribute attribute: (identifier) @name)) @call"


def check(app: App) -> Iterator[Finding]:
    """Calls by the old keyword, and calls of the framework's method that more code follows."""
    for handler in handler_classes_in(app, asked_files(app)):
        if _NAME not in text(handler.node):
            continue
        for match in handler.file.matches(_CALLS, handler.node):
            call = match["call"]
            if text(match["name"]) != _NAME or not handler.request_file.runs(call):
                continue
            keyword = _keyword(call)
            own = [h for h in handler.lineage if _NAME in h.methods]
            if keyword is not None and (_is_above(app, handler, call) or not own):
                yield RULE.finding(
                    handler.file.place(keyword),
                    "webapp2's `handle_exception` has no argument `debug_mode`: pass it by position.",
                    fix=_fix(handler, keyword),
                    severity=Severity.ERROR,
                )
            if _is_above(app, handler, call) and not any(_NAME in h.methods for h in handler.lineage[1:]):
                following = _following(call)
                if following is not None:
                    message = "webapp2's own `handle_exception` raises the exception again: this never runs."
                    yield RULE.finding(handler.file.place(following), message)


def _keyword(call: Node) -> Node | None:
    holder = call.child_by_field_name("arguments")
    for argument in holder.named_children if holder is not None else []:
        if argument.type == "keyword_argument" and text(argument.child_by_field_name("name")) == "debug_mode":
            return argument
    return None


def _fix(handler: HandlerClass, keyword: Node) -> Fix | None:
    name, value = keyword.child_by_field_name("name"), keyword.child_by_field_name("value")
    previous = keyword.prev_named_sibling
    if name is None or value is None or (previous is not None and previous.type == "keyword_argument"):
        return None
    edit = handler.file.source.edit(Span(name.start_byte, value.start_byte), b"")
    return Fix("Pass it by position", (edit,), Safety.SAFE, RunsOn.BOTH)


def _is_above(app: App, handler: HandlerClass, call: Node) -> bool:
    function = call.child_by_field_name("function")
    owner = function.child_by_field_name("object") if function is not None else None
    if owner is None:
        return False
    if owner.type == "call":
        return text(owner.child_by_field_name("function")) == "super"
    return means(app, handler.file, owner, *both("RequestHandler"))


def _following(call: Node) -> Node | None:
    """The statement behind a call that stands for itself, in the same block."""
    statement = call.parent
    if statement is None or statement.type != "expression_statement":
        return None
    following = statement.next_named_sibling
    while following is not None and following.type == "comment":
        following = following.next_named_sibling
    plain = {"return_statement", "pass_statement", "raise_statement"}
    return following if following is not None and following.type not in plain else None
