"""The body of a PUT request is read as a form.

## Why

In WebOb 0.9 `self.request.get('x')` in a `put` method saw the address alone, and `self.request.POST` was
empty. In WebOb 1.1 the body of a PUT request is parsed like that of a POST: names in it come in addition to,
and in `params` after, those of the address.

## Fix

Nothing, where the body of the request is no form. To see the address alone, ask `self.request.GET`.

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
    def put(self):
        self.save(self.request.get('name'))

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webob_0_9/webob/__init__.py and lib/webob-1.1.1/webob/request.py, `str_POST`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gaebot.app import App
from gaebot.finding import Finding, Place, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files, request_files_with
from gaebot.rules.python27.shared.webapp.messages import request_uses
from gaebot.syntax.nodes import text

RULE = Rule(__name__, Severity.NOTE, only_in=python_with("put"))

_FORMS = frozenset({"get", "get_all", "get_range", "arguments", "POST", "params", "str_POST", "str_params"})


def check(app: App) -> Iterator[Finding]:
    """The first place where a `put` method asks for the names of a form, the others as related."""
    if any(True for _ in _places(app, asked_files(app))):
        places = list(_places(app, request_files_with(app, b"put")))
        message = (
            "On python27 the body of a PUT request is parsed like a form, so this sees more than the address."
        )
        related = [Related(place, "So does this.") for place in places[1:]]
        yield RULE.finding(places[0], message, related=related)


def _places(app: App, files: Iterable[RequestFile]) -> Iterator[Place]:
    for use in request_uses(app, files):
        if use.member is None or use.handler is None or use.member_name not in _FORMS:
            continue
        if text(use.function.child_by_field_name("name")) == "put":
            yield use.python.place(use.member)
