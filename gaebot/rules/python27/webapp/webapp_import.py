"""webapp is webapp2 on python27: import it by its name.

## Why

On python27 `from google.appengine.ext import webapp` gives webapp2 under the old name. It works, and
Google advises not to rely on it: what the app can use is written down for webapp2, and Python 3 has
nothing by the old name.

## Fix

`import webapp2`, and call its classes by that name. What lies in modules below webapp stays there:
`template`, `util`, `blobstore_handlers`, `mail_handlers`, `xmpp_handlers` get an import of their own
where they were reached through `webapp`. The names are the same objects, so the fix is safe, once the app
says `runtime: python27`.

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
from google.appengine.ext import db, webapp

class Main(webapp.RequestHandler):
    def get(self):
        self.response.out.write('Hello')

app = webapp.WSGIApplication([('/', Main)])
```

```python after main.py
import webapp2
from google.appengine.ext import db

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.out.write('Hello')

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

Google, "Migrating to Python 2.7", Updating your application to webapp2. SDK:
google/appengine/ext/webapp/__init__.py says `from webapp2 import *` on python27.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.libraries.library_needs import is_guarded
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.rules.python27.shared.scripts.importers import is_taken
from gaebot.rules.python27.shared.webapp.names import IN_BOTH, SUBMODULES, WEBAPP, WEBAPP2
from gaebot.syntax.imports import exchange_import, imported_as, is_free, is_plain, name_in_statement, uses_of
from gaebot.syntax.lines import drop_statement
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import Binding, PythonFile
from gaebot.syntax.rewrite import drop_imported_names
from gaebot.text import Edit

RULE = Rule(__name__, Severity.NOTE, only_in=python_with("webapp"))

_IMPORT = "import webapp2"


def check(app: App) -> Iterator[Finding]:
    """Each statement that imports webapp or its classes by the old name."""
    for file in asked_files(app):
        if b"webapp" not in file.file.source.data:
            continue
        seen: set[int] = set()
        for binding in file.file.imports():
            statement = binding.statement
            if statement.id in seen or not _is_webapp(binding) or not file.runs(statement):
                continue
            if _is_fallback(file.file, binding) or _only_submodules(file.file, binding):
                continue
            if binding in _repeated(file.file, binding):
                continue
            seen.add(statement.id)
            fix = _fix(app, file, binding) if has_switched(app) else None
            message = "On python27 webapp is webapp2 under its old name: import it as `webapp2`."
            yield RULE.finding(file.file.place(statement), message, fix=fix)


def _is_webapp(binding: Binding) -> bool:
    """Whether an import brings the module itself or one of its classes."""
    origin = binding.origin or ""
    return origin == WEBAPP or (origin.startswith(f"{WEBAPP}.") and origin[len(WEBAPP) + 1 :] in IN_BOTH)


def _is_fallback(file: PythonFile, binding: Binding) -> bool:
    """Whether the old name is only tried where webapp2 can't be imported."""
    if any(node.type == "except_clause" for node in ancestors(binding.statement)):
        return True
    return is_guarded(file, binding.statement)


def _only_submodules(file: PythonFile, binding: Binding) -> bool:
    """Whether only `webapp.template` and its like are used, which stay where they are."""
    uses = _uses(file, binding) if binding.origin == WEBAPP else None
    return bool(uses) and all(name in SUBMODULES for _, name, _ in uses or [])


def _repeated(file: PythonFile, binding: Binding) -> list[Binding]:
    """The later imports of the same module by the same name, when all of them stand at the top level."""
    known = file.lookup(binding.text, binding.name) if binding.origin == WEBAPP else []
    if any(b.kind != "import" or b.origin != WEBAPP or not is_plain(file, b) for b in known):
        return []
    return sorted(known, key=lambda b: b.name.start_byte)[1:]


def _fix(app: App, file: RequestFile, binding: Binding) -> Fix | None:
    is_module = binding.origin == WEBAPP
    edits = _module_edits(app, file.file, binding) if is_module else _class_edits(file.file, binding)
    if edits is None:
        return None
    return Fix("Import webapp2 by its name", tuple(edits), Safety.SAFE, RunsOn.TARGET)


