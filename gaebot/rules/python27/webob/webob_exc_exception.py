"""`.exception` behind an error of `webob.exc` is deprecated.

## Why

`raise exc.HTTPNotFound().exception` was for Python 2.4, which could not raise such classes themselves. From
WebOb 1.1 on each use gives a DeprecationWarning.

## Fix

`raise exc.HTTPNotFound()`, which works on both runtimes.

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
from webob import exc

class Main(webapp2.RequestHandler):
    def get(self):
        raise exc.HTTPNotFound('no such page').exception

app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import webapp2
from webob import exc

class Main(webapp2.RequestHandler):
    def get(self):
        raise exc.HTTPNotFound('no such page')

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webob_0_9/webob/exc.py and lib/webob-1.1.1/webob/exc.py, `WSGIHTTPException.exception`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.syntax.nodes import text
from gaebot.text import Span

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("exception"))

_ERRORS = "webob.exc."


def check(app: App) -> Iterator[Finding]:
    """The first such error of each file, the others as related."""
    for file in asked_files(app):
        if b".exception" in file.file.source.data and b"webob" in file.file.source.data:
            yield from _in_file(file)


def _in_file(file: RequestFile) -> Iterator[Finding]:
    places, edits = [], []
    for name in file.file.identifiers("exception"):
        chain = name.parent
        call = chain.child_by_field_name("object") if chain is not None else None
        if chain is None or call is None or chain.type != "attribute" or call.type != "call":
            continue
        is_raised = chain.parent is not None and chain.parent.type == "raise_statement"
        function = call.child_by_field_name("function")
        if not is_raised or function is None or text(chain.child_by_field_name("attribute")) != "exception":
            continue
        origins = file.file.origins(function)
        if origins and all(origin.startswith(_ERRORS) for origin in origins) and file.runs(chain):
            places.append(file.file.place(chain))
            edits.append(file.file.source.edit(Span(call.end_byte, chain.end_byte), b""))
    if places:
        message = "`.exception` is deprecated in WebOb 1.1: raise the error itself."
        fix = Fix("Raise the error itself", tuple(edits), Safety.SAFE, RunsOn.BOTH)
        related = [Related(place, "So is this one.") for place in places[1:]]
        yield RULE.finding(places[0], message, fix=fix, related=related)
