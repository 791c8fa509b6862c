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

A handler may also get its `__init__` from a class that is no handler and stands in front of the framework's:
a mixin, or a model of the datastore. Give a handler below a mixin an `__init__` of its own, which takes both,
calls that of the mixin, and then `initialize` with them. Make two classes of one that is model and handler.

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

from gaebot.app import App, once_per_app
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.definitions import definitions
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.handler_classes import (
    SDK_HANDLERS,
    HandlerClass,
    base_nodes,
    handler_classes,
    handler_classes_in,
    handler_of,
)
from gaebot.rules.python27.shared.webapp.method_order import FRAMEWORK, OrderedClass, meaning, method_order
from gaebot.rules.python27.shared.webapp.route_tables import applications
from gaebot.syntax.lines import is_docstring
from gaebot.syntax.nodes import arguments, text
from gaebot.syntax.python import PythonFile
from gaebot.text import Edit, Span

_INIT = "__init__"

# A handler may get it from a class in another file.
RULE = Rule(__name__, Severity.ERROR, only_in=python_with("class"))

_INITIALIZE = "initialize"
_PARAMETERS = "request=None, response=None"
_DB, _NDB = "google.appengine.ext.db", "google.appengine.ext.ndb"
_MODELS = frozenset(
    {
        *(f"{_DB}.{name}" for name in ("Model", "Expando", "polymodel.PolyModel")),
        *(f"{_NDB}.{name}" for name in ("Model", "Expando", "polymodel.PolyModel")),
        "google.appengine.ext.search.SearchableModel",
    }
)
_FRAMEWORK = SDK_HANDLERS | {FRAMEWORK, "object"}  # `object` did as well, with webapp
_CALLS = "(call function: (attribute attribute: (identifier) @name)) @call"


def check(app: App) -> Iterator[Finding]:
    """Each `__init__` of a handler that webapp2 can't call, or that leaves the handler without a request."""
    for handler in handler_classes_in(app, asked_files(app)):
        init = handler.methods.get(_INIT)
        if not handler.request_file.runs(handler.node):
            continue
        if init is None:
            yield from _inherited(app, handler)
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


def _inherited(app: App, handler: HandlerClass) -> Iterator[Finding]:
    """A class that mixes a handler with another class and so gives routed ones the `__init__` of that."""
    if len(base_nodes(handler.node)) < 2:
        return  # it mixes nothing, and the class above is looked at by itself
    source = _init_above(app, handler)
    if source is None or (handler, source) not in _given(app):
        return
    init, related = source.function(_INIT), []
    if source.file is None or init is None:
        name = source.origin.rpartition(".")[2]
        way_out = f"make two classes of it, a handler and a `{name}`."
    else:
        name = text(source.node.child_by_field_name("name")) if source.node is not None else ""
        way_out = (
            "give it an `__init__` that takes both, calls that one, and then `self.initialize` with them."
        )
        related = [Related(source.file.place(init.child_by_field_name("name") or init), "That one.")]
    message = (
        "webapp2 makes handlers with the request and the response, and the `__init__` that"
        f" `{handler.name}` gets from `{name}` is not made for them: {way_out}"
    )
    place = handler.file.place(handler.node.child_by_field_name("name") or handler.node)
    yield RULE.finding(place, message, related=related)


def _init_above(app: App, handler: HandlerClass) -> OrderedClass | None:
    """The class that is no handler and gives one an `__init__` not made for what webapp2 gives, or None."""
    for each in method_order(app, handler.file, handler.node) or ():
        if each.origin in _MODELS:
            return each
        if each.file is None or each.node is None:
            return None
        init = each.function(_INIT)
        if init is not None:
            is_fine = _takes_two(init) or (_takes_any(init) and _hands_on(each.file, init))
            return None if is_fine or handler_of(app, each.file, each.node) is not None else each
        if any(text(name) == _INIT for name in each.file.identifiers(_INIT, within=each.node)):
            return None  # it may be given another way: `__init__ = setup`
    return None


