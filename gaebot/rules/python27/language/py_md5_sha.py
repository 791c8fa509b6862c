"""The modules `md5` and `sha` are deprecated.

## Why

`hashlib` took their place in Python 2.5. On python27 they go on to work with a warning; Python 3 has not
got them.

## Fix

`hashlib.md5` and `hashlib.sha1` are the same functions, on both runtimes.

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
import md5
import webapp2

def tag(text):
    return md5.new(text).hexdigest()

app = webapp2.WSGIApplication([])
```

```python after main.py
import hashlib
import webapp2

def tag(text):
    return hashlib.md5(text).hexdigest()

app = webapp2.WSGIApplication([])
```

## Source

Python, "What's New in Python 2.5": hashlib. Python 2.7: `md5.md5 is hashlib.md5`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.rules.python27.shared.scripts.importers import is_attempt, is_taken
from gaebot.syntax.imports import exchange_import, imported_as, is_free, name_in_statement, uses_of
from gaebot.syntax.lines import drop_statement
from gaebot.syntax.nodes import arguments, text
from gaebot.syntax.python import Binding
from gaebot.syntax.rewrite import drop_imported_names
from gaebot.text import Edit

RULE = Rule(__name__, Severity.NOTE, only_in=python_with("md5", "sha"))

_NEW = {"md5": "md5", "sha": "sha1"}
_MEMBERS = {"md5": frozenset({"new", "md5"}), "sha": frozenset({"new", "sha"})}


def check(app: App) -> Iterator[Finding]:
    """Each import of one of the modules that is not one of several attempts."""
    for file in asked_files(app):
        if b"md5" not in file.file.source.data and b"sha" not in file.file.source.data:
            continue
        for binding in file.file.imports():
            old = (binding.origin or "").partition(".")[0]
            if old not in _NEW or app.imported_path(old, file.file) is not None:
                continue
            if is_attempt(binding.statement) or not file.runs(binding.statement):
                continue
            message = f"The module `{old}` is deprecated: use `hashlib.{_NEW[old]}`."
            yield RULE.finding(file.file.place(binding.statement), message, fix=_fix(app, file, binding, old))


def _fix(app: App, file: RequestFile, binding: Binding, old: str) -> Fix | None:
    if (
        binding.text == "*"
        or is_taken(app, file.file, binding.text)
        or app.imported_path("hashlib", file.file) is not None
    ):
        return None
    if not uses_of(file.file, binding):
        dropped = drop_imported_names(file.file, binding.statement, frozenset({name_in_statement(binding)}))
        if dropped is None:
            return None
        return Fix("Drop the import, which nothing uses", (dropped,), Safety.SAFE, RunsOn.BOTH)
    edits = _of_name(file, binding, old) if binding.origin != old else _of_module(file, binding, old)
    return Fix("Use `hashlib`", tuple(edits), Safety.SAFE, RunsOn.BOTH) if edits else None


def _of_name(file: RequestFile, binding: Binding, old: str) -> list[Edit] | None:
    """`from md5 import new` becomes `from hashlib import md5 as new`."""
    member, new = (binding.origin or "").rpartition(".")[2], _NEW[old]
    if member not in _MEMBERS[old]:
        return None
    alias = f" as {binding.text}" if binding.text != new else ""
    edit = exchange_import(file.file, binding, f"from hashlib import {new}{alias}".encode())
    return [edit] if edit is not None else None


def _of_module(file: RequestFile, binding: Binding, old: str) -> list[Edit] | None:
    """`import md5` becomes `import hashlib`, and `md5.new` `hashlib.md5`."""
    python, new = file.file, _NEW[old]
    known = imported_as(python, "hashlib")
    if known is None and not is_free(python, "hashlib") and not _imports_hashlib(file):
        return None
    edits: list[Edit] = []
    for use in uses_of(python, binding):
        chain = use.parent
        if chain is not None and chain.type == "attribute" and chain.children[0] == use:
            if text(chain.child_by_field_name("attribute")) not in _MEMBERS[old]:
                return None
            edits.append(python.source.edit(python.span(chain), f"{known or 'hashlib'}.{new}".encode()))
        elif _is_digestmod(file, use):
            edits.append(python.source.edit(python.span(use), f"{known or 'hashlib'}.{new}".encode()))
        else:
            return None
    statement = _import_edit(file, binding, known)
    return None if statement is None else [statement, *edits]


def _imports_hashlib(file: RequestFile) -> bool:
    """Whether all that the file calls hashlib is that module."""
    return bool(file.file.scope.bindings.get("hashlib")) and all(
        binding.origin == "hashlib" for binding in file.file.scope.bindings["hashlib"]
    )


def _is_digestmod(file: RequestFile, use: object) -> bool:
    """Whether a module is handed to `hmac.new`, which takes `hashlib`'s functions as well."""
    for call in file.file.calls("hmac.new", "hmac.HMAC"):
        positional, named = arguments(call)
        if use in positional[2:3] or use == named.get("digestmod"):
            return True
    return False


def _import_edit(file: RequestFile, binding: Binding, known: str | None) -> Edit | None:
    statement = binding.statement
    is_module_level = statement.parent == file.file.root
    if known is not None and is_module_level:
        if len(statement.children_by_field_name("name")) == 1:
            return drop_statement(file.file, statement)
        return drop_imported_names(file.file, statement, frozenset({binding.text}))
    return exchange_import(file.file, binding, b"import hashlib")
