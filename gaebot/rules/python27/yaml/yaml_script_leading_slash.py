"""The path of a CGI script begins with a slash.

## Why

python27 joins the path to the folder of the app, and a path that begins with a slash takes that folder's
place: `/main.py` is looked for at the root of the disk, and requests get "404 Not Found".

## Fix

Leave the slash out. gaebot does so when the app has the file.

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python
api_version: 1
handlers:
- url: /.*
  script: /main.py  # all pages
```

```python before main.py
print 'Content-Type: text/plain'
print
print 'Hello'
```

```yaml after app.yaml
application: guestbook
version: 1
runtime: python
api_version: 1
handlers:
- url: /.*
  script: main.py  # all pages
```

## Source

SDK: `google/appengine/runtime/cgi.py`, `_AbsolutePath`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.services import python_services

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """CGI scripts of the app whose path begins with a slash."""
    seen: set[int] = set()
    for service in python_services(app):
        for use in service.scripts:
            script = use.script
            if id(use.node) in seen or not script.is_cgi or not script.text.startswith("/"):
                continue
            seen.add(id(use.node))
            if script.path not in app.paths and f"{script.path}/__init__.py" not in app.paths:
                continue
            right = script.text.lstrip("/")
            message = (
                f"python27 looks for `{script.text}` at the root of the disk and not in the app, and answers "
                f'"404 Not Found": write `{right}`.'
            )
            edit = use.file.set_scalar(use.node, right)
            fix = one_edit(use.file, f"Leave the slash out: `{right}`", edit, Safety.SAFE)
            yield RULE.finding(use.place, message, fix=fix)
