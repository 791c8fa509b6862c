"""The patch that adds a lock: a line that makes it beside the shared name, and `with` where it is used.

Python 2.5 has the `with` statement only in files that say `from __future__ import with_statement` (PEP 343
and "What's New in Python 2.5"; `__future__.with_statement` names 2.5 as the first release that knows it and
2.6 as the first that needs no import). Its locks of `threading` work with it: SDK
google/appengine/api/logservice/logservice.py, which served 2.5 as well, does it that way.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import count
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.finding import Fix, RunsOn, Safety
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.syntax.imports import add_future_import, add_import, is_plain
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import Binding, PythonFile
from gaebot.syntax.wrap import wrap_in_with
from gaebot.text import Edit, Span

_FUTURE = "(future_import_statement name: (dotted_name) @x)"
_LOCK_WORD = re.compile(rb"\b\w*lock\w*\b", re.IGNORECASE)
_YIELDS = "(yield) @x"
_LOCKS = ("threading.Lock", "threading.RLock")
_CALLED = "(call function: (_) @x)"
_COMPOUND = frozenset({"if_statement", "try_statement", "for_statement", "while_statement", "with_statement"})
_INNER = frozenset({"function_definition", "lambda"})
_OWNERS = frozenset({"function_definition", "class_definition", "module"})


def lock_name(shared: str) -> str:
    """What to call the lock of a shared name: `_config_lock` for `_config_cache`, `_USERS_LOCK` for `USERS`.

    It always begins with one underscore: two would be mangled in a class, and reach nobody else.
    """
    stem = shared.strip("_")
    if not stem:
        return "_lock"
    without = re.sub(r"_+cache$", "", stem, flags=re.IGNORECASE)
    return f"_{without}_LOCK" if stem.isupper() else f"_{without}_lock"


def known_lock(file: PythonFile, owner: Node | None, name: str) -> Node | None:
    """The assignment that makes `name` a lock in the body of a class, or in the module; None without one."""
    body = _body(file, owner)
    for node in file.identifiers(name):
        statement = node.parent
        if statement is None or statement.type != "assignment" or not _is_in(statement, body):
            continue
        value = statement.child_by_field_name("right")
        function = value.child_by_field_name("function") if value is not None else None
        is_bound = statement.child_by_field_name("left") == node
        if is_bound and function is not None and file.refers_to(function, *_LOCKS):
            return statement
    return None


def add_lock(
    app: App,
    file: PythonFile,
    statements: Sequence[Node],
    *,
    anchor: Node,
    owner: Node | None,
    receiver: str,
    name: str,
    reentrant: bool,
    title: str,
    existing: str | None = None,
) -> Fix | None:
    """The patch that runs consecutive statements of a function under a lock of the shared name.

    `anchor` binds the shared name in the body of the class `owner`, or in the module when that is None;
    the lock is made below it, or below the whole `if` or `try` that it stands in. `receiver` is how the
    function reaches the owner ('cls'), empty for the module. `name` is the lock's name; when that is taken
    for something else it gets a number. `existing` is the name of a lock that guards the shared name
    already (see `known_lock`): it is used, and none is made; `reentrant` then says of which kind it is.

    None when that can't be done, when the lock would be held while a generator waits, and when the same
    thread would take it twice as far as the function itself tells; what other functions do that it calls
    is the caller's to look at (`reentrant`).
    """
    statements = _without_globals(statements)
    if not statements or _suspends(file, statements):
        return None
    lock = existing or _free_name(app, file, owner, name)
    if not reentrant and (
        _calls_itself(file, statements) or (existing and _takes(file, statements, existing))
    ):
        return None
    wrapped = wrap_in_with(file, statements, f"{receiver}.{lock}" if receiver else lock)
    new = _NewLock(app, file, anchor, owner, lock, "RLock" if reentrant else "Lock")
    made = [] if existing is not None else new.edits()
    future = _future_edits(app, file)
    if wrapped is None or made is None or future is None:
        return None
    runs_on = RunsOn.BOTH if future or _has_with(file) else RunsOn.TARGET
    return Fix(title, tuple(_joined([*future, *made, wrapped])), Safety.REVIEW, runs_on)


def _without_globals(statements: Sequence[Node]) -> Sequence[Node]:
    """The statements without the `global` lines that they begin with, which need no lock."""
    first = next((n for n, each in enumerate(statements) if each.type != "global_statement"), len(statements))
    return statements[first:]


def _suspends(file: PythonFile, statements: Iterable[Node]) -> bool:
    """Whether a generator hands out a value, and waits, in the middle of the statements."""
    for statement in statements:
        for node in file.nodes(_YIELDS, statement):
            holder = next((outer for outer in ancestors(node) if outer.type in _INNER), None)
            if holder is None or holder.start_byte < statement.start_byte:
                return True
    return False


def _function_of(statement: Node) -> Node | None:
    """The function in whose body a statement stands."""
    return next((outer for outer in ancestors(statement) if outer.type in _INNER), None)


def _calls_itself(file: PythonFile, statements: Sequence[Node]) -> bool:
    """Whether statements call the function that they stand in: `f()`, in a class `self.f()` or `A.f()`."""
    function = _function_of(statements[0])
    name = text(function.child_by_field_name("name")) if function is not None else ""
    owner = next((outer for outer in ancestors(function or statements[0]) if outer.type in _OWNERS), None)
    is_method = owner is not None and owner.type == "class_definition"
    objects = {"self", "cls", "self.__class__"}
    if owner is not None and is_method:
        objects.add(text(owner.child_by_field_name("name")))
    called = [node for each in statements for node in file.nodes(_CALLED, each)]
    for node in called:
        if node.type == "attribute" and is_method:
            is_own = text(node.child_by_field_name("object")) in objects
            if is_own and text(node.child_by_field_name("attribute")) == name:
                return True
        elif not is_method and text(node) == name:
            return True
    return False


def _takes(file: PythonFile, statements: Sequence[Node], lock: str) -> bool:
    """Whether statements name a lock, or run while their function holds it by `with` or `acquire()`."""
    if any(file.identifiers(lock, within=each) for each in statements):
        return True
    function = _function_of(statements[0])
    for node in file.identifiers(lock, within=function):
        if file.source.data[node.end_byte :].startswith(b".acquire"):
            return True
        clause = next((outer for outer in ancestors(node) if outer.type == "with_clause"), None)
        holder = clause.parent if clause is not None else None
        if holder is not None and holder.start_byte < statements[0].start_byte < holder.end_byte:
            return True
    return False


# -- the lock's own line -------------------------------------------------------------------


class _NewLock(NamedTuple):
    """A lock that is to be made below `anchor`; `kind` is the function of `threading` that makes it."""

    app: App
    file: PythonFile
    anchor: Node
    owner: Node | None
    name: str
    kind: str

    def edits(self) -> list[Edit] | None:
        """The lock's line, and the import that it needs; None where there is no place for them."""
        file = self.file
        line = _statement_in(self.anchor, self._body())
        if line is None or (line.type in _COMPOUND and _runs_functions(file, line)):
            return None
        place, imported = _below(file, line), self._import(line)
        if place is None or imported is None:
            return None
        maker, edits = imported
        offset, indent = place
        code = indent + f"{self.name} = {maker}()".encode()
        newline = file.source.newline
        is_line_start = file.source.data[:offset].endswith((b"\n", b"\r"))
        new = code + newline if is_line_start else newline + code
        return [*edits, file.source.edit(Span(offset, offset), new)]

    def _import(self, line: Node) -> tuple[str, list[Edit]] | None:
        """How the line says `threading.Lock`, and the import that has to be added for it."""
        for origin, tail in (("threading", f".{self.kind}"), (f"threading.{self.kind}", "")):
            for binding in self.file.imports():
                if self._is_usable(binding, origin, line):
                    return binding.text + tail, []
        bound = self.file.scope.bindings.get("threading", ())
        is_other = any(binding.origin != "threading" for binding in bound) or self._is_own("threading")
        is_ours = self.app.module_path("threading") or self.app.imported_path("threading", self.file)
        if is_other or is_ours:
            return None
        edit = add_import(self.file, b"import threading", before=line)
        return (f"threading.{self.kind}", [edit]) if edit is not None else None

    def _is_usable(self, binding: Binding, origin: str, line: Node) -> bool:
        """Whether an import has given the line a name that means `origin` and nothing else."""
        if binding.origin != origin or not is_plain(self.file, binding) or self._is_own(binding.text):
            return False
        known = self.file.scope.bindings.get(binding.text, ())
        return binding.statement.end_byte <= line.start_byte and all(each.origin == origin for each in known)

    def _is_own(self, name: str) -> bool:
        """Whether the body of the owner means something of its own by a name."""
        body = self._body()
        return self.owner is not None and body is not None and name in self.file.scope_at(body).bindings

    def _body(self) -> Node | None:
        return _body(self.file, self.owner)


