"""A hand-written WSGI application answers with something that the runtime refuses.

## Why

`run_wsgi_app` of webapp was lenient: an application could return `None`, write unicode, or give any
status. The WSGI runtime of python27 is strict. The body must be an iterable of `str`, the status a
`str` that begins with a number from 200 to 599, the headers a list of tuples of two `str`. Anything
else ends in status 500 with "handler must return an iterable of str" or the like in the log.

Left alone are values that the source does not show, and functions that are no WSGI applications.

## Fix

Return a list of byte strings, `[page.encode('utf-8')]`, and give the status and the headers as
`str`: `str(len(page))` for a length. Return `[]` when everything was written before.

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
def app(environ, start_response):
    page = 'Hello'
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', len(page))])
    return [page]
```

## Source

SDK: google/appengine/runtime/wsgi.py, `_StartResponse`, `_Write` and `Handle`; the lenient one is
`run_bare_wsgi_app` in google/appengine/ext/webapp/util.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.rules.python27.shared.scripts.wsgi_functions import WsgiFunction, wsgi_functions
from gaebot.syntax.nodes import ancestors, arguments, text
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.ERROR)

_ANSWERS = "[(return_statement) (yield)] @answer"
_FUTURE = "(future_import_statement) @future"
_NUMBERS = frozenset({"integer", "float"})
_NO_LISTS = frozenset({"tuple", "dictionary", "set", "generator_expression", "none"})


def check(app: App) -> Iterator[Finding]:
    """Answers of hand-written WSGI applications that the runtime refuses."""
    for file in asked_files(app):
        for function in wsgi_functions(file.file):
            for node, problem in _problems(file.file, function):
                if file.runs(node):
                    yield _finding(file, node, problem)


def _finding(file: RequestFile, node: Node, problem: str) -> Finding:
    if file.is_wsgi:
        return RULE.finding(file.file.place(node), f"{problem} The runtime answers with status 500.")
    message = f"{problem} A CGI script may do so; once this is a WSGI application it gets status 500."
    return RULE.finding(file.file.place(node), message, severity=Severity.WARNING)


def _problems(file: PythonFile, function: WsgiFunction) -> Iterator[tuple[Node, str]]:
    """What is wrong with the answers of an application, each with the node that shows it."""
    for start in function.starts:
        positional, named = arguments(start)
        status = positional[0] if positional else named.get("status")
        headers = (
            positional[1] if len(positional) > 1 else named.get("headers", named.get("response_headers"))
        )
        if status is not None:
            yield from _status_problems(file, status)
        if headers is not None:
            yield from _header_problems(file, headers)
    yield from _body_problems(file, function)


def _status_problems(file: PythonFile, node: Node) -> Iterator[tuple[Node, str]]:
    if _is_unicode(file, node) or node.type in _NUMBERS:
        yield node, "The status must be a `str` such as '200 OK'."
    elif node.type == "string" and not file.nodes("(interpolation) @x", node):
        words = text(node).strip("bBrR'\"").split(" ")
        number = int(words[0]) if words[0].isdigit() else 0
        if not 200 <= number < 600:
            yield node, "The status must begin with a number from 200 to 599, such as '200 OK'."


def _header_problems(file: PythonFile, node: Node) -> Iterator[tuple[Node, str]]:
    if node.type in _NO_LISTS:
        yield node, "The headers must be a list of tuples: `[('Content-Type', 'text/plain')]`."
    for header in node.named_children if node.type == "list" else []:
        if header.type == "list":
            yield header, "Each header must be a tuple: `('Content-Type', 'text/plain')`."
        elif header.type == "tuple":
            for part in header.named_children:
                if _is_unicode(file, part):
                    yield part, "Names and values of headers must be `str`, not `unicode`: encode them."
                elif part.type in {*_NUMBERS, "none"} or _is_length(file, part):
                    yield part, f"The value of a header must be a `str`: write `str({text(part)})`."


def _is_length(file: PythonFile, node: Node) -> bool:
    called = node.child_by_field_name("function") if node.type == "call" else None
    return called is not None and file.refers_to(called, "len", "int")


def _body_problems(file: PythonFile, function: WsgiFunction) -> Iterator[tuple[Node, str]]:
    answers = [
        node for node in file.nodes(_ANSWERS, function.node) if _function_around(node) == function.node
    ]
    values = [node for node in answers if node.type == "yield" or _value(node) is not None]
    if function.starts and not values and not file.nodes("(raise_statement) @x", function.node):
        name = function.node.child_by_field_name("name") or function.node
        yield (
            name,
            f"`{text(name)}` returns nothing, but must return a list of `str`: end it with `return []`.",
        )
        return
    is_generator = any(node.type == "yield" for node in answers)
    for node in answers:
        value = _value(node)
        if value is None or value.type == "none":
            if not is_generator and function.starts:
                yield node, "A WSGI application must return a list of `str`: write `return []`."
            continue
        parts = value.named_children if value.type in {"list", "tuple"} else [value]
        for part in parts:
            if _is_unicode(file, part):
                yield part, "The body must be `str`, not `unicode`: write `.encode('utf-8')` behind it."


def _function_around(node: Node) -> Node | None:
    return next((outer for outer in ancestors(node) if outer.type in {"function_definition", "lambda"}), None)


def _value(answer: Node) -> Node | None:
    """What a `return` or `yield` gives, None when nothing."""
    return next((child for child in answer.named_children if child.type != "comment"), None)


def _is_unicode(file: PythonFile, node: Node) -> bool:
    """Whether an expression of literals is `unicode` in Python 2: one of them makes the whole so."""
    waiting: list[Node | None] = [node]
    while waiting:
        current = waiting.pop()
        if current is None:
            continue
        if current.type == "string":
            prefix = text(current.children[0]).rstrip("'\"").lower()
            if "u" in prefix or ("b" not in prefix and _has_unicode_literals(file)):
                return True
        elif current.type in {"concatenated_string", "parenthesized_expression"}:
            waiting += current.named_children
        elif current.type == "binary_operator" and text(current.child_by_field_name("operator")) in {
            "%",
            "+",
        }:
            waiting += (current.child_by_field_name("left"), current.child_by_field_name("right"))
    return False


def _has_unicode_literals(file: PythonFile) -> bool:
    if b"unicode_literals" not in file.source.data:
        return False
    return file.remember(_FUTURE, lambda: any("unicode_literals" in text(n) for n in file.nodes(_FUTURE)))
