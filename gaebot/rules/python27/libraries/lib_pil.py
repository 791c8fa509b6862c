"""A module of PIL is imported by its bare name.

## Why

PIL can be installed so that `import Image` finds it. python27 keeps it as the package `PIL`; its
development server finds the bare names as well, so that nobody notices before the upload.

## Fix

`from PIL import Image`, which works everywhere.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
libraries:
- name: PIL
  version: "1.1.7"
```

```python before main.py
import webapp2
import Image, ImageDraw

app = webapp2.WSGIApplication([])
```

```python after main.py
import webapp2
from PIL import Image, ImageDraw

app = webapp2.WSGIApplication([])
```

## Source

Google, "Migrating to Python 2.7", Configuring libraries. SDK:
google/appengine/tools/devappserver2/python/runtime/sandbox.py puts the folder of PIL onto the path.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.runtime_libraries import LIBRARIES
from gaebot.rules.python27.shared.scripts.carried import is_carried
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_files
from gaebot.rules.python27.shared.scripts.library_needs import imported_modules
from gaebot.syntax.python import ancestors, text

RULE = Rule(__name__, Severity.WARNING)

_NAMES = frozenset(LIBRARIES["PIL"].imports) - {"PIL"}


def check(app: App) -> Iterator[Finding]:
    """Each statement that imports such a module by its bare name."""
    for file in request_files(app):
        if b"Image" not in file.file.source.data:
            continue
        seen: set[int] = set()
        for binding in file.file.imports():
            statement = binding.statement
            names = [module for module in imported_modules(binding) if module.partition(".")[0] in _NAMES]
            if not names or statement.id in seen or not file.runs(statement):
                continue
            seen.add(statement.id)
            if is_carried(app, names[0].partition(".")[0]) or _has_package_first(statement):
                continue
            message = f"`{names[0]}` is a module of PIL: import it from there, `from PIL import {names[0]}`."
            yield RULE.finding(file.file.place(statement), message, fix=_fix(file, statement))


def _has_package_first(statement: Node) -> bool:
    """Whether the bare name is only tried beside an import from the package."""
    tried = next((node for node in ancestors(statement) if node.type == "try_statement"), None)
    return tried is not None and "from PIL" in text(tried) and statement.parent is not None


def _fix(file: RequestFile, statement: Node) -> Fix | None:
    names = statement.children_by_field_name("name")
    if statement.type != "import_statement":
        return None
    listed = [text(name) for name in names]
    if any(name.partition(" ")[0] not in _NAMES for name in listed):
        return None
    edit = file.file.source.edit(file.file.span(statement), f"from PIL import {', '.join(listed)}".encode())
    return Fix("Import it from PIL", (edit,), Safety.SAFE, RunsOn.BOTH)