@once_per_app
def _given(app: App) -> frozenset[tuple[HandlerClass, OrderedClass]]:
    """Each routed handler, and each above it, with the class that gives the routed one such an `__init__`."""
    nodes = (
        (found.file, found.node)
        for application in applications(app)
        for _, name in application.routed
        for found in definitions(app, application.file.file, name)
    )
    found = (handler_of(app, file, node) for file, node in nodes if file is not None and node is not None)
    routed = dict.fromkeys(handler for handler in found if handler is not None)
    sources = ((handler, _init_above(app, handler)) for handler in routed)
    return frozenset(
        (above, source) for handler, source in sources if source is not None for above in handler.lineage
    )


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
        own = _edits(app, each, init, at_the_end=_has_own_initialize(app, each))
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


def _edits(app: App, handler: HandlerClass, init: Node, *, at_the_end: bool) -> list[Edit] | None:
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
    calls = [call for call in calls if not _is_of_mixin(app, handler, call)]
    if not calls:
        insert = _insert_last if at_the_end else _insert_first
        added = insert(file, body, text(own[0]))
        return None if added is None else [*edits, added]
    for call in calls:
        edit = _passed_on(app, handler, call, text(own[0]))
        if edit is None:
            return None
        edits.append(edit)
    return edits


def _is_plain(node: Node) -> bool:
    """Whether a name stands for itself, not for an attribute."""
    parent = node.parent
    return parent is None or parent.type != "attribute" or parent.children[0] == node


def _is_of_mixin(app: App, handler: HandlerClass, call: Node) -> bool:
    """Whether a call starts a class that is no handler, by name, and no handler by way of it: it may stay."""
    owner = _owner(call)
    named = meaning(app, handler.file, owner) if owner is not None else None
    if named is None or named.file is None or named.node is None:
        return False
    order = method_order(app, named.file, named.node) or ()
    inits = [(each.file, init) for each in order if each.file and (init := each.function(_INIT)) is not None]
    return (
        bool(inits)
        and all(each.node is not None for each in order)
        and handler_of(app, named.file, named.node) is None
        and not any(_hands_on(file, init) for file, init in inits)
    )


def _owner(call: Node) -> Node | None:
    """What a method is called of."""
    function = call.child_by_field_name("function")
    return function.child_by_field_name("object") if function is not None else None


def _passed_on(app: App, handler: HandlerClass, call: Node, this: str) -> Edit | None:
    """The edit that gives the call of another `__init__` what it needs; None for a call of another kind."""
    file, positional = handler.file, arguments(call)[0]
    target = _called(app, handler, call, this)
    if target is None:
        return None
    if target.node is None:
        return file.source.edit(file.span(call), f"{this}.initialize(request, response)".encode())
    holder = call.child_by_field_name("arguments")
    if holder is None:
        return None
    new = f"({', '.join([*map(text, positional), 'request', 'response'])})"
    return file.source.edit(file.span(holder), new.encode())


def _called(app: App, handler: HandlerClass, call: Node, this: str) -> OrderedClass | None:
    """The handler of the app, or the class of the framework, whose `__init__` a call starts, or None."""
    for each in _searched(app, handler, call, this):
        if each.node is None or each.file is None:
            return each if each.origin in _FRAMEWORK else None
        if each.function(_INIT) is not None:
            return each if handler_of(app, each.file, each.node) is not None else None
    return None


def _searched(app: App, handler: HandlerClass, call: Node, this: str) -> tuple[OrderedClass, ...]:
    """The classes in which a call without arguments of its own looks for an `__init__`, in order."""
    owner, (positional, named) = _owner(call), arguments(call)
    names = [text(node) for node in positional]
    if owner is None or named:
        return ()
    if owner.type == "call":
        is_super = text(owner.child_by_field_name("function")) == "super"
        return _behind(app, handler, arguments(owner)[0], this) if is_super and not names else ()
    target = meaning(app, handler.file, owner)
    if target is None or names != [this]:
        return ()
    if target.file is None or target.node is None:
        return (target,)
    return method_order(app, target.file, target.node) or ()


def _behind(app: App, handler: HandlerClass, bound: list[Node], this: str) -> tuple[OrderedClass, ...]:
    """The classes behind the one that `super` is called with; none where it is not bound, or fails."""
    order = method_order(app, handler.file, handler.node) or ()
    if len(bound) != 2 or text(bound[1]) != this:
        return ()
    if text(bound[0]) in {handler.name, f"{this}.__class__"}:
        return order[1:]
    named = meaning(app, handler.file, bound[0])
    return order[order.index(named) + 1 :] if named in order else ()


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
