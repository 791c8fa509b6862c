"""A handler's method returns something that is no response.

## Why

webapp ignored what `get`, `post` and the others return. webapp2 takes it for the response: `return True`,
a text or a dict end in TypeError, "'bool' object is not callable", and a 500, although the page has been
written. So does `return save(page)`, where a function or a method of the app ends each way with such a
value. A method with `yield` returns a generator, which is no response either.

Left alone is what returns None in fact: `return self.redirect(…)`, `return self.error(404)`, `return
self.response.out. write(…)`, and calls of which nothing is known.

## Fix

Do it, and return nothing. That works on both runtimes.

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
    def get(self):
        if self.request.get('old'):
            self.redirect('/old')
            return True
        self.response.out.write('Hello')

app = webapp.WSGIApplication([('/', Main)])
```

```python after main.py
from google.appengine.ext import webapp

class Main(webapp.RequestHandler):
    def get(self):
        if self.request.get('old'):
            self.redirect('/old')
            return
        self.response.out.write('Hello')

app = webapp.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webapp2-2.3/webapp2.py, `WSGIApplication.__call__` and `Router.default_dispatcher`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.handler_classes import HandlerClass, handler_classes_in
from gaebot.rules.python27.shared.webapp.names import HTTP_METHODS
from gaebot.syntax.nodes import scope_node, text
from gaebot.syntax.python import PythonFile
from gaebot.text import Span

RULE = Rule(__name__, Severity.ERROR)

_LITERALS = frozenset(
    {
        *(
            "true",
            "false",
            "integer",
            "float",
            "string",
            "concatenated_string",
            "dictionary",
            "list",
            "tuple",
        ),
        *("comparison_operator", "not_operator", "list_comprehension", "set", "lambda", "expression_list"),
    }
)
# Nothing happens when these are evaluated.
_IDLE = frozenset({"true", "false", "integer", "float", "string", "concatenated_string"})
_TEXTS = frozenset({"str", "unicode", "repr", "len", "int", "dict", "list"})
_MADE = (".dumps", ".template.render", "render_to_string")
_DEPTH = 4  # how many methods and functions of the app a returned call is followed through


def check(app: App) -> Iterator[Finding]:
    """Each `return` and each `yield` of a handler's method that gives webapp2 what is no response."""
    for handler in handler_classes_in(app, asked_files(app)):
        for name, method in handler.methods.items():
            if name not in HTTP_METHODS or not handler.request_file.runs(method) or _is_wrapped(method):
                continue
            yield from _in_method(handler, method)


def _is_wrapped(method: Node) -> bool:
    """Whether a decorator may do something else with what the method returns."""
    outer = method.parent
    if outer is None or outer.type != "decorated_definition":
        return False
    names = {text(node).lstrip("@").partition("(")[0] for node in outer.children if node.type == "decorator"}
    return any(not name.endswith(("login_required", "admin_required")) for name in names)


def _in_method(handler: HandlerClass, method: Node) -> Iterator[Finding]:
    file = handler.file
    for node in file.keyword_nodes("yield", within=method):
        if node.type == "yield" and scope_node(node) == method:
            message = (
                "webapp2 takes what a handler returns for the response, and a generator is none: TypeError."
            )
            yield RULE.finding(file.place(node), message)
            return
    for statement in _returns(file, method):
        value = next((node for node in statement.named_children if node.type != "comment"), None)
        if value is None or not _is_value(handler, value, _DEPTH):
            continue
        name = text(method.child_by_field_name("name"))
        message = f"webapp2 takes what `{name}` returns for the response, and this is none: return nothing."
        yield RULE.finding(file.place(statement), message, fix=_fix(file, handler, statement, value))


def _returns(file: PythonFile, method: Node) -> Iterator[Node]:
    """The `return` statements of a method itself."""
    for node in file.keyword_nodes("return", within=method):
        if node.type == "return_statement" and scope_node(node) == method:
            yield node


