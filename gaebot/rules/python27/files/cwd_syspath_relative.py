"""A folder is put on `sys.path` by a path from the script's folder.

## Why

On Python 2.5 a script ran in its own folder; on python27 the current folder is always the app's root.
`sys.path.insert(0, 'lib')` then adds a folder that does not exist, and the imports from it fail.

Only scripts in sub-folders see a difference. gaebot speaks of paths that lead somewhere from the script's
folder. Where they lead nowhere from the root it is sure of itself; where they lead to something else there
it asks, as long as the app says `runtime: python`.

## Fix

Start at the module: `os.path.join(os.path.dirname(__file__), …)`, which works on both runtimes. A module
in another folder than the script says the way there from its own. Where both folders have such a path, or
more than one script's folder, the choice is yours.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: admin.main.app
```

```python before admin/__init__.py
```

```python before admin/main.py
import sys
import webapp2

sys.path.insert(0, 'lib')
app = webapp2.WSGIApplication([])
```

```python before admin/lib/markup.py
```

```python after admin/main.py
import os
import sys
import webapp2

sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'lib'))
app = webapp2.WSGIApplication([])
```

## Source

Google, "Migrating to Python 2.7", Using the app root directory. SDK:
google/appengine/tools/devappserver2/python/runtime/sandbox.py goes to the app's root.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.files.working_folder import (
    PathArgument,
    files_below,
    items,
    misplaced,
    misplaced_nodes,
)
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile

# `sys` is built in, so that no module of an app can go by that name: who changes `sys.path` says it.
RULE = Rule(__name__, Severity.ERROR, only_in=python_with("sys", "addsitedir", "vendor"))

_OUTCOME = "nothing is imported from it"
_FUNCTIONS = {
    "sys.path.insert": PathArgument("import", number=1),
    "sys.path.append": PathArgument("import"),
    "sys.path.extend": PathArgument("import"),
    "site.addsitedir": PathArgument("import", keyword="sitedir"),
    "google.appengine.ext.vendor.add": PathArgument("import", keyword="path"),
}


def check(app: App) -> Iterator[Finding]:
    """Each folder or archive that is added by such a path."""
    yield from misplaced(app, RULE, _FUNCTIONS, _OUTCOME)
    for file in files_below(app):
        if b"sys" in file.file.source.data:
            nodes = [(node, PathArgument("import")) for node in _added(file)]
            yield from misplaced_nodes(app, RULE, file, nodes, _OUTCOME)


def _added(file: RequestFile) -> Iterator[Node]:
    """The items of `sys.path += […]`, `sys.path[:0] = […]` and `sys.path = […] + sys.path`."""
    for path in file.file.references("sys.path"):
        target = path.parent if path.parent is not None and path.parent.type == "subscript" else path
        statement = target.parent
        if statement is None or statement.type not in {"assignment", "augmented_assignment"}:
            continue
        value = statement.child_by_field_name("right")
        if statement.child_by_field_name("left") != target or value is None or not file.runs(statement):
            continue
        for part in value.named_children if value.type == "binary_operator" else [value]:
            if part.type in {"list", "tuple"}:
                yield from items(part)
