"""A path from the script's folder is asked for or made absolute.

## Why

On Python 2.5 a script ran in its own folder; on python27 the current folder is always the app's root.
`os.path.abspath('pages')` then gives a path that does not exist, and `os.path.exists` says no.

Only scripts in sub-folders see a difference. gaebot speaks of paths that lead somewhere from the script's
folder: with certainty where they lead nowhere from the root, as a question where they lead to something
else there.

## Fix

Start at the module: `os.path.join(os.path.dirname(__file__), …)`, which works on both runtimes.

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
import os
import webapp2

CHANGED = os.path.getmtime('menu.txt')
app = webapp2.WSGIApplication([])
```

```text before admin/menu.txt
tea
```

```python after admin/main.py
import os
import webapp2

CHANGED = os.path.getmtime(os.path.join(os.path.dirname(__file__), 'menu.txt'))
app = webapp2.WSGIApplication([])
```

## Source

Google, "Migrating to Python 2.7", Using the app root directory. SDK:
google/appengine/tools/devappserver2/python/runtime/sandbox.py goes to the app's root.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.scripts.working_folder import misplaced

RULE = Rule(__name__, Severity.ERROR)

_FUNCTIONS = dict.fromkeys(
    (
        *("os.path.abspath", "os.path.realpath", "os.path.exists", "os.path.isfile", "os.path.isdir"),
        *("os.path.getmtime", "os.path.getsize", "os.stat"),
    ),
    0,
)


def check(app: App) -> Iterator[Finding]:
    """Each file that is asked for by such a path."""
    for place, message, fix, severity in misplaced(
        app, _FUNCTIONS, "it is looked for in the wrong place", folders=False
    ):
        yield RULE.finding(place, message, fix=fix, severity=severity)
