"""The app asks for WebOb 1.2, which takes more away.

## Why

python27 gives an app WebOb 1.1.1 unless it asks for 1.2.3. That version raises errors for
`request.str_GET`, `str_POST`, `str_params` and `str_cookies`, and its headers have no `has_key`.

## Fix

Ask for 1.1.1 until the app is rid of them; for the values encode those of `GET` and `POST`, which are
unicode. `'X' in request.headers` takes the place of `has_key`, on all versions.

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

SDK: lib/webob-1.1.1/webob/request.py and lib/webob-1.2.3/webob/request.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.webapp.messages import MessageUse, request_uses
from gaebot.rules.python27.shared.webapp.webob_versions import asks_for_webob_12
from gaebot.syntax.python import arguments, text

RULE = Rule(__name__, Severity.ERROR)

_GONE = frozenset({"str_GET", "str_POST", "str_params", "str_cookies"})


def check(app: App) -> Iterator[Finding]:
    """Each use of what WebOb 1.2 has not, in an app that asks for it."""
    if not asks_for_webob_12(app):
        return
    for use in request_uses(app):
        if use.member is not None and use.member_name in _GONE:
            message = f"WebOb 1.2 has no `{use.member_name}`: encode the values of `{use.member_name[4:]}`."
            yield RULE.finding(use.python.place(use.member), message)
        call = _has_key(use)
        if call is not None:
            message = "The headers of WebOb 1.2 have no `has_key`: use `in`."
            yield RULE.finding(use.python.place(call), message, fix=_fix(use, call))


def _has_key(use: MessageUse) -> Node | None:
    headers = use.member if use.member_name == "headers" else None
    chain = headers.parent if headers is not None else None
    call = chain.parent if chain is not None and chain.type == "attribute" else None
    if chain is None or call is None or call.type != "call":
        return None
    return call if text(chain.child_by_field_name("attribute")) == "has_key" else None


def _fix(use: MessageUse, call: Node) -> Fix | None:
    positional, named = arguments(call)
    outer = call.parent
    if len(positional) != 1 or named or outer is None or use.member is None:
        return None
    new = (positional[0].text or b"") + b" in " + (use.member.text or b"")
    if outer.type in {"attribute", "comparison_operator", "binary_operator", "argument_list", "not_operator"}:
        new = b"(" + new + b")"
    edit = use.python.source.edit(use.python.span(call), new)
    return Fix("Ask with `in`", (edit,), Safety.SAFE, RunsOn.BOTH)
