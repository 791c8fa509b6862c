"""The app asks for WebOb 1.2, whose requests have no byte strings any more.

## Why

python27 gives an app WebOb 1.1.1 unless it asks for 1.2.3. That version raises DeprecationWarning for
`request.str_GET`, `str_POST`, `str_params` and `str_cookies`. The same goes for `weak_match` of
`request.if_none_match` and for `satisfiable` and `ranges` of `request.range`, and for a `charset` other
than UTF-8.

## Fix

Ask for 1.1.1 until the app is rid of them. Encode the values of `GET`, `POST`, `params` and `cookies`, which
are unicode; `in` asks whether an ETag matches.

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
        self.save(self.request.str_GET['name'])

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webob-1.2.3/webob/request.py, etag.py and byterange.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.messages import MessageUse, request_uses
from gaebot.rules.python27.shared.webapp.webob_versions import asks_for_webob_12
from gaebot.syntax.nodes import is_target, string_value, text

_MAPPINGS = frozenset({"str_GET", "str_POST", "str_params", "str_cookies"})
_GONE = {"if_none_match": {"weak_match"}, "if_match": {"weak_match"}, "range": {"satisfiable", "ranges"}}
_ATTRIBUTES = frozenset().union(*_GONE.values())
_UTF8 = frozenset({"utf-8", "utf8"})

RULE = Rule(__name__, Severity.ERROR, only_in=python_with(*_MAPPINGS, *_ATTRIBUTES, "charset"))


def check(app: App) -> Iterator[Finding]:
    """Each use of what requests of WebOb 1.2 have not, in an app that asks for it."""
    if not asks_for_webob_12(app):
        return
    for use in request_uses(app, asked_files(app)):
        name, member = use.member_name, use.member
        if member is None:
            continue
        outer = member.parent
        if name in _MAPPINGS:
            message = f"WebOb 1.2 has no `{name}`: encode the values of `{name.removeprefix('str_')}`."
            yield RULE.finding(use.python.place(member), message)
        elif (
            outer is not None and outer.type == "attribute" and outer.child_by_field_name("object") == member
        ):
            gone = text(outer.child_by_field_name("attribute"))
            if gone in _GONE.get(name, ()):
                yield RULE.finding(use.python.place(outer), f"`{name}` has no `{gone}` in WebOb 1.2.")
        elif _sets_charset(use):
            message = "WebOb 1.2 takes UTF-8 alone for `charset`: use `request.decode(…)` for another one."
            yield RULE.finding(use.python.place(member), message)


def _sets_charset(use: MessageUse) -> bool:
    """Whether the charset of a request is set to another one than UTF-8."""
    if use.member is None or use.member_name != "charset" or not is_target(use.member):
        return False
    statement = use.member.parent
    value = string_value(statement.child_by_field_name("right")) if statement is not None else None
    return value is not None and value.lower() not in _UTF8