def _body(file: PythonFile, owner: Node | None) -> Node | None:
    """The body of a class, or the module."""
    return _definition(owner).child_by_field_name("body") if owner is not None else file.root


def _definition(owner: Node) -> Node:
    return owner.child_by_field_name("definition") or owner


def _is_in(node: Node, body: Node | None) -> bool:
    """Whether a node is a statement of a body, or the expression that is one."""
    holder = node.parent
    if holder is not None and holder.type == "expression_statement":
        holder = holder.parent
    return holder is not None and body is not None and holder.id == body.id


def _statement_in(node: Node, body: Node | None) -> Node | None:
    """The statement of a body that holds a node; None when the node stands elsewhere or in a function.

    For a name bound within `if` or `try` that is the whole `if` or `try`: below it the line runs always.
    """
    line: Node | None = node
    while line is not None and body is not None and line.parent is not None:
        if line.parent.id == body.id:
            return line
        if line.parent.type in {*_INNER, "class_definition"}:
            return None
        line = line.parent
    return None


def _runs_functions(file: PythonFile, line: Node) -> bool:
    """Whether a compound statement calls what the module defines, and that may want the lock too early."""
    for node in file.nodes(_CALLED, line):
        name = text(node).partition(".")[0].partition("(")[0]
        if any(binding.kind == "def" for binding in file.scope.bindings.get(name, ())):
            return True
    return False


