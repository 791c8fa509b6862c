"""The current folder is taken for the script's own.

## Why

On Python 2.5 a script ran in its own folder, so that `os.getcwd()` gave the path of it. On python27 it
gives the app's root. Only scripts in sub-folders see a difference.

gaebot speaks of it while the app still says `runtime: python`. Later only a path that follows can tell which
folder was meant: `os.path.join(os.getcwd(), 'pages')`, where there are pages beside the script and none in
the root.

## Fix

`os.path.dirname(__file__)`, the folder of the module, which works on both runtimes; from a module in another
folder the way from there. Code that scripts of several folders share is left to you.

## Example

```yaml before app.yaml
runtime: python
api_version: 1
handlers:
- url: /.*
  script: admin/main.py
```

```python before admin/main.py
import os

PAGES = os.path.join(os.getcwd(), 'pages')
```

```python after admin/main.py
import os

PAGES = os.path.join(os.path.dirname(__file__), 'pages')
```

## Source

Google, "Migrating to Python 2.7", Using the app root directory. SDK:
google/appengine/tools/devappserver2/python/runtime/sandbox.py goes to the app's root.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.files.own_folder import JOINS, anchored
from gaebot.rules.python27.shared.files.working_folder import (
    Said,
    files_below,
    last_names,
    leads,
    said_by_parts,
    script_folders,
)
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.syntax.nodes import arguments

_CALLS = ("os.getcwd", "os.getcwdu")

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*last_names(_CALLS)))


def check(app: App) -> Iterator[Finding]:
    """Each question for the current folder in code below scripts in sub-folders."""
    for file in files_below(app):
        if b"getcwd" not in file.file.source.data:
            continue
        for call in file.file.calls(*_CALLS):
            folders = _meant(app, file, call) if file.runs(call) else frozenset()
            if folders <= {""}:
                continue
            edits = anchored(file.file, call, next(iter(folders)), replace=True) if len(folders) == 1 else ()
            title = "Take the folder of the module"
            fix = Fix(title, edits, Safety.SAFE, RunsOn.BOTH) if edits else None
            message = "On python27 this is the app's root, not the folder of the script: say `__file__`."
            yield RULE.finding(file.file.place(call), message, fix=fix)


def _meant(app: App, file: RequestFile, call: Node) -> frozenset[str]:
    """The folders that a call may have been meant to give; none after the switch, if nothing tells."""
    folders = script_folders(file)
    if not has_switched(app):
        return folders
    said = _what_follows(file, call)
    if said is None or leads(app, "", said, "either"):
        return frozenset()
    return frozenset(folder for folder in folders if leads(app, folder, said, "either"))


def _what_follows(file: RequestFile, call: Node) -> Said | None:
    """What is joined to the current folder."""
    join = call.parent.parent if call.parent is not None else None
    function = join.child_by_field_name("function") if join is not None and join.type == "call" else None
    if join is None or function is None or not file.file.refers_to(function, *JOINS):
        return None
    first, *parts = arguments(join)[0]
    return said_by_parts(file.file, parts) if first == call and parts else None
