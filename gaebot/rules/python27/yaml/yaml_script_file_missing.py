"""A CGI script is not there.

## Why

The handler names a file that the app does not have, or that `skip_files` keeps from being uploaded:
requests to it fail on Python 2.5 as they do on 2.7. It also stands in the way of the switch to
WSGI, because App Engine wants all handlers of one kind and nobody can say what this one becomes.

## Fix

Take the handler out, or name the file that is meant. gaebot says nothing about a folder that isn't
there at all when the app installs code from elsewhere before it is uploaded (requirements.txt,
.gitmodules and the like).

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python
api_version: 1
handlers:
- url: /stats
  script: stats.py
- url: /.*
  script: main.py
```

```python before main.py
print 'Content-Type: text/plain'
print
print 'Hello'
```

## Source

SDK: `google/appengine/runtime/cgi.py`, `_LoadModuleCode`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.scripts.targets import installs_more
from gaebot.script import Script
from gaebot.service import ScriptUse

RULE = Rule(__name__, Severity.WARNING, only_in=YAML)

_COMMON = frozenset({"__init__.py", "main.py", "handler.py", "handlers.py", "app.py"})
_PLACEHOLDERS = frozenset("$%{}<>")  # in a template of an app.yaml, and in `$PYTHON_LIB`


def check(app: App) -> Iterator[Finding]:
    """CGI scripts for which there is no file."""
    seen: set[int] = set()
    for service in python_services(app):
        for use in service.scripts:
            if id(use.node) not in seen and _is_missing(app, use.script):
                seen.add(id(use.node))
                yield RULE.finding(use.place, _message(app, use))


def _is_missing(app: App, script: Script) -> bool:
    if not script.is_cgi or script.has_backreference or not _PLACEHOLDERS.isdisjoint(script.text):
        return False
    path = script.path
    if path.startswith("..") or path in app.paths or f"{path}/__init__.py" in app.paths:
        return False
    top = path.partition("/")[0]
    return top in app.folders or "/" not in path or not installs_more(app)


def _message(app: App, use: ScriptUse) -> str:
    path = use.script.path
    if path in app.skipped:
        return (
            f"`skip_files` keeps {path} from being uploaded, so this handler can't work: let the file in, "
            "or take the handler out."
        )
    near = _alike(app, path)
    if near is not None:
        return f"There is no file {path}, so this handler can't work: name {near} if that is meant."
    return f"There is no file {path}, so this handler can't work: take it out, or name the right file."


def _alike(app: App, path: str) -> str | None:
    """The file that differs in upper and lower case only, or the only one of that name elsewhere."""
    name = posixpath.basename(path)
    alike = [known for known in app.files if known.lower() == path.lower()]
    elsewhere = [known for known in app.files if posixpath.basename(known) == name]
    if not alike and name not in _COMMON and len(elsewhere) == 1:
        return elsewhere[0]
    return alike[0] if alike else None