def _below(file: PythonFile, statement: Node) -> tuple[int, bytes] | None:
    """Where a line below a statement and those that share its lines goes, and how it is indented.

    None behind the colon of a block.
    """
    first = last = statement
    while (before := first.prev_named_sibling) is not None and _shares_line(file, before, first):
        first = before
    while (after := last.next_named_sibling) is not None and _shares_line(file, last, after):
        last = after
    indent = file.indent(first).removeprefix(file.source.bom)
    return (file.line_span(last).end, indent) if not indent.strip(b" \t\f") else None


def _shares_line(file: PythonFile, upper: Node, lower: Node) -> bool:
    return file.line_span(lower).start < file.line_span(upper).end


def _free_name(app: App, file: PythonFile, owner: Node | None, name: str) -> str:
    """The wished name, or with a number behind it the first that means nothing yet."""
    family = _family(owner) if owner is not None else []
    for number in count(1):
        wished = name if number == 1 else f"{name}_{number}"
        sayers = _lock_words(app).get(wished.encode(), frozenset()) - {file.source.path}
        known = (app.files[path].data for path in sayers)
        if not file.identifiers(wished) and not any(_says(data, each) for data in known for each in family):
            return wished
    raise AssertionError("there is always another number")


@once_per_app
def _lock_words(app: App) -> dict[bytes, frozenset[str]]:
    """The words that a lock may be called by, each with the paths of the files that say it."""
    found = defaultdict(set)
    for path, source in app.files.items():
        if path.endswith(".py"):
            for word in set(_LOCK_WORD.findall(source.data)):
                found[word].add(path)
    return {word: frozenset(paths) for word, paths in found.items()}


def _family(owner: Node) -> list[str]:
    """A class's own name and the last words of its bases: who says one may know the class's attributes."""
    definition = _definition(owner)
    bases = definition.child_by_field_name("superclasses")
    names = [text(definition.child_by_field_name("name"))]
    names += [text(base).rpartition(".")[2] for base in (bases.named_children if bases is not None else ())]
    return [name for name in names if name.isidentifier()]


def _says(data: bytes, word: str) -> bool:
    name = word.encode()
    return name in data and re.search(rb"\b%s\b" % re.escape(name), data) is not None


def _future_edits(app: App, file: PythonFile) -> list[Edit] | None:
    """The import that Python 2.5 needs for `with`, where the app still runs on it and has none."""
    if has_switched(app) or _has_with(file):
        return []
    if file.is_broken or file.identifiers("with", "as"):  # with the import they would be names no more
        return None
    edit = add_future_import(file, "with_statement")
    return [edit] if edit is not None else None


def _has_with(file: PythonFile) -> bool:
    """Whether a file asks for the `with` statement, and so has it on Python 2.5 as well."""
    return any(text(node) == "with_statement" for node in file.nodes(_FUTURE))


def _joined(edits: Iterable[Edit]) -> list[Edit]:
    """The edits, with those that insert at the same place made one, in the order given."""
    joined: dict[Span, Edit] = {}
    for edit in edits:
        known = joined.get(edit.span)
        new = known.new + edit.new if known is not None else edit.new
        joined[edit.span] = Edit(edit.path, edit.start, edit.old, new)
    return list(joined.values())
