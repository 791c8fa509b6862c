"""Scripts put a folder of libraries on `sys.path` themselves.

## Why

On Python 2.5 every script had to put `lib` on `sys.path` before its imports. On python27 modules are
imported once per instance, in the order of the first requests: a module that relies on another one's
`sys.path.insert` fails when it comes first.

## Fix

Do it once, in appengine_config.py, which the runtime imports first:
`from google.appengine.ext import vendor`, `vendor.add('lib')`.

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
import sys
import webapp2

sys.path.insert(0, 'lib')
app = webapp2.WSGIApplication([])
```

## Source

SDK: google/appengine/ext/vendor/__init__.py, `add`; google/appengine/runtime/wsgi.py imports
appengine_config first.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.scripts.handler_scripts import request_files
from gaebot.syntax.python import scope_node

RULE = Rule(__name__, Severity.NOTE)

_CONFIG = "appengine_config.py"
_CALLS = ("sys.path.insert", "sys.path.append", "sys.path.extend", "site.addsitedir")
_MOST_RELATED = 5


def check(app: App) -> Iterator[Finding]:
    """One note for each app whose scripts change the path at import, and appengine_config.py does not."""
    places = []
    for file in request_files(app):
        if b"sys" not in file.file.source.data and b"addsitedir" not in file.file.source.data:
            continue
        calls = [
            call for call in file.file.calls(*_CALLS) if file.runs(call) and scope_node(call).type == "module"
        ]
        if file.path == _CONFIG and calls:
            return
        places += [file.file.place(call) for call in calls]
    if places:
        message = (
            "On python27 the order of imports is that of the first requests: put folders on `sys.path` once,"
            " in appengine_config.py, with `vendor.add('lib')`."
        )
        related = [Related(place, "And here.") for place in places[1 : 1 + _MOST_RELATED]]
        yield RULE.finding(places[0], message, related=related)
