"""The app makes sets of the old kind.

## Why

The module `sets` is deprecated since Python 2.6. Its sets do not mix with the built-in ones, which what
comes from libraries is made of: `Set([1]) | set([1])` raises TypeError, and `Set([1]) == set([1])` is
false.

## Fix

`set` and `frozenset`, which Python 2.5 has too, everywhere at once. Look for sets within sets: `Set` turned
those into fixed ones by itself, a `set` in a `set` has to be a `frozenset`. Values that were pickled stay
what they were.

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
from sets import Set
import webapp2

names = Set(['a'])
app = webapp2.WSGIApplication([])
```

```python after main.py
import webapp2

names = set(['a'])
app = webapp2.WSGIApplication([])
```

## Source

Python 2.7: sets.py warns when it is imported; what the two kinds make of each other was tried.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_files_with
from gaebot.rules.python27.shared.scripts.importers import is_attempt, is_taken
from gaebot.syntax.imports import attributes_of, uses_of
from gaebot.syntax.nodes import text
from gaebot.syntax.python import Binding, PythonFile
from gaebot.syntax.rewrite import drop_imported_names
from gaebot.text import Edit

RULE = Rule(__name__, Severity.NOTE, only_in=python_with("sets"))

_NEW = {"Set": "set", "ImmutableSet": "frozenset"}
_ORIGINS = {"sets", *(f"sets.{name}" for name in _NEW)}
_MOST_RELATED = 3
# What the built-in sets do not have, and imports that do not say their names.
_NO_WAY = re.compile(rb"\bunion_update\b|\._data\b|\b_repr\b|\bsets[ \t]+import[ \t]*(?:\*|BaseSet)")


def check(app: App) -> Iterator[Finding]:
    """One note for the app, at the first import."""
    places, edits = [], []
    can_be_fixed = True
    for file in request_files_with(app, b"sets"):
        bindings = list(_bindings(app, file))
        places += [Related(file.file.place(binding.statement), "And here.") for binding in bindings]
        changed = _edits(app, file.file, bindings) if bindings and can_be_fixed else []
        can_be_fixed = can_be_fixed and changed is not None
        edits += changed or []
    if places:
        message = "The module `sets` is deprecated since Python 2.6: use the built-in `set` and `frozenset`."
        fix = Fix("Use the built-in sets", tuple(edits), Safety.REVIEW, RunsOn.BOTH) if can_be_fixed else None
        related = places[1 : 1 + _MOST_RELATED]
        yield RULE.finding(places[0].place, message, related=related, fix=fix)


def _bindings(app: App, file: RequestFile) -> Iterator[Binding]:
    """The imports of the module that are not one of several attempts."""
    if app.imported_path("sets", file.file) is not None:
        return
    for binding in file.file.imports():
        if (binding.origin or "").partition(".")[0] != "sets" or not file.runs(binding.statement):
            continue
        if not is_attempt(binding.statement):
            yield binding


def _edits(app: App, file: PythonFile, bindings: list[Binding]) -> list[Edit] | None:
    """The edits that free a file of the module, or None."""
    if _NO_WAY.search(file.source.data):
        return None
    edits: list[Edit] = []
    statements: dict[int, list[Binding]] = defaultdict(list)
    for binding in bindings:
        uses = _uses(file, binding)
        if uses is None or is_taken(app, file, binding.text) or binding.statement.parent != file.root:
            return None
        for node, name in uses:
            if _is_base(node) or not _is_builtin(file, name, node, binding):
                return None
            if text(node) != name:
                edits.append(file.source.edit(file.span(node), name.encode()))
        statements[binding.statement.start_byte].append(binding)
    for group in statements.values():
        edit = drop_imported_names(file, group[0].statement, frozenset(binding.text for binding in group))
        if edit is None:
            return None
        edits.append(edit)
    return edits


def _uses(file: PythonFile, binding: Binding) -> list[tuple[Node, str]] | None:
    """Each use of what an import binds, with the built-in's name for it; None when there is none for one."""
    if binding.origin not in _ORIGINS:
        return None
    uses = uses_of(file, binding)
    if binding.origin != "sets":
        return [(use, _NEW[binding.origin.partition(".")[2]]) for use in uses]
    chains = attributes_of(uses)
    if chains is None or any(text(name) not in _NEW for _, name in chains):
        return None
    return [(chain, _NEW[text(name)]) for chain, name in chains]


def _is_base(node: Node) -> bool:
    """Whether a class is derived from one of the old sets: what it overrides is not looked at."""
    outer = node.parent
    return outer is not None and outer.parent is not None and outer.parent.type == "class_definition"


def _is_builtin(file: PythonFile, name: str, at: Node, binding: Binding) -> bool:
    """Whether a name means the built-in at a place, once an import is gone."""
    return all(other is binding or other.name == binding.name for other in file.lookup(name, at))
