"""`use_library` is gone: libraries are asked for in app.yaml.

## Why

On Python 2.5 an app chose its version of Django with `use_library('django', '1.2')`. python27 has no
`google.appengine.dist`: the import fails, and with it every page of the script. The version of a library is
chosen in `libraries:` of app.yaml.

## Fix

Delete the call and its import. When the app imports Django itself (`webapp.template` does not need it),
ask for the same version in app.yaml. python27 begins with Django 1.2: for 0.96, 1.0 and 1.1 take 1.2 and
read the release notes of the versions between. gaebot makes the patch once the app says
`runtime: python27`, because `libraries:` is refused before. A call inside a `try` whose `except` clause
does something of its own is left to you.

Bundled third-party code counts where it is a handler script by itself, as a test runner often is. Look
whether there is a version of it for python27 before you take the call out.

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before main.py
import os
os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'
from google.appengine.dist import use_library
use_library('django', '1.2')

from django.template.loader import render_to_string
import webapp2

app = webapp2.WSGIApplication([])
```

```yaml after app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app

libraries:
- name: django
  version: "1.2"
```

```python after main.py
import os
os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'

from django.template.loader import render_to_string
import webapp2

app = webapp2.WSGIApplication([])
```

## Source

Google, "Migrating to Python 2.7", Configuring libraries. SDK: there is no `google/appengine/dist` in
1.9.88; `google/appengine/api/appinfo.py`, `_SUPPORTED_LIBRARIES`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.services import NEW_RUNTIME, python_services
from gaebot.rules.python27.shared.libraries.library_needs import ask_for, is_guarded, missing_libraries
from gaebot.rules.python27.shared.libraries.use_library import (
    DIST,
    LibraryUse,
    django_version,
    library_uses,
    says_it,
    vendored_library_uses,
)
from gaebot.rules.python27.shared.scripts.entry import uses
from gaebot.rules.python27.shared.scripts.handler_scripts import request_files_by_path
from gaebot.syntax.lines import drop_statement
from gaebot.syntax.nodes import ancestors
from gaebot.syntax.python import Binding
from gaebot.syntax.rewrite import drop_imported_names
from gaebot.text import Edit

RULE = Rule(__name__, Severity.ERROR, vendored=True)

_NAMES = "(identifier) @name"
_IMPORTS = frozenset({"import_statement", "import_from_statement"})


def check(app: App) -> Iterator[Finding]:
    """One finding for each file that imports or calls `use_library`: a note where no request loads it."""
    if not app.asks_for_any(lambda path: says_it(app, path)):
        return
    loaded = request_files_by_path(app)
    for use in library_uses(app):
        yield _finding(app, use, is_loaded=use.file.source.path in loaded)
    for use in vendored_library_uses(app):
        yield _finding(app, use, is_loaded=True)


def _finding(app: App, use: LibraryUse, *, is_loaded: bool) -> Finding:
    """What is said of one file; `is_loaded` tells whether a request loads it."""
    is_guarded_use = all(is_guarded(use.file, binding.statement) for binding in use.imports)
    severity = Severity.WARNING if is_guarded_use else Severity.ERROR
    return RULE.finding(
        use.file.place(use.first),
        _message(app),
        fix=_fix(app, use),
        related=[Related(use.file.place(call), "And here.") for call in use.calls[1:]],
        severity=severity if is_loaded else Severity.NOTE,
    )


def _message(app: App) -> str:
    message = "python27 has no `use_library`: delete the call and its import."
    if "django" not in _needed(app):
        return message
    version, chosen = django_version(app)
    message += f' The version of Django is chosen in app.yaml: `libraries:` with django "{version}".'
    if chosen is not None and chosen != version:
        message += f" python27 does not offer {chosen}: read the release notes of Django up to {version}."
    return message


def _needed(app: App) -> set[str]:
    return {name for service in python_services(app) for name in missing_libraries(app, service)}


# -- the patch ---------------------------------------------------------------------------------


def _fix(app: App, use: LibraryUse) -> Fix | None:
    services = list(python_services(app))
    if any(service.runtime != NEW_RUNTIME for service in services):
        return None
    edits = _removal(use)
    if edits is None:
        return None
    safety = Safety.REVIEW if app.is_vendored(use.file.source.path) else Safety.SAFE
    for service in services:
        if "django" in missing_libraries(app, service):
            version, chosen = django_version(app)
            entry = ask_for(service, {"django": version})
            if entry is None:
                return None
            edits.append(entry)
            safety = safety if chosen == version else Safety.REVIEW
    return Fix(f"Take `use_library` out of {use.file.source.path}", tuple(edits), safety, RunsOn.TARGET)


def _removal(use: LibraryUse) -> list[Edit] | None:
    """The edits that take the calls and the imports out of a file; None when one can't go."""
    file = use.file
    edits: list[Edit | None] = []
    going: dict[int, Node] = {}
    for call in use.calls:
        statement = call.parent
        if statement is None or statement.type != "expression_statement":
            return None
        going[statement.id] = statement
    for binding in use.imports:
        if not _is_only_called(use, binding):
            return None
        if len(binding.statement.children_by_field_name("name")) > 1:
            edits.append(drop_imported_names(file, binding.statement, frozenset({_asked_for(binding)})))
        else:
            going[binding.statement.id] = binding.statement
    while (block := _emptied_block(going)) is not None:
        holder = block.parent
        first, *others = [going.pop(node.id) for node in _statements(block)]
        if holder is None or (holder.type == "try_statement" and not _only_passes(holder)):
            return None
        if holder.type == "try_statement":
            going[holder.id] = holder
        else:
            edits.append(file.source.edit(file.span(first), b"pass"))
            edits += [drop_statement(file, node) for node in others]
    edits += [drop_statement(file, node) for node in going.values()]
    return None if None in edits else [edit for edit in edits if edit is not None]


def _emptied_block(going: dict[int, Node]) -> Node | None:
    """A block of which nothing would be left without the statements that go."""
    for node in going.values():
        block = node.parent
        if block is not None and block.type == "block" and all(s.id in going for s in _statements(block)):
            return block
    return None


def _statements(block: Node) -> list[Node]:
    return [node for node in block.named_children if node.type != "comment"]


def _only_passes(holder: Node) -> bool:
    """Whether a `try` does nothing in its `except` clauses and has no other parts."""
    clauses = [part for part in holder.named_children if part.type.endswith("_clause")]
    blocks = [child for part in clauses for child in part.named_children if child.type == "block"]
    return all(part.type == "except_clause" for part in clauses) and all(
        node.type == "pass_statement" for block in blocks for node in _statements(block)
    )


def _asked_for(binding: Binding) -> str:
    """The name by which an import statement lists a binding: 'google.appengine.dist' for `google`."""
    return DIST if binding.statement.type == "import_statement" and binding.text == "google" else binding.text


def _is_only_called(use: LibraryUse, binding: Binding) -> bool:
    """Whether the file uses what an import brings for the calls alone."""
    if binding.text == "*":
        return False
    called = {
        node.id for call in use.calls for node in use.file.nodes(_NAMES, call.child_by_field_name("function"))
    }
    for node in uses(use.file, binding.text):
        in_import = any(outer.type in _IMPORTS for outer in ancestors(node))
        if in_import or node.id in called:
            continue
        # `google` may also be brought by `import google.appengine.api.users`.
        known = use.file.lookup(binding.text, node)
        if not any(other.kind == "import" and other.statement.id != binding.statement.id for other in known):
            return False
    return True