# -- from google.appengine.ext import webapp ----------------------------------------------------


def _module_edits(app: App, file: PythonFile, binding: Binding) -> list[Edit] | None:
    repeated = _repeated(file, binding)
    if is_taken(app, file, binding.text):
        return None
    if len(file.lookup(binding.text, binding.name)) != 1 + len(repeated):
        return None
    uses = _uses(file, binding)
    if uses is None or binding.statement.type == "import_statement":
        return None
    known = imported_as(file, WEBAPP2) == WEBAPP2
    rename = binding.text != WEBAPP2 and (known or is_free(file, WEBAPP2))
    submodules: list[str] = []
    edits: list[Edit] = []
    for chain, name, use in uses:
        if name in IN_BOTH:
            edits += [file.source.edit(file.span(use), WEBAPP2.encode())] if rename else []
            continue
        local = imported_as(file, f"{WEBAPP}.{name}")
        if local is None and not is_free(file, name):
            return None
        if local is None and name not in submodules:
            submodules.append(name)
        edits.append(file.source.edit(file.span(chain), (local or name).encode()))
    statement = _import_edit(file, binding, submodules, known=known and rename, rename=rename)
    rest = [_without(file, again) for again in repeated]
    found = [edit for edit in (statement, *rest) if edit is not None]
    return [*found, *edits] if len(found) == 1 + len(repeated) else None


def _import_edit(
    file: PythonFile, binding: Binding, submodules: list[str], *, known: bool, rename: bool
) -> Edit | None:
    lines = [] if known else [_IMPORT if rename else f"{_IMPORT} as {binding.text}"]
    lines += [f"from {WEBAPP} import {', '.join(submodules)}"] if submodules else []
    if lines:
        if len(lines) > 1 and not file.stands_alone(binding.statement):
            return None
        between = file.source.newline + file.indent(binding.statement)
        return exchange_import(file, binding, between.join(line.encode() for line in lines))
    return _without(file, binding)


def _without(file: PythonFile, binding: Binding) -> Edit | None:
    """The edit that takes one name out of its import statement."""
    if len(binding.statement.children_by_field_name("name")) == 1:
        return drop_statement(file, binding.statement)
    return drop_imported_names(file, binding.statement, frozenset({name_in_statement(binding)}))


def _uses(file: PythonFile, binding: Binding) -> list[tuple[Node, str, Node]] | None:
    """The chain, the member's name and the module's name of each use; None when one is of another kind."""
    found = []
    for use in uses_of(file, binding):
        chain = use.parent
        if chain is None or chain.type != "attribute" or chain.children[0] != use:
            return None
        name = text(chain.child_by_field_name("attribute"))
        if name not in IN_BOTH | SUBMODULES:
            return None
        found.append((chain, name, use))
    return found


# -- from google.appengine.ext.webapp import RequestHandler --------------------------------------


def _class_edits(file: PythonFile, binding: Binding) -> list[Edit] | None:
    statement = binding.statement
    own = [b for b in file.imports() if b.statement == statement]
    classes = [b for b in own if _is_webapp(b)]
    module = statement.child_by_field_name("module_name")
    if module is None or any(b.text == "*" for b in own):
        return None
    if len(classes) == len(own):
        return [file.source.edit(file.span(module), WEBAPP2.encode())]
    rest = drop_imported_names(file, statement, frozenset(b.text for b in classes))
    if rest is None or not rest.new or not file.stands_alone(statement):
        return None
    names = ", ".join(_listed(b) for b in classes)
    new = f"from {WEBAPP2} import {names}".encode() + file.source.newline + file.indent(statement)
    return [file.source.edit(rest.span, new + rest.new)]


def _listed(binding: Binding) -> str:
    """How an import lists a name: with its `as`."""
    name = (binding.origin or "").rpartition(".")[2]
    return name if name == binding.text else f"{name} as {binding.text}"
