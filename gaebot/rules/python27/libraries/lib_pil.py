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
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.runtime_libraries import PIL_MODULES
from gaebot.rules.python27.shared.libraries.carried import is_carried
from gaebot.rules.python27.shared.libraries.library_needs import imported_modules
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import PythonFile
from gaebot.syntax.rewrite import drop_imported_names
from gaebot.text import Edit

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*PIL_MODULES))

_NAMES = frozenset(PIL_MODULES)
_WORDS = (b"Image", *(name.encode() for name in PIL_MODULES if "Image" not in name))


def check(app: App) -> Iterator[Finding]:
    """Each statement that imports such a module by its bare name."""
    for file in asked_files(app):
        if not any(word in file.file.source.data for word in _WORDS):
            continue
        seen: set[int] = set()
        for binding in file.file.imports():
            statement = binding.statement
            tops = [module.partition(".")[0] for module in imported_modules(binding)]
            names = [top for top in tops if top in _NAMES]
            if not names or statement.id in seen or not file.runs(statement):
                continue
            seen.add(statement.id)
            if any(is_carried(app, name) for name in names) or _has_package_first(statement):
                continue
            message = f"`{names[0]}` is a module of PIL: import it from there, `from PIL import {names[0]}`."
            yield RULE.finding(file.file.place(statement), message, fix=_fix(file, statement))


def _has_package_first(statement: Node) -> bool:
    """Whether the bare name is only tried beside an import from the package."""
    tried = next((node for node in ancestors(statement) if node.type == "try_statement"), None)
    return tried is not None and any(word in text(tried) for word in ("from PIL", "import PIL"))


def _fix(file: RequestFile, statement: Node) -> Fix | None:
    edit = _edit(file.file, statement)
    return Fix("Import it from PIL", (edit,), Safety.SAFE, RunsOn.BOTH) if edit is not None else None


def _edit(file: PythonFile, statement: Node) -> Edit | None:
    module = statement.child_by_field_name("module_name")
    if statement.type != "import_statement":
        return file.source.edit(file.span(module), f"PIL.{text(module)}".encode()) if module else None
    listed = [text(name) for name in statement.children_by_field_name("name")]
    known = [name for name in listed if name.partition(" ")[0] in _NAMES]
    new = f"from PIL import {', '.join(known)}".encode()
    if len(known) == len(listed):
        return file.source.edit(file.span(statement), new)
    # Some of the names are no modules of PIL: they keep a statement of their own.
    local = frozenset(name.rpartition(" ")[2] for name in known)
    rest = drop_imported_names(file, statement, local)
    if rest is None or rest.start != statement.start_byte or not rest.new:
        return None
    between = file.source.newline + file.indent(statement) if file.stands_alone(statement) else b"; "
    return file.source.edit(rest.span, new + between + rest.new)
