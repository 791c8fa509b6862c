"""`update` of a MultiDict takes the place of values, where it added to them.

## Why

In WebOb 0.9 `MultiDict.update` added its values behind those that were there: a name could have several. In
1.1 it exchanges them, as a dict does. What adds is called `extend` there.

Left alone are copies of what a request holds, `request.GET.copy()`: those exchanged values in 0.9 already.

## Fix

`extend`, once the app says `runtime: python27`, where several values for one name are wanted.

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
from webob.multidict import MultiDict

class Main(webapp2.RequestHandler):
    def get(self):
        values = MultiDict([('tag', 'a')])
        values.update({'tag': 'b'})

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webob_0_9/webob/multidict.py and lib/webob-1.1.1/webob/multidict.py, `MultiDict.update`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.syntax.nodes import text
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("MultiDict"))

_UPDATES = ("webob.multidict.MultiDict().update", "webob.MultiDict().update")


def check(app: App) -> Iterator[Finding]:
    """Each call of `update` of what is certainly a MultiDict."""
    for file in asked_files(app):
        if b"MultiDict" not in file.file.source.data:
            continue
        for call in file.file.calls(*_UPDATES):
            if file.runs(call) and not _is_something_else(file.file, call):
                message = "In WebOb 1.1 `update` exchanges values where it added to them: `extend` adds."
                yield RULE.finding(file.file.place(call), message)


def _is_something_else(file: PythonFile, call: Node) -> bool:
    """Whether the name that is updated is bound to other values too."""
    function = call.child_by_field_name("function")
    owner = function.child_by_field_name("object") if function is not None else None
    return owner is not None and owner.type == "identifier" and len(file.lookup(text(owner), owner)) != 1
