"""A script imports by a name that a module beside it has.

## Why

A CGI script is run by its path and belongs to no package: `import blog` looks from the app's root. A WSGI
application is imported as a module of the package that its folder is, and Python 2 then looks beside it
first. In `blog/blog.py` it finds the script itself, and `from blog.pages import Page` ends in an ImportError.
In `admin/main.py` `import models` finds `admin/models.py`, where it found `models.py` in the root before.

## Fix

`from __future__ import absolute_import` makes the imports of a module look from the root. It is there on
Python 2.5 and changes nothing for a CGI script. Where the script also imports something that is found beside
it alone, the choice is yours.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: blog.blog.app
```

```python before blog/__init__.py
```

```python before blog/pages.py
ROUTES = []
```

```python before blog/blog.py
import webapp2
from blog.pages import ROUTES

app = webapp2.WSGIApplication(ROUTES)
```

```python after blog/blog.py
from __future__ import absolute_import
import webapp2
from blog.pages import ROUTES

app = webapp2.WSGIApplication(ROUTES)
```

## Source

SDK: google/appengine/runtime/cgi.py runs a script as `__main__`, google/appengine/runtime/wsgi.py imports it.
Python 2.5, "What's New", PEP 328.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.scripts.handler_scripts import HandlerScript, handler_scripts
from gaebot.syntax.imports import add_future_import
from gaebot.syntax.nodes import text

RULE = Rule(__name__, Severity.ERROR)

_FEATURE = "absolute_import"


def check(app: App) -> Iterator[Finding]:
    """Each script in a sub-folder that would import something else as a module of its package."""
    for script in handler_scripts(app):
        if "/" not in script.path or _FEATURE.encode() in script.file.source.data:
            continue
        found = [(name, path) for name, path in _beside(app, script) if app.module_path(_head(name))]
        names = [(name, path) for name, path in found if path == script.path or not script.is_wsgi]
        if names:
            yield _finding(app, script, names)


def _finding(app: App, script: HandlerScript, names: list[tuple[Node, str]]) -> Finding:
    name, path = names[0]
    what = "itself" if path == script.path else f"`{path}`"
    message = (
        f"As a WSGI application this module is one of its package, and finds {what} where it imports"
        f" `{_head(name)}`: let its imports look from the root."
    )
    fix = None
    # What lies beside the script alone would not be found from the root.
    if all(app.module_path(_head(name)) for name, _ in _beside(app, script)):
        edit = add_future_import(script.file, _FEATURE)
        title = "Let imports look from the app's root"
        fix = Fix(title, (edit,), Safety.SAFE, RunsOn.BOTH) if edit is not None else None
    fails = script.is_wsgi and any(_is_lost(script, *known) for known in names)
    related = [Related(script.file.place(other), "And here.") for other, _ in names[1:]]
    severity = Severity.ERROR if fails else Severity.WARNING
    return RULE.finding(script.file.place(name), message, fix=fix, related=related, severity=severity)


def _beside(app: App, script: HandlerScript) -> Iterator[tuple[Node, str]]:
    """The names in import statements whose first part is a module beside the script, and its path."""
    folder = posixpath.dirname(script.path)
    for statement in dict.fromkeys(binding.statement for binding in script.file.imports()):
        if statement.type == "import_from_statement":
            names = [statement.child_by_field_name("module_name")]
        else:
            listed = statement.children_by_field_name("name")
            names = [child.child_by_field_name("name") or child for child in listed]
        for name in names:
            head = _head(name) if name is not None and name.type == "dotted_name" else ""
            for path in (f"{folder}/{head}/__init__.py", f"{folder}/{head}.py"):
                if name is not None and head and path in app.files:
                    yield name, path
                    break


def _is_lost(script: HandlerScript, name: Node, path: str) -> bool:
    """Whether an import fails because the script finds itself: there is no module below it."""
    return path == script.path and "." in text(name)


def _head(name: Node) -> str:
    return text(name).partition(".")[0].strip()
