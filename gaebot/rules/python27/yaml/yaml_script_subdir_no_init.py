"""A WSGI script lies in a folder that is no package.

## Why

A CGI script is a file, and its folder can be any folder. A WSGI name such as `admin.main.app` is
imported, and Python 2 imports from a folder only when it holds a file `__init__.py`. Without one
every request ends in a server error (`ImportError: No module named admin`).

## Fix

Add an empty `__init__.py` to each folder that the name goes through. Inside the new package
`import util` finds `util.py` beside the importing file first and only then the one in the app root.
Where both exist, a human should look at the patch.

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /admin/.*
  script: admin.main.app
```

```python before admin/main.py
import webapp2

app = webapp2.WSGIApplication([])
```

```python after admin/__init__.py
```

## Source

Python 2.7 tutorial, "Packages". SDK: `google/appengine/runtime/wsgi.py`, `LoadObject`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.scripts.packages import import_clash, reserved_name
from gaebot.rules.python27.shared.scripts.targets import Status, Target
from gaebot.rules.python27.shared.scripts.wsgi_scripts import wsgi_scripts
from gaebot.text import NewFile

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """WSGI names that go through a folder without `__init__.py`."""
    for use, target in wsgi_scripts(app):
        if target.status is not Status.INIT_MISSING or target.file is None:
            continue
        path = target.file.source.path
        names = " and ".join(f"`{init}`" for init in target.missing_inits)
        message = (
            f"`{use.script.text}` can't be imported: {path} lies in a folder that is no package. "
            f"Add an empty {names}."
        )
        fix = None
        if reserved := reserved_name(app, path):
            message = (
                f"`{use.script.text}` can't be imported: {path} lies in a folder that is no package, and "
                f"as a package `{reserved}` would hide the module of that name that App Engine needs. "
                "Rename the folder."
            )
        else:
            fix = _fix(app, target, path)
        yield RULE.finding(use.place, message, fix=fix)


def _fix(app: App, target: Target, path: str) -> Fix:
    created = tuple(NewFile(init, b"") for init in target.missing_inits)
    clash = import_clash(app, path)
    title = f"Create {', '.join(target.missing_inits)}"
    if clash:
        title += f" (`import {clash}` in {path} then loads the file beside it)"
    return Fix(title, (), Safety.REVIEW if clash else Safety.SAFE, RunsOn.BOTH, created)
