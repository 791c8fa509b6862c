"""Scripts in sub-folders run in another folder on python27.

## Why

On Python 2.5 a script ran in its own folder; on python27 all run in the app's root. Relative paths that
are put together while the app runs can't be seen from outside, nor can files that are not with the code.

## Fix

Look for relative paths in the scripts of sub-folders and in what they import, and start them at
`os.path.dirname(__file__)`.

## Example

```yaml before app.yaml
runtime: python
api_version: 1
handlers:
- url: /.*
  script: admin/main.py
```

```python before admin/main.py
def read(name):
    return open(name + '.txt').read()
```

## Source

Google, "Migrating to Python 2.7", Using the app root directory.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.files.working_folder import (
    PathArgument,
    files_below,
    last_names,
    path_nodes,
    relative_path,
)
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile

_FUNCTIONS = {
    **dict.fromkeys(("open", "file"), PathArgument(mode=1)),
    **dict.fromkeys(("os.listdir", "os.walk"), PathArgument("folder")),
    "google.appengine.ext.webapp.template.render": PathArgument(),
    "google.appengine.ext.webapp.template.load": PathArgument(),
}
_MOST_RELATED = 5
_UNSEEN = frozenset({"identifier", "attribute", "subscript", "binary_operator"})

RULE = Rule(__name__, Severity.NOTE, only_in=python_with(*last_names(_FUNCTIONS)))


def check(app: App) -> Iterator[Finding]:
    """One note for each app whose scripts in sub-folders open what can't be seen from outside."""
    if has_switched(app):
        return
    if any(True for file in files_below(app) for _ in _doubtful(app, file)):
        files = files_below(app, asked=False)
        places = [file.file.place(node) for file in files for node in _doubtful(app, file)]
        message = (
            "The script that leads here runs in the app's root on python27, no longer in its own folder: make"
            " sure that the path does not depend on it."
        )
        related = [Related(place, "And here.") for place in places[1 : 1 + _MOST_RELATED]]
        yield RULE.finding(places[0], message, related=related)


def _doubtful(app: App, file: RequestFile) -> Iterator[Node]:
    """The paths in a file that may depend on the current folder, and that no other rule knows."""
    for node, argument in path_nodes(file, _FUNCTIONS):
        if _is_doubtful(app, file, node, argument):
            yield node


def _is_doubtful(app: App, file: RequestFile, node: Node, argument: PathArgument) -> bool:
    """Whether a path may depend on the current folder, and no other rule knows."""
    found = relative_path(app, file, node, argument)
    if found is not None:
        return not found.folders and not found.in_root
    return node.type in _UNSEEN and b"__file__" not in file.file.source.data
