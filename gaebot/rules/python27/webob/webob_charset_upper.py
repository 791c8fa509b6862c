"""The charset of a request is compared with a name in small letters.

## Why

`request.charset` was 'utf-8' in WebOb 0.9. With webapp2 2.5.2 it is 'UTF-8', and it can be None: a
comparison with 'utf-8' is false then.

## Fix

Compare in small letters: `(request.charset or '').lower() == 'utf-8'`. That works on both runtimes.

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
    def post(self):
        if self.request.charset != 'utf-8':
            self.error(415)

app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import webapp2

class Main(webapp2.RequestHandler):
    def post(self):
        if (self.request.charset or '').lower() != 'utf-8':
            self.error(415)

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webob-1.1.1/webob/request.py, `charset`; lib/webapp2-2.5.2/webapp2.py, `Request.__init__`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.messages import request_uses
from gaebot.syntax.nodes import string_value
from gaebot.text import Span

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("charset"))


def check(app: App) -> Iterator[Finding]:
    """Each comparison of a request's charset with a literal in small letters."""
    for use in request_uses(app, asked_files(app)):
        charset = use.member if use.member_name == "charset" else None
        outer = charset.parent if charset is not None else None
        if charset is None or outer is None or outer.type != "comparison_operator":
            continue
        others = [string_value(node) for node in outer.named_children if node != charset]
        if len(others) == 1 and others[0] and others[0] == others[0].lower():
            message = "`charset` can be 'UTF-8' in capitals on python27, or None: compare in small letters."
            edits = (
                use.python.source.edit(Span(charset.start_byte, charset.start_byte), b"("),
                use.python.source.edit(Span(charset.end_byte, charset.end_byte), b" or '').lower()"),
            )
            fix = Fix("Compare in small letters", edits, Safety.SAFE, RunsOn.BOTH)
            yield RULE.finding(use.python.place(charset), message, fix=fix)
