"""A handler's `__init__` does not take what webapp2 gives it.

## Why

webapp made a handler without arguments and then called `initialize(request, response)`. webapp2 makes it
with the request and the response. A handler with `def __init__(self)` ends every request in TypeError,
"takes exactly 1 argument (3 given)"; one that takes any arguments but does not hand them on has no
request and fails later.

## Fix

Take both, with defaults for tests that make the handler themselves, and call `initialize` with them
first. That works on both runtimes. Where a handler derives from another one of the app with an `__init__`
of its own, both change.

Where the handler has an `initialize` of its own, or gets one from the app, it may read what `__init__` sets:
webapp called it afterwards. Then the call goes to the end, and only once the app says `runtime: python27`,
because there is no request yet when the old runtime makes a handler.

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
    def __init__(self):
        webapp.RequestHandler.__init__(self)
        self.count = 0

app = webapp.WSGIApplication([('/', Main)])
```

```python after main.py
from google.appengine.ext import webapp

class Main(webapp.RequestHandler):
    def __init__(self, request=None, response=None):
        self.initialize(request, response)
        self.count = 0

app = webapp.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webapp2-2.3/webapp2.py, `Webapp2HandlerAdapter`; google/appengine/ext/webapp/_webapp25.py,
`WSGIApplication.__call__`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.handler_classes import (
    HandlerClass,
    handler_classes,
    handler_classes_in,
)
from gaebot.syntax.lines import is_docstring
from gaebot.syntax.nodes import arguments, text
from gaebot.syntax.python import PythonFile
from gaebot.text import Edit, Span

_INIT = "__init__"

RULE = Rule(__name__, Severity.ERROR, only_in=python_with(_INIT))

_INITIALIZE = "initialize"
_PARAMETERS = "request=None, response=None"
_CALLS = "(call function: (attribute attribute: (identifier) @name)) @call"


def check(app: App) -> Iterator[Finding]:
    """Each `__init__` of a handler that webapp2 can't call, or that leaves the handler without a request."""
    for handler in handler_classes_in(app, asked_files(app)):
        init = handler.methods.get(_INIT)
        if init is None or not handler.request_file.runs(handler.node):
            continue
        if _takes_two(init):
            continue
        name = init.child_by_field_name("name") or init
        if _takes_any(init):
            if not _hands_on(handler.file, init):
                message = (
                    "webapp2 gives a handler its request and response here: call `self.initialize` with them."
                )
                yield RULE.finding(handler.file.place(name), message)
            continue
        message = (
            f"webapp2 makes handlers with the request and the response, and `{handler.name}` can't take them:"
            " TypeError at every request."
        )
        yield RULE.finding(handler.file.place(name), message, fix=_fix(app, handler))


def _parameters(init: Node) -> list[Node]:
    holder = init.child_by_field_name("parameters")
    return [node for node in holder.named_children if node.type != "comment"] if holder is not None else []


def _takes_two(init: Node) -> bool:
    """Whether two arguments besides `self` fit."""
    own = _parameters(init)[1:]
    if any(node.type in {"list_splat_pattern", "dictionary_splat_pattern"} for node in own):
        return False
    required = sum(node.type != "default_parameter" for node in own)
    return required <= 2 <= len(own)


def _takes_any(init: Node) -> bool:
    """Whether it takes any number of arguments."""
    own = _parameters(init)
    return any(node.type == "list_splat_pattern" for node in own)


def _hands_on(file: PythonFile, init: Node) -> bool:
    """Whether an `__init__` calls another one, or `initialize`."""
    names = {text(match["name"]) for match in file.matches(_CALLS, init)}
    return bool(names & {_INIT, "initialize"})


def _fix(app: App, handler: HandlerClass) -> Fix | None:
    own_initialize = _has_own_initialize(app, handler)
    if own_initialize and not has_switched(app):
        return None
    edits: list[Edit] = []
    for each in handler.lineage:
        init = each.methods.get(_INIT)
        if init is None or _takes_two(init):
            continue
        own = _edits(each, init, at_the_end=_has_own_initialize(app, each))
        if own is None:
            return None
        edits += own
    title = "Take the request and the response"
    if own_initialize:
        return Fix(title, tuple(edits), Safety.REVIEW, RunsOn.TARGET)
    return Fix(title, tuple(edits), Safety.SAFE, RunsOn.BOTH)


