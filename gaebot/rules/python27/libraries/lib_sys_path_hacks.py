"""Scripts put a folder of libraries on `sys.path` themselves.

## Why

On Python 2.5 every script had to put `lib` on `sys.path` before its imports. On python27 modules are
imported once per instance, in the order of the first requests: a module that relies on another one's
`sys.path.insert` fails when it comes first.

## Fix

Do it once, in appengine_config.py, which the runtime imports first:
`from google.appengine.ext import vendor`, `vendor.add('lib')`. `vendor.add` takes folders only: a zip archive
goes there with `sys.path.insert`.

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

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_files_with
from gaebot.syntax.nodes import ancestors, scope_node, text

RULE = Rule(__name__, Severity.NOTE, only_in=python_with("sys", "addsitedir"))

_CONFIG = "appengine_config.py"
_CALLS = ("sys.path.insert", "sys.path.append", "sys.path.extend", "site.addsitedir")
_VENDOR = "google.appengine.ext.vendor.add"
_ASSIGNMENTS = frozenset({"assignment", "augmented_assignment"})
_HELPERS = "django_zip_path"  # a line of the App Engine helper for Django, which every app with it has
_MOST_RELATED = 5


def check(app: App) -> Iterator[Finding]:
    """One note for each app whose scripts change the path at import, and appengine_config.py does not."""
    places = []
    for file in request_files_with(app, b"sys", b"vendor", b"addsitedir"):
        data = file.file.source.data
        if file.path == _CONFIG and (b"sys" in data or b"vendor" in data or b"addsitedir" in data):
            if any(_changes(file)) or file.file.references(_VENDOR):
                return
        elif (b"sys" in data and b"path" in data) or b"addsitedir" in data:
            places += [file.file.place(node) for node in _changes(file)]
    if places:
        message = (
            "On python27 the order of imports is that of the first requests: change `sys.path` once, in"
            " appengine_config.py, where `vendor.add('lib')` does it for a folder."
        )
        related = [Related(place, "And here.") for place in places[1 : 1 + _MOST_RELATED]]
        yield RULE.finding(places[0], message, related=related)


def _changes(file: RequestFile) -> Iterator[Node]:
    """The calls and assignments at module level that change `sys.path`."""
    found = [*file.file.calls(*_CALLS), *filter(None, map(_assigned, file.file.references("sys.path")))]
    for node in sorted(found, key=lambda found_node: found_node.start_byte):
        at_import = scope_node(node).type == "module" and file.runs(node)
        if at_import and _HELPERS not in text(node):
            yield node


def _assigned(node: Node) -> Node | None:
    """The assignment to `sys.path`, or to a slice of it, that a reference is the target of."""
    if node.type != "attribute":
        return None
    target = node
    for outer in ancestors(node):
        if outer.type in _ASSIGNMENTS:
            return outer if outer.child_by_field_name("left") == target else None
        if outer.type != "subscript" or outer.child_by_field_name("value") != target:
            return None
        target = outer
    return None
