"""A module is imported by the path of its file.

## Why

Python 2.5 took `__import__('plugins/menu')`. Since 2.6 it raises ImportError, "Import by filename is not
supported."

## Fix

Use the dotted name: `__import__('plugins.menu', fromlist=['menu'])`.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before main.py
import webapp2

menu = __import__('plugins/menu')
app = webapp2.WSGIApplication([])
```

## Source

Python, "What's New in Python 2.6": import by filename.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.syntax.nodes import arguments, string_value

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("__import__"))


def check(app: App) -> Iterator[Finding]:
    """Each call with a literal that holds a slash."""
    for file in asked_files(app):
        if b"__import__" in file.file.source.data:
            for call in file.file.calls("__import__"):
                given = arguments(call)[0]
                name = string_value(given[0]) if given else None
                if name and "/" in name and file.runs(call):
                    message = "Python imports no module by its path since 2.6: use the dotted name."
                    yield RULE.finding(file.file.place(given[0]), message)
