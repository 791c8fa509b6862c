"""The app uses modules of the standard library that are deprecated.

## Why

They go on to work on python27, with a warning, and are gone in Python 3.

## Fix

The package `email`, `ast`, `HTMLParser`. Processes (`popen2`, `commands`) do not exist on App Engine.

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
import rfc822
import webapp2

NOW = rfc822.formatdate()
app = webapp2.WSGIApplication([])
```

## Source

Python 2.7: each module was imported with warnings on.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Place, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files, request_files_with
from gaebot.rules.python27.shared.scripts.importers import is_attempt

_INSTEAD = {
    "popen2": "nothing: there are no processes on App Engine",
    "commands": "nothing: there are no processes on App Engine",
    "MimeWriter": "the package `email`",
    "mimify": "the package `email`",
    "multifile": "the package `email`",
    "rfc822": "the package `email`",
    "mimetools": "the package `email`",
    "compiler": "`ast`",
    "xmllib": "`xml.sax`",
    "sgmllib": "`HTMLParser`",
    "htmllib": "`HTMLParser`",
    "posixfile": "`fcntl`",
    "new": "`types`",
}

RULE = Rule(__name__, Severity.NOTE, only_in=python_with(*_INSTEAD))

_MOST_RELATED = 3


def check(app: App) -> Iterator[Finding]:
    """One note for each module, at its first import."""
    asked = {name for file in asked_files(app) for name, _ in _imports(app, file)}
    for name in sorted(asked):
        files = request_files_with(app, name.encode())
        places = [place for file in files for found, place in _imports(app, file) if found == name]
        message = f"The module `{name}` is deprecated, and gone in Python 3: use {_INSTEAD[name]}."
        related = [Related(place, "And here.") for place in places[1 : 1 + _MOST_RELATED]]
        yield RULE.finding(places[0], message, related=related)


def _imports(app: App, file: RequestFile) -> Iterator[tuple[str, Place]]:
    """The modules that a file imports, without attempts, and where."""
    for binding in file.file.imports():
        name = (binding.origin or "").partition(".")[0]
        if name not in _INSTEAD or not file.runs(binding.statement) or is_attempt(binding.statement):
            continue
        if app.imported_path(name, file.file) is None:
            yield name, file.file.place(binding.statement)
