"""`has_key` of a request's headers or cookies is gone in WebOb 1.2.

## Why

python27 gives an app WebOb 1.1.1 unless it asks for 1.2.3. There `request.headers.has_key('X')` and
`request.cookies.has_key('x')` raise AttributeError.

## Fix

`'X' in request.headers`, which works in all versions.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
libraries:
- name: webapp2
  version: "2.5.2"
- name: webob
  version: "1.2.3"
```

```python before main.py
import webapp2

class Main(webapp2.RequestHandler):
    def get(self):
        if self.request.headers.has_key('X-Test'):
            self.error(404)

app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import webapp2

class Main(webapp2.RequestHandler):
    def get(self):
        if 'X-Test' in self.request.headers:
            self.error(404)

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webob-1.2.3/webob/headers.py, `EnvironHeaders`, and cookies.py, `RequestCookies`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.messages import MessageUse, request_uses
from gaebot.rules.python27.shared.webapp.webob_versions import asks_for_webob_12
from gaebot.syntax.nodes import arguments, text

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("has_key"))

_MAPPINGS = frozenset({"headers", "cookies"})
# Around these `x in y` stands as it is.
_LOOSE = frozenset(
    {
        *("assignment", "expression_statement", "if_statement", "elif_clause", "while_statement"),
        *("return_statement", "parenthesized_expression", "argument_list", "keyword_argument"),
    }
)


def check(app: App) -> Iterator[Finding]:
    """Each call of `has_key`, in an app that asks for WebOb 1.2."""
    if not asks_for_webob_12(app):
        return
    for use in request_uses(app, asked_files(app)):
        mapping = use.member if use.member_name in _MAPPINGS else None
        chain = mapping.parent if mapping is not None else None
        if mapping is None or chain is None or chain.type != "attribute" or chain.children[0] != mapping:
            continue
        call = chain.parent
        is_called = call is not None and call.type == "call" and call.child_by_field_name("function") == chain
        if call is not None and is_called and text(chain.child_by_field_name("attribute")) == "has_key":
            message = f"`{use.member_name}` has no `has_key` in WebOb 1.2: use `in`."
            yield RULE.finding(use.python.place(call), message, fix=_fix(use, call, mapping))


def _fix(use: MessageUse, call: Node, mapping: Node) -> Fix | None:
    positional, named = arguments(call)
    outer = call.parent
    if len(positional) != 1 or named or outer is None or positional[0].type in {"lambda", "list_splat"}:
        return None
    key = positional[0].text or b""
    if positional[0].type in {"boolean_operator", "comparison_operator", "conditional_expression"}:
        key = b"(" + key + b")"
    new = key + b" in " + (mapping.text or b"")
    if outer.type not in _LOOSE:
        new = b"(" + new + b")"
    edit = use.python.source.edit(use.python.span(call), new)
    return Fix("Ask with `in`", (edit,), Safety.SAFE, RunsOn.BOTH)