def _is_value(handler: HandlerClass, value: Node, depth: int) -> bool:
    """Whether an expression is certainly neither None nor a response."""
    value = _bare(value)
    if value.type in _LITERALS:
        return True
    if value.type == "binary_operator":
        left = value.child_by_field_name("left")
        return left is not None and left.type in {"string", "concatenated_string", "integer", "float"}
    if value.type == "call":
        return _call_is_value(handler, value, depth)
    return False


def _bare(value: Node) -> Node:
    """An expression without the brackets around it."""
    while value.type == "parenthesized_expression":
        inner = [node for node in value.named_children if node.type != "comment"]
        if len(inner) != 1:
            break
        value = inner[0]
    return value


def _call_is_value(handler: HandlerClass, call: Node, depth: int) -> bool:
    function = call.child_by_field_name("function")
    if function is None:
        return False
    file = handler.file
    if (
        function.type == "identifier"
        and text(function) in _TEXTS
        and not file.lookup(text(function), function)
    ):
        return True
    if any(origin.endswith(_MADE) for origin in file.origins(function)):
        return True
    if not depth:
        return False
    if function.type == "identifier":
        helper = _function(file, function)
        return helper is not None and _always_returns(handler, helper, depth - 1)
    owner = function.child_by_field_name("object")
    if owner is None or text(owner) != "self" or scope_node(call) not in handler.methods.values():
        return False
    found = handler.method(text(function.child_by_field_name("attribute")))
    return found is not None and _always_returns(found[0], found[1], depth - 1)


def _function(file: PythonFile, name: Node) -> Node | None:
    """The function of the same file that a name means for certain, or None."""
    known = file.lookup(text(name), name)
    if len(known) != 1 or known[0].kind != "def" or known[0].statement.type != "function_definition":
        return None
    mentions = file.identifiers(text(name))
    is_global = any(node.parent is not None and node.parent.type == "global_statement" for node in mentions)
    return None if is_global else known[0].statement


def _always_returns(handler: HandlerClass, method: Node, depth: int) -> bool:
    """Whether every way through a method or a function of the app ends with a value."""
    if _is_wrapped(method) or method.parent is None:
        return False
    returned = _returns(handler.file, method)
    values = [next((n for n in node.named_children if n.type != "comment"), None) for node in returned]
    body = method.child_by_field_name("body")
    last = [node for node in body.named_children if node.type != "comment"][-1:] if body is not None else []
    ends = bool(last) and last[0].type == "return_statement"
    return ends and all(value is not None and _is_value(handler, value, depth) for value in values)


def _fix(file: PythonFile, handler: HandlerClass, statement: Node, value: Node) -> Fix | None:
    if _is_used(handler, statement):
        return None
    kind = _bare(value).type
    if kind in _IDLE:
        edit = file.source.edit(file.span(statement), b"return")
    elif kind in {"dictionary", "expression_list", "list", "tuple", "lambda", "set"}:
        return None
    else:
        between = file.source.newline + file.indent(statement) if file.stands_alone(statement) else b"; "
        code = file.source.data[value.start_byte : value.end_byte]
        edit = file.source.edit(Span(statement.start_byte, statement.end_byte), code + between + b"return")
    return Fix("Return nothing", (edit,), Safety.SAFE, RunsOn.BOTH)


def _is_used(handler: HandlerClass, statement: Node) -> bool:
    """Whether code of the class uses what its HTTP methods return: `x = self.get()`."""
    file = handler.file
    for node in file.identifiers(*HTTP_METHODS, within=handler.node):
        chain = node.parent
        call = chain.parent if chain is not None and chain.type == "attribute" else None
        if chain is None or call is None or call.type != "call" or text(chain.children[0]) != "self":
            continue
        if call.parent is not None and call.parent.type not in {"expression_statement", "return_statement"}:
            return True
    return statement.has_error
