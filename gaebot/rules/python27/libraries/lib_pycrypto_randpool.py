"""PyCrypto's `RandomPool` has given way to `Crypto.Random`.

## Why

`Crypto.Util.randpool` is deprecated: its numbers are weak where little stirs the pool, and it is not made
for threads. The PyCrypto of python27 has `Crypto.Random` instead. The PyCrypto of Python 2.5 did not have
that yet.

## Fix

`Random.new()` takes the place of a pool, and `read(n)` that of `get_bytes(n)`; there is nothing to stir.
The fix is made once the app says `runtime: python27`.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
libraries:
- name: pycrypto
  version: "2.6.1"
```

```python before main.py
import webapp2
from Crypto.Util.randpool import RandomPool

def key():
    pool = RandomPool()
    pool.stir()
    return pool.get_bytes(16)

app = webapp2.WSGIApplication([])
```

```python after main.py
import webapp2
from Crypto import Random

def key():
    pool = Random.new()
    return pool.read(16)

app = webapp2.WSGIApplication([])
```

## Source

Google, "Migrating to Python 2.7", Prerequisites and considerations. PyCrypto, "What to do about
RandomPool".
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.libraries.library_needs import imported_modules
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.syntax.imports import exchange_import, imported_as, is_free, uses_of
from gaebot.syntax.lines import drop_statement
from gaebot.syntax.nodes import text
from gaebot.syntax.python import Binding, PythonFile
from gaebot.syntax.rewrite import drop_imported_names
from gaebot.text import Edit

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("randpool"))

_MODULE = "Crypto.Util.randpool"
_POOLS = frozenset({"RandomPool", "KeyboardRandomPool", "PersistentRandomPool"})
_IMPORT = b"from Crypto import Random"
_STIRS = frozenset({"stir", "add_event", "randomize", "stir_n"})


def check(app: App) -> Iterator[Finding]:
    """Each import of the module or of its classes."""
    for file in asked_files(app):
        if b"randpool" not in file.file.source.data:
            continue
        bindings = [binding for binding in file.file.imports() if _is_pool(binding)]
        fix = _fix(file.file, bindings) if bindings and has_switched(app) else None
        for binding in bindings:
            if file.runs(binding.statement):
                message = "`RandomPool` is deprecated: take random bytes from `Crypto.Random`."
                yield RULE.finding(file.file.place(binding.statement), message, fix=fix)


def _is_pool(binding: Binding) -> bool:
    return any(module == _MODULE or module.startswith(f"{_MODULE}.") for module in imported_modules(binding))


def _fix(file: PythonFile, bindings: list[Binding]) -> Fix | None:
    known = imported_as(file, "Crypto.Random")
    if known is None and not is_free(file, "Random"):
        return None
    edits = _import_edits(file, bindings, is_known=known is not None)
    for binding in bindings:
        more = _edits(file, binding, known or "Random")
        if more is None:
            return None
        edits += more
    if None in edits:
        return None
    made = tuple(edit for edit in edits if edit is not None)
    return Fix("Take random bytes from `Crypto.Random`", made, Safety.REVIEW, RunsOn.TARGET)


def _import_edits(file: PythonFile, bindings: list[Binding], *, is_known: bool) -> list[Edit | None]:
    """The edits that exchange the imports, one for each statement; None for what can't be done."""
    edits: list[Edit | None] = []
    statements = {binding.statement.id: binding.statement for binding in bindings}
    for statement in statements.values():
        ours = [binding for binding in bindings if binding.statement == statement]
        is_whole = len(ours) == len(statement.children_by_field_name("name"))
        is_simple = is_whole or len(ours) == 1
        if not is_simple or any(binding.text in {"*", "Crypto"} for binding in ours):
            edits.append(None)
        elif is_known:
            names = frozenset(binding.text for binding in ours)
            edits.append(drop_imported_names(file, statement, names))
        elif is_whole:
            edits.append(file.source.edit(file.span(statement), _IMPORT))
        else:
            edits.append(exchange_import(file, ours[0], _IMPORT))
    return edits


def _edits(file: PythonFile, binding: Binding, name: str) -> list[Edit] | None:
    """The edits of all uses; None when one of them is of a kind that is not known."""
    edits: list[Edit] = []
    for use in uses_of(file, binding):
        node: Node | None = use
        if binding.origin == _MODULE and node is not None:
            node = node.parent if node.parent is not None and node.parent.type == "attribute" else None
        if node is None or (text(node).rpartition(".")[2] not in _POOLS and binding.origin == _MODULE):
            return None
        call = node.parent
        if call is None or call.type != "call" or call.child_by_field_name("function") != node:
            return None
        edits.append(file.source.edit(file.span(call), f"{name}.new()".encode()))
        more = _pool_edits(file, call)
        if more is None:
            return None
        edits += more
    return edits


def _pool_edits(file: PythonFile, call: Node) -> list[Edit] | None:
    """The edits of what is done with a pool: taken of the call itself, or of the name that it is bound to."""
    outer = call.parent
    if outer is not None and outer.type == "attribute":
        return _member_edits(file, outer)
    if outer is None or outer.type != "assignment" or outer.child_by_field_name("right") != call:
        return None
    target = outer.child_by_field_name("left")
    others = _others(file, target) if target is not None else None
    if others is None:
        return None
    edits: list[Edit] = []
    for use in others:
        chain = use.parent
        more = _member_edits(file, chain) if chain is not None and chain.type == "attribute" else None
        if more is None:
            return None
        edits += more
    return edits


def _others(file: PythonFile, target: Node) -> list[Node] | None:
    """The other nodes that mean what is assigned to: a name, or an attribute of `self`.

    None where something else is called so too.
    """
    name = text(target).rpartition(".")[2]
    if target.type == "identifier":
        known = file.lookup(name, target)
        uses = [use for use in file.identifiers(name) if use.id != target.id]
        return [use for use in uses if file.lookup(name, use)[:1] == known[:1]] if len(known) == 1 else None
    if target.type != "attribute" or text(target) != f"self.{name}":
        return None
    chains = [use.parent for use in file.identifiers(name)]
    if any(chain is None or text(chain) != text(target) for chain in chains):
        return None
    return [chain for chain in chains if chain is not None and chain.id != target.id]


def _member_edits(file: PythonFile, chain: Node) -> list[Edit] | None:
    attribute = chain.child_by_field_name("attribute")
    name = text(attribute)
    if name == "get_bytes" and attribute is not None:
        return [file.source.edit(file.span(attribute), b"read")]
    call = chain.parent
    statement = call.parent if call is not None and call.type == "call" else None
    if name in _STIRS and statement is not None and statement.type == "expression_statement":
        block = statement.parent
        if block is not None and len(block.named_children) > 1:
            edit = drop_statement(file, statement)
            return [edit] if edit is not None else None
    return None
