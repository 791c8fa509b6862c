"""A file is opened by a path from the script's folder.

## Why

On Python 2.5 a script ran in its own folder; on python27 the current folder is always the app's root.
`open('menu.txt')` then looks for the file in the wrong place.

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
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.files.working_folder import PathArgument, last_names, misplaced

_READERS = dict.fromkeys(
    (
        *("execfile", "linecache.getlines", "bz2.BZ2File"),
        *("xml.dom.minidom.parse", "xml.dom.pulldom.parse", "xml.sax.parse"),
        *("xml.etree.ElementTree.parse", "xml.etree.cElementTree.parse"),
        *("xml.etree.ElementTree.ElementTree().parse", "logging.config.fileConfig"),
    ),
    PathArgument(),
)
_OPENERS = dict.fromkeys(
    (*("codecs.open", "gzip.open", "tarfile.open"), "gzip.GzipFile"), PathArgument(mode=1, keyword="filename")
)
_CONFIGS = dict.fromkeys(
    (
        "ConfigParser.ConfigParser().read",
        "ConfigParser.RawConfigParser().read",
        "ConfigParser.SafeConfigParser().read",
    ),
    PathArgument(silent=True),
)
_FUNCTIONS = {
    **dict.fromkeys(("open", "file"), PathArgument(mode=1, keyword="name")),
    **dict.fromkeys(("io.open", "zipfile.ZipFile"), PathArgument(mode=1, keyword="file")),
    **_OPENERS,
    **_READERS,
    **_CONFIGS,
    "imp.load_source": PathArgument(number=1, keyword="pathname"),
    "gettext.translation": PathArgument("folder", number=1, keyword="localedir"),
    "gettext.install": PathArgument("folder", number=1, keyword="localedir"),
}

RULE = Rule(__name__, Severity.ERROR, only_in=python_with(*last_names(_FUNCTIONS)))


def check(app: App) -> Iterator[Finding]:
    """Each file that is opened by such a path."""
    yield from misplaced(app, RULE, _FUNCTIONS, "the file is not found")
