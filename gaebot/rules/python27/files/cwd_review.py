"""Scripts in sub-folders run in another folder on python27.

## Why

On Python 2.5 a script ran in its own folder; on python27 all run in the app's root. Relative paths that
are put together while the app runs can't be seen from outside.

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

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.handler_scripts import request_files
from gaebot.rules.python27.shared.scripts.working_folder import script_folders
from gaebot.syntax.python import arguments

RULE = Rule(__name__, Severity.NOTE)

_OPENERS = ("open", "file", "os.listdir", "google.appengine.ext.webapp.template.render")
_MOST_RELATED = 5
_WRITTEN_OUT = frozenset({"string", "call"})


def check(app: App) -> Iterator[Finding]:
    """One note for each app whose scripts in sub-folders open what is named at run time."""
    if has_switched(app):
        return
    places = [
        file.file.place(call)
        for file in request_files(app)
        if not script_folders(file) <= {""} and b"__file__" not in file.file.source.data
        for call in file.file.calls(*_OPENERS)
        if file.runs(call) and any(node.type not in _WRITTEN_OUT for node in arguments(call)[0][:1])
    ]
    if places:
        message = (
            "This script runs in the app's root on python27, no longer in its own folder: make sure that the"
            " path does not depend on it."
        )
        related = [Related(place, "And here.") for place in places[1 : 1 + _MOST_RELATED]]
        yield RULE.finding(places[0], message, related=related)
