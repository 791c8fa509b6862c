"""A folder is listed by a path from the script's folder.

## Why

On Python 2.5 a script ran in its own folder; on python27 the current folder is always the app's root.
`os.listdir('pages')` then fails or lists another folder.

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
import os
import webapp2

PAGES = os.listdir('pages')
app = webapp2.WSGIApplication([])
```

```text before admin/pages/one.txt
one
```

```python after admin/main.py
import os
import webapp2

PAGES = os.listdir(os.path.join(os.path.dirname(__file__), 'pages'))
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
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.files.working_folder import PathArgument, last_names, misplaced

_FUNCTIONS = {
    **dict.fromkeys(("os.listdir", "dircache.listdir"), PathArgument("folder")),
    **dict.fromkeys(("os.walk", "os.path.walk"), PathArgument("folder", silent=True, keeps=True)),
    **dict.fromkeys(("glob.glob", "glob.iglob"), PathArgument("pattern", silent=True, keeps=True)),
}

RULE = Rule(__name__, Severity.ERROR, only_in=python_with(*last_names(_FUNCTIONS)))


def check(app: App) -> Iterator[Finding]:
    """Each folder that is listed by such a path."""
    yield from misplaced(app, RULE, _FUNCTIONS, "nothing is found")
