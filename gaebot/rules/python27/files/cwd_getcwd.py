"""The current folder is taken for the script's own.

## Why

On Python 2.5 a script ran in its own folder, so that `os.getcwd()` gave the path of it. On python27 it
gives the app's root. Only scripts in sub-folders see a difference.

gaebot speaks of it while the app still says `runtime: python`: later nothing tells which folder was meant.

## Fix

`os.path.dirname(__file__)`, the folder of the module; it works on both runtimes.

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

import posixpath
from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.handler_scripts import request_files
from gaebot.rules.python27.shared.scripts.working_folder import here_edits, script_folders

RULE = Rule(__name__, Severity.WARNING)


def check(app: App) -> Iterator[Finding]:
    """Each question for the current folder in code below scripts in sub-folders."""
    if has_switched(app):
        return
    for file in request_files(app):
        folders = script_folders(file)
        if folders <= {""} or b"getcwd" not in file.file.source.data:
            continue
        for call in file.file.calls("os.getcwd", "os.getcwdu"):
            if not file.runs(call):
                continue
            message = "On python27 this is the app's root, not the folder of the script: say `__file__`."
            fix = None
            if folders == {posixpath.dirname(file.path)}:
                edits = here_edits(file.file, call, None)
                fix = (
                    Fix("Take the module's own folder", tuple(edits), Safety.SAFE, RunsOn.BOTH)
                    if edits
                    else None
                )
            yield RULE.finding(file.file.place(call), message, fix=fix)
