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
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_files
from gaebot.rules.python27.shared.scripts.library_needs import imported_modules
from gaebot.syntax.imports import exchange_import, imported_as, is_free, uses_of
from gaebot.syntax.lines import drop_statement
from gaebot.syntax.python import Binding, PythonFile, text
from gaebot.text import Edit

RULE = Rule(__name__, Severity.WARNING)

_MODULE = "Crypto.Util.randpool"
_POOLS = frozenset({"RandomPool", "KeyboardRandomPool", "PersistentRandomPool"})
_STIRS = frozenset({"stir", "add_event", "randomize", "stir_n"})


def check(app: App) -> Iterator[Finding]:
    """Each import of the module or of its classes."""
    for file in request_files(app):
        if b"randpool" not in file.file.source.data:
            continue
        for binding in file.file.imports():
            is_pool = any(module.startswith(_MODULE) for module in imported_modules(binding))
            if is_pool and file.runs(binding.statement):
                message = "`RandomPool` is deprecated: take random bytes from `Crypto.Random`."
                fix = _fix(file, binding) if has_switched(app) else None
                yield RULE.finding(file.file.place(binding.statement), message, fix=fix)


def _fix(file: RequestFile, binding: Binding) -> Fix | None:
    python = file.file
    known = imported_as(python, "Crypto.Random")
    if known is None and not is_free(python, "Random"):
        return None
    edits = _edits(python, binding, known or "Random")
    statement = exchange_import(python, binding, b"from Crypto import Random")
    if edits is None or statement is None or binding.statement.type != "import_from_statement":
        return None
    return Fix("Take random bytes from `Crypto.Random`", (statement, *edits), Safety.REVIEW, RunsOn.TARGET)


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
    if target is None or target.type != "identifier" or len(file.lookup(text(target), target)) != 1:
        return None
    edits: list[Edit] = []
    for use in file.identifiers(text(target)):
        if use.id == target.id or file.lookup(text(target), use)[:1] != file.lookup(text(target), target)[:1]:
            continue
        chain = use.parent
        more = _member_edits(file, chain) if chain is not None and chain.type == "attribute" else None
        if more is None:
            return None
        edits += more
    return edits


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
