"""The status of the response is a text in webapp2.

## Why

In webapp `self.response.status` was a number, 404. In webapp2 it is '404 Not Found': a comparison with a
number is never equal, and `>= 400` is always true, because Python 2 puts every text behind every number.
`'%d' % self.response.status` raises TypeError.

## Fix

`self.response.status_int`, once the app says `runtime: python27`. webapp has nothing by that name.

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
        if self.response.status >= 400:
            self.log()

app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import webapp2

class Main(webapp2.RequestHandler):
    def get(self):
        if self.response.status_int >= 400:
            self.log()

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: google/appengine/ext/webapp/_webapp25.py and lib/webapp2-2.3/webapp2.py, `Response.status`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.messages import response_uses
from gaebot.syntax.nodes import string_value, text

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("status"))

_NUMBER_CONVERSION = re.compile(r"%[-+ 0-9]*[di]")


def check(app: App) -> Iterator[Finding]:
    """Each status that is compared with a number, calculated with, or written as one."""
    for use in response_uses(app, asked_files(app)):
        status = use.member if use.member_name == "status" else None
        if status is None or not (_is_compared(status) or _is_number(status)):
            continue
        message = "`status` is a text in webapp2, '404 Not Found': the number is `status_int`."
        fix = None
        if has_switched(app):
            edit = use.python.source.edit(use.python.span(status), (use.node.text or b"") + b".status_int")
            fix = Fix("Take the number", (edit,), Safety.SAFE, RunsOn.TARGET)
        yield RULE.finding(use.python.place(status), message, fix=fix)


def _is_compared(status: Node) -> bool:
    """Whether an expression is compared with a number, or looked for among numbers."""
    outer = status.parent
    if outer is None or outer.type != "comparison_operator":
        return False
    others = [node for node in outer.named_children if node != status]
    for node in others:
        inner = node.named_children if node.type in {"tuple", "list"} else [node]
        if inner and all(each.type == "integer" for each in inner):
            return True
    return False


def _is_number(status: Node) -> bool:
    """Whether an expression is divided, or put in the only place of a text, which is one for a number."""
    outer = status.parent
    if outer is None or outer.type != "binary_operator":
        return False
    left, operator = outer.child_by_field_name("left"), text(outer.child_by_field_name("operator"))
    if operator in {"/", "//"}:
        return left == status
    format_text = string_value(left) or ""
    return operator == "%" and format_text.count("%") == 1 and bool(_NUMBER_CONVERSION.search(format_text))
