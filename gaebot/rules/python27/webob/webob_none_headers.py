"""`user_agent` and `referer` are None when the request has no such header.

## Why

In WebOb 0.9 `self.request.user_agent` was an empty text for a request without that header; robots and
careful browsers send none. In WebOb 1.1, which python27 has, it is None, and `'iPhone' in None` or
`None.startswith(…)` end in a 500 that no test shows.

Left alone is what asks before: `ua = self.request.user_agent or ''`, `if ua and …`.

## Fix

`(self.request.user_agent or '')`, which works on both runtimes.

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
        if 'iPhone' in self.request.user_agent:
            self.redirect('/mobile')

app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import webapp2

class Main(webapp2.RequestHandler):
    def get(self):
        if 'iPhone' in (self.request.user_agent or ''):
            self.redirect('/mobile')

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webob_0_9/webob/__init__.py, `Request.user_agent` and `referer`; lib/webob-1.1.1/webob/request.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.webapp.messages import MessageUse, request_uses
from gaebot.syntax.python import PythonFile, ancestors, arguments, scope_node, text
from gaebot.text import Span

RULE = Rule(__name__, Severity.ERROR)

_HEADERS = frozenset({"user_agent", "referer", "referrer"})
_SEARCHES = frozenset({"re.search", "re.match", "re.findall", "re.compile().search", "re.compile().match"})
_TAKERS = frozenset({"len", "urlparse.urlparse", "urlparse.urlsplit", "urllib.quote", "urllib.unquote"})


def check(app: App) -> Iterator[Finding]:
    """Each use of such a header that fails for None."""
    for use in request_uses(app):
        header = use.member if use.member_name in _HEADERS else None
        if header is None:
            continue
        for node in (header, *_local_uses(use, header)):
            if _fails_for_none(use.python, node) and not _is_tried(node, use.function):
                message = f"`{use.member_name}` is None on python27 when a visitor sends none: this fails."
                edits = (
                    use.python.source.edit(Span(node.start_byte, node.start_byte), b"("),
                    use.python.source.edit(Span(node.end_byte, node.end_byte), b" or '')"),
                )
                fix = Fix("Take an empty text for a missing header", edits, Safety.SAFE, RunsOn.BOTH)
                yield RULE.finding(use.python.place(node), message, fix=fix)


def _local_uses(use: MessageUse, header: Node) -> Iterator[Node]:
    """The uses of the local name that a header is bound to, where nothing asks whether it is there."""
    statement, file = header.parent, use.python
    if (
        statement is None
        or statement.type != "assignment"
        or statement.child_by_field_name("right") != header
    ):
        return
    target = statement.child_by_field_name("left")
    if target is None or target.type != "identifier" or len(file.lookup(text(target), target)) != 1:
        return
    found = []
    for name in file.identifiers(text(target), within=scope_node(target)):
        known = file.lookup(text(target), name)
        if name.id == target.id or len(known) != 1 or known[0].name.id != target.id:
            continue
        if _is_asked(name):
            return
        found.append(name)
    yield from found


def _is_asked(name: Node) -> bool:
    """Whether a name stands for itself in a condition, or is compared with None."""
    outer = name.parent
    if outer is None:
        return False
    if outer.type in {"boolean_operator", "not_operator", "conditional_expression"}:
        return True
    if outer.type in {"if_statement", "elif_clause", "while_statement"}:
        return True
    return outer.type == "comparison_operator" and "None" in text(outer)


def _fails_for_none(file: PythonFile, node: Node) -> bool:
    outer = node.parent
    if outer is None:
        return False
    if outer.type == "attribute" and outer.child_by_field_name("object") == node:
        return True
    if outer.type == "comparison_operator":
        operators = [text(each) for each in outer.children_by_field_name("operators")]
        return operators in (["in"], ["not in"]) and outer.named_children[-1] == node
    if outer.type == "subscript":
        return outer.child_by_field_name("value") == node
    if outer.type == "binary_operator":
        return text(outer.child_by_field_name("operator")) == "+"
    if outer.type == "argument_list" and outer.parent is not None and outer.parent.type == "call":
        return _is_taken(file, outer.parent, node)
    return False


def _is_taken(file: PythonFile, call: Node, node: Node) -> bool:
    """Whether a call takes a text and would not take None."""
    function = call.child_by_field_name("function")
    if function is None:
        return False
    positional = arguments(call)[0]
    if positional[:1] == [node] and (text(function) == "len" or file.refers_to(function, *_TAKERS)):
        return True
    if file.refers_to(function, "re.compile().search", "re.compile().match"):
        return positional[:1] == [node]
    return positional[1:2] == [node] and file.refers_to(function, *_SEARCHES)


def _is_tried(node: Node, function: Node) -> bool:
    """Whether an error would be caught, or the header has been asked for around the place."""
    header = text(node)
    for outer in ancestors(node):
        if outer == function:
            return False
        if outer.type == "try_statement":
            return True
        if outer.type in {"boolean_operator", "if_statement", "conditional_expression"}:
            first = outer.child_by_field_name("left") or outer.child_by_field_name("condition")
            if first is not None and _asks(text(first), header) and not _is_within(node, first):
                return True
    return False


def _asks(condition: str, header: str) -> bool:
    return condition == header or condition.startswith((f"{header} and", f"{header} is not", f"{header} != "))


def _is_within(node: Node, outer: Node) -> bool:
    return outer.start_byte <= node.start_byte and node.end_byte <= outer.end_byte
