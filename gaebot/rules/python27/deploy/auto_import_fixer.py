"""auto_import_fixer.py does nothing on Python 2.7.

## Why

The Python 2.5 runtime merged a package `google` of the app with its own, and an empty file
`auto_import_fixer.py` in the app root switched that off. python27 never merges them and never looks for
the file.

## Fix

Delete the file, unless other code imports it.

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python
api_version: 1
handlers:
- url: /.*
  script: main.py
```

```python before auto_import_fixer.py
# Keep App Engine from fixing imports.
```

## Source

SDK 1.9.8: `google/appengine/dist/__init__.py` (`fix_paths`); SDK 1.9.88 has neither.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Place, Severity
from gaebot.rule import Rule
from gaebot.text import Span

RULE = Rule(__name__, Severity.NOTE)

_PATH = "auto_import_fixer.py"


def check(app: App) -> Iterator[Finding]:
    """The file in the app root."""
    source = app.files.get(_PATH)
    if source is not None and not any(True for _ in app.importers(_PATH)):
        message = f"{_PATH} has no meaning on python27: delete it."
        yield RULE.finding(Place(source, Span(0, 0)), message)
