"""`user_agent` and `referer` are None when the request has no such header.

## Why

In WebOb 0.9 `self.request.user_agent` was an empty text for a request without that header; robots and
careful browsers send none. In WebOb 1.1, which python27 has, it is None, and `'iPhone' in None` or
`None.startswith(…)` end in a 500 that no test shows.

A redirect to `self.request.referer` went back to the same page then; in webapp2 it fails for None too.

Left alone is what asks before: `ua = self.request.user_agent or ''`, `if ua and …`, `if not ua: return`,
and what an `except` catches.

## Fix

`(self.request.user_agent or '')`, and `self.request.referer or self.request.uri` for a redirect. Both work
on both runtimes.

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
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.guards import is_asked, is_caught
from gaebot.rules.python27.shared.webapp.messages import MessageUse, request_uses
from gaebot.syntax.nodes import arguments, scope_node, text
from gaebot.syntax.python import PythonFile
from gaebot.text import Span

_HEADERS = frozenset({"user_agent", "referer", "referrer", "pragma"})

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*_HEADERS))
# What fails for None as its first argument, and as its second.
_TAKERS = frozenset(
    {
        *("urlparse.urlparse", "urlparse.urlsplit", "cgi.escape", "hashlib.md5", "hashlib.sha1"),
        *("hashlib.sha256", "urllib.quote", "urllib.quote_plus", "urllib.unquote", "urllib.unquote_plus"),
        *("base64.b64encode", "re.compile().search", "re.compile().match", "re.compile().findall"),
    }
)
_SEARCHES = frozenset({"re.search", "re.match", "re.findall", "re.split"})


def check(app: App) -> Iterator[Finding]:
    """Each use of such a header that fails for None."""
    for use in request_uses(app, asked_files(app)):
        if use.member is None or use.member_name not in _HEADERS:
            continue
        for node in (use.member, *_local_uses(use, use.member)):
            is_address = _is_address(node)
            if not (is_address or _fails_for_none(use.python, node)):
                continue
            if is_asked(use.python, node, use.function) or is_caught(node, use.function):
                continue
            message = (
                f"`{use.member_name}` is None on python27 when a visitor sends none, and this fails then."
            )
            yield RULE.finding(use.python.place(node), message, fix=_fix(use, node, is_address=is_address))


def _fix(use: MessageUse, node: Node, *, is_address: bool) -> Fix:
    source, outer = use.python.source, node.parent
    other = text(use.node) + ".uri" if is_address else "''"
    after = f" or {other}".encode("latin-1")
    if outer is not None and outer.type == "argument_list":
        edits = [source.edit(Span(node.end_byte, node.end_byte), after)]
    else:
        edits = [
            source.edit(Span(node.start_byte, node.start_byte), b"("),
            source.edit(Span(node.end_byte, node.end_byte), after + b")"),
        ]
    title = "Go back to the same page" if is_address else "Take an empty text for a missing header"
    return Fix(title, tuple(edits), Safety.SAFE, RunsOn.BOTH)


def _local_uses(use: MessageUse, header: Node) -> Iterator[Node]:
    """The uses of the local name that a header is bound to, and nothing else is."""
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
    for name in file.identifiers(text(target), within=scope_node(target)):
        known = file.lookup(text(target), name)
        if name.id != target.id and len(known) == 1 and known[0].name.id == target.id:
            yield name


def _is_address(node: Node) -> bool:
    """Whether a handler redirects to what an expression gives: `self.redirect(self.request.referer)`."""
    holder = node.parent
    call = holder.parent if holder is not None and holder.type == "argument_list" else None
    function = call.child_by_field_name("function") if call is not None else None
    if call is None or function is None or function.type != "attribute":
        return False
    name, owner = function.child_by_field_name("attribute"), function.child_by_field_name("object")
    return text(name) == "redirect" and text(owner) == "self" and arguments(call)[0][:1] == [node]


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
    if positional[:1] == [node]:
        return text(function) == "len" or file.refers_to(function, *_TAKERS)
    return positional[1:2] == [node] and file.refers_to(function, *_SEARCHES)
