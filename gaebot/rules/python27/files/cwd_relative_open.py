"""A file is opened by a path from the script's folder.

## Why

On Python 2.5 a script ran in its own folder; on python27 the current folder is always the app's root.
`open('menu.txt')` then looks for the file in the wrong place.

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
import webapp2

MENU = open('menu.txt').read()
app = webapp2.WSGIApplication([])
```

```text before admin/menu.txt
tea
```

```python after admin/main.py
import os
import webapp2

MENU = open(os.path.join(os.path.dirname(__file__), 'menu.txt')).read()
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

_FUNCTIONS = {
    **dict.fromkeys(("open", "file", "codecs.open", "io.open", "execfile", "zipfile.ZipFile"), 0),
    **dict.fromkeys(
        ("xml.dom.minidom.parse", "xml.etree.ElementTree.parse", "xml.etree.cElementTree.parse"), 0
    ),
    **dict.fromkeys(("ConfigParser.ConfigParser().read", "ConfigParser.SafeConfigParser().read"), 0),
    "ConfigParser.RawConfigParser().read": 0,
    "imp.load_source": 1,
}


def check(app: App) -> Iterator[Finding]:
    """Each file that is opened by such a path."""
    for place, message, fix, severity in misplaced(app, _FUNCTIONS, "the file is not found", folders=False):
        yield RULE.finding(place, message, fix=fix, severity=severity)