def _has_own_initialize(app: App, handler: HandlerClass) -> bool:
    """Whether a handler, or one that derives from it, has an `initialize` that the app has written."""
    return any(
        _INITIALIZE in each.methods
        for below in handler_classes(app)
        if handler in below.lineage
        for each in below.lineage
    )


def _edits(handler: HandlerClass, init: Node, *, at_the_end: bool) -> list[Edit] | None:
    """The new parameters, and the call that uses them; None where the body is in the way."""
    file, parameters = handler.file, init.child_by_field_name("parameters")
    own = _parameters(init)
    body = init.child_by_field_name("body")
    if parameters is None or body is None or len(own) != 1 or own[0].type != "identifier":
        return None
    if any(_is_plain(node) for node in file.identifiers("request", "response", within=body)):
        return None
    edits = [file.source.edit(Span(own[0].end_byte, own[0].end_byte), f", {_PARAMETERS}".encode())]
    calls = [match["call"] for match in file.matches(_CALLS, body) if text(match["name"]) == _INIT]
    if not calls:
        insert = _insert_last if at_the_end else _insert_first
        added = insert(file, body, text(own[0]))
        return None if added is None else [*edits, added]
    for call in calls:
        edit = _passed_on(handler, call, text(own[0]))
        if edit is None:
            return None
        edits.append(edit)
    return edits


def _is_plain(node: Node) -> bool:
    """Whether a name stands for itself, not for an attribute."""
    parent = node.parent
    return parent is None or parent.type != "attribute" or parent.children[0] == node


def _passed_on(handler: HandlerClass, call: Node, this: str) -> Edit | None:
    """The edit that gives the call of another `__init__` what it needs; None for a call of another kind."""
    file = handler.file
    function, positional = call.child_by_field_name("function"), arguments(call)[0]
    owner = function.child_by_field_name("object") if function is not None else None
    if owner is None:
        return None
    names = [text(node) for node in positional]
    is_super = owner.type == "call" and text(owner.child_by_field_name("function")) == "super"
    if is_super and names:
        return None
    if not is_super and names != [this]:
        return None
    if any(_INIT in above.methods for above in handler.lineage[1:]):
        holder = call.child_by_field_name("arguments")
        if holder is None:
            return None
        new = f"({', '.join([*names, 'request', 'response'])})"
        return file.source.edit(file.span(holder), new.encode())
    if len(handler.bases) + len(handler.roots) > 1 and is_super:
        return None
    return file.source.edit(file.span(call), f"{this}.initialize(request, response)".encode())


def _insert_first(file: PythonFile, body: Node, this: str) -> Edit | None:
    """The edit that adds the call of `initialize` in front of the body, behind its docstring."""
    statements = [node for node in body.named_children if node.type != "comment"]
    if not statements:
        return None
    line = f"{this}.initialize(request, response)".encode()
    if is_docstring(statements[0]):
        statements = statements[1:]
        if not statements:
            return None
    first = statements[0]
    if not file.stands_alone(first):
        return file.source.edit(Span(first.start_byte, first.start_byte), line + b"; ")
    between = file.source.newline + file.indent(first)
    return file.source.edit(Span(first.start_byte, first.start_byte), line + between)


def _insert_last(file: PythonFile, body: Node, this: str) -> Edit | None:
    """The edit that adds the call of `initialize` behind the body; None where that may not be reached."""
    statements = [node for node in body.named_children if node.type != "comment"]
    if not statements or file.nodes("(return_statement) @node", body):
        return None
    line, last = f"{this}.initialize(request, response)".encode(), statements[-1]
    if not file.stands_alone(last):
        return file.source.edit(Span(last.end_byte, last.end_byte), b"; " + line)
    end, indent = file.line_span(last).end, file.indent(last)
    if not file.source.data[:end].endswith((b"\n", b"\r")):
        return file.source.edit(Span(end, end), file.source.newline + indent + line)
    return file.source.edit(Span(end, end), indent + line + file.source.newline)
