"""Where code takes locks, and how long it holds them.

`with lock:` holds it for the block, `acquire()` up to the last `release()` of the same lock in the function,
a decorator for the whole function. What a name, a call or an attribute means as a lock is told here too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.finding import Place
from gaebot.rules.python27.shared.locks.locks import Home, Lock, known_locks, looks_like_lock
from gaebot.rules.python27.shared.reach.calls import class_of
from gaebot.rules.python27.shared.reach.code import ClassCode, Code, FunctionCode, app_code
from gaebot.rules.python27.shared.reach.steps import inner_functions
from gaebot.rules.python27.shared.scripts.definitions import Definition, definitions, follow
from gaebot.syntax.nodes import ancestors, arguments, is_called, is_target, scope_node, text
from gaebot.syntax.python import Binding, PythonFile

_DEPTH = 6  # how many names, calls and returned values a lock is followed through
_CONTEXT_MANAGER = "contextlib.contextmanager"
_SEVERAL = frozenset({"contextlib.nested", "contextlib.closing"})
_LOCKING_DECORATOR = re.compile(
    r"(?:^|_)(?:synchroni[sz]ed?|locked|lock|mutex)(?:_|$)|[lL]ocked$|[sS]ynchronized$"
)
_DECORATED_BY_CLASS = ("__call__", "__get__")

Key = tuple[str, int]
"""A function, by the path of its file and its first byte; -1 for the import code of a file."""


class Site(NamedTuple):
    """A place that may take a lock: the expression that may be one, and the bytes for which it is held.

    `node` is the item of the `with` statement or the call of `acquire`.
    """

    file: PythonFile
    node: Node
    expression: Node
    start: int
    end: int
    releases: tuple[Node, ...] = ()

    @property
    def is_with(self) -> bool:
        """Whether a `with` statement takes it."""
        return self.node.type == "with_item"


class Taking(NamedTuple):
    """A place that takes a lock, or one of some.

    `function` is the function around it, or the one that a decorator keeps a lock for; None for import
    code. The lock is held there from the byte `start` to `end`. `site` is None for a decorator.
    """

    locks: tuple[Lock, ...]
    function: FunctionCode | None
    file: PythonFile
    node: Node
    start: int
    end: int
    site: Site | None = None

    @property
    def place(self) -> Place:
        """Where it takes the lock."""
        return self.file.place(self.node)

    def covers(self, node: Node) -> bool:
        """Whether a node of the same function lies where the lock is held."""
        return self.start <= node.start_byte and node.end_byte <= self.end


@dataclass(eq=False)
class _Search:
    """One search for what an expression means, and the names, attributes and functions it came by.

    Each is followed once, or twenty names with twenty values each would never be done.
    """

    app: App
    seen: set[object] = field(default_factory=set)

    def is_new(self, step: object) -> bool:
        """Whether a step is taken for the first time; from now on it is known."""
        known = step in self.seen
        self.seen.add(step)
        return not known


def key_of(file: PythonFile, function: FunctionCode | None) -> Key:
    """The key of a function in a file, or of the file's import code."""
    return file.source.path, function.node.start_byte if function is not None else -1


# -- takings -----------------------------------------------------------------------------------


@once_per_app
def takings(app: App) -> dict[Key, list[Taking]]:
    """The places that take locks, by the function that then holds them, in the order of the source."""
    found = defaultdict(list)
    for key, here in _sites(app).items():
        for site in here:
            taken = locks_of(app, site.file, site.expression)
            if taken:
                function = app_code(app).around(site.file, site.node)
                found[key].append(Taking(taken, function, site.file, site.node, site.start, site.end, site))
    for function in app_code(app).functions:
        for taking in _by_decorators(app, function):
            found[key_of(function.file, function)].insert(0, taking)
    return dict(found)


def may_take_locks(app: App, file: PythonFile) -> bool:
    """Whether a file may hold a place that takes a lock, as far as it and its decorators say.

    So others need not be looked at where there is none.
    """
    return _says_taking(file) or any(
        _may_lock(app, code, decorator)
        for code in app_code(app).made_in(file)
        if isinstance(code, FunctionCode)
        for decorator in code.decorators
    )


def _may_lock(app: App, function: FunctionCode, decorator: Node) -> bool:
    """Whether a decorator may take a lock: by its name, or in the files that it is made of."""
    known = app_code(app).meanings(function.file, decorator)
    if not known:
        return _LOCKING_DECORATOR.search(text(decorator).rpartition(".")[2]) is not None
    return any(
        _says_taking(each.file)
        for found in known
        for each in (app_code(app).lineage(found) if isinstance(found, ClassCode) else (found,))
    )


def _says_taking(file: PythonFile) -> bool:
    return "acquire" in file.words or any(
        node.type == "with_statement" for node in file.keyword_nodes("with")
    )


def _by_decorators(app: App, function: FunctionCode) -> Iterator[Taking]:
    body = function.node.child_by_field_name("body")
    for decorator in function.decorators if body is not None else ():
        taken = tuple(dict.fromkeys(_locks_of_decorator(app, function, decorator)))
        if taken and body is not None:
            yield Taking(taken, function, function.file, decorator, body.start_byte, body.end_byte)


def _locks_of_decorator(app: App, function: FunctionCode, decorator: Node) -> Iterator[Lock]:
    """The locks under which a decorator calls the function that it gets."""
    code = app_code(app)
    known = code.meanings(function.file, decorator)
    call = decorator.parent
    is_call = call is not None and call.type == "call"
    search = _Search(app)
    given = _given(search, function.file, call, _DEPTH) if is_call and call is not None else []
    if not known:
        last = text(decorator).rpartition(".")[2]
        if _LOCKING_DECORATOR.search(last) and looks_like_lock(last):
            yield from given or [Lock("", Home.UNKNOWN, last, function.file, decorator)]
    for found in known:
        for site in _sites_of_wrapper(app, found):
            yield from _taken_at(search, site, given, _DEPTH)


def _given(search: _Search, file: PythonFile, call: Node, depth: int) -> list[Lock]:
    """The locks among the arguments of a call."""
    positional, named = arguments(call)
    return [
        lock for value in (*positional, *named.values()) for lock in _resolve(search, file, value, depth - 1)
    ]


def _taken_at(search: _Search, site: Site, given: list[Lock], depth: int) -> Iterator[Lock]:
    """The locks that a function takes at a place: those that it was given, where it takes a parameter."""
    if given and _is_parameter(site.file, site.expression):
        yield from given
        return
    for lock in _resolve(search, site.file, site.expression, depth - 1):
        yield from given if given and not lock.is_known else [lock]


def _is_parameter(file: PythonFile, node: Node) -> bool:
    bindings = file.lookup(text(node), node) if node.type == "identifier" else []
    return any(binding.kind == "parameter" for binding in bindings)


def _sites_of_wrapper(app: App, decorator: Code) -> tuple[Site, ...]:
    """The places where the app's own decorator takes something while it calls what it decorates."""
    key = (_sites_of_wrapper, id(decorator))
    return app.remember(key, lambda: tuple(_find_sites_of_wrapper(app, decorator)))


def _find_sites_of_wrapper(app: App, decorator: Code) -> Iterator[Site]:
    code = app_code(app)
    if isinstance(decorator, ClassCode):
        for name in _DECORATED_BY_CLASS:
            method = code.method(decorator, name)
            if method is not None:
                yield from _sites(app).get(key_of(method.file, method), ())
        return
    inner = inner_functions(code, decorator)
    parameters = {name for function in (decorator, *inner) for name in function.parameters}
    for function in inner:
        calls = [name for name in _names_in(function, parameters) if is_called(name)]
        for site in _sites(app).get(key_of(function.file, function), ()):
            if any(site.start <= name.start_byte and name.end_byte <= site.end for name in calls):
                yield site


def _names_in(function: FunctionCode, names: set[str]) -> list[Node]:
    return function.file.identifiers(*names, within=function.node)


# -- sites -------------------------------------------------------------------------------------


@once_per_app
def _sites(app: App) -> dict[Key, list[Site]]:
    """The `with` items and the calls of `acquire` in the app's request files, by function."""
    code = app_code(app)
    found: dict[Key, list[Site]] = defaultdict(list)
    for request_file in code.files.values():
        file = request_file.file
        for statement in file.keyword_nodes("with"):
            if statement.type == "with_statement":
                for site in _with_items(file, statement):
                    found[key_of(file, code.around(file, statement))].append(site)
        for key, calls in _acquire_and_release(app, file).items():
            found[key] += _acquired(file, calls)
    for sites in found.values():
        sites.sort(key=lambda site: site.node.start_byte)
    return dict(found)


def _with_items(file: PythonFile, statement: Node) -> Iterator[Site]:
    body = statement.child_by_field_name("body")
    clause = next((child for child in statement.children if child.type == "with_clause"), None)
    for item in clause.named_children if clause is not None and body is not None else ():
        value = item.child_by_field_name("value")
        if value is not None and value.type == "as_pattern" and value.named_children:
            value = value.named_children[0]
        if value is not None and body is not None:
            yield Site(file, item, value, item.end_byte, body.end_byte)


def _acquire_and_release(app: App, file: PythonFile) -> dict[Key, list[Node]]:
    """The calls `x.acquire()` and `x.release()` of a file by function, in the order of the source."""
    code = app_code(app)
    found = defaultdict(list)
    for name in file.identifiers("acquire", "release") if b"acquire" in file.source.data else ():
        chain = name.parent
        call = chain.parent if chain is not None and chain.type == "attribute" else None
        if call is not None and call.type == "call" and call.child_by_field_name("function") == chain:
            found[key_of(file, code.around(file, call))].append(call)
    return dict(found)


def _acquired(file: PythonFile, calls: list[Node]) -> Iterator[Site]:
    """For each `acquire` of a function how long the lock is held: up to its last `release`, or, where
    the function has none behind it, to the end of the function."""
    by_lock = defaultdict(list)
    for call in calls:
        by_lock[b"".join((_receiver(call).text or b"").split())].append(call)
    for same in by_lock.values():
        releases: tuple[Node, ...] = ()
        is_behind_acquire = False
        for call in reversed(same):
            if _is_acquire(call):
                end = releases[-1].start_byte if releases else _end_of_function(call)
                yield Site(file, call, _receiver(call), _held_from(call), end, releases)
                is_behind_acquire = True
            else:
                releases = (call,) if is_behind_acquire else (call, *releases)
                is_behind_acquire = False


def _receiver(call: Node) -> Node:
    """The `x` of `x.acquire()`."""
    function = call.child_by_field_name("function")
    owner = function.child_by_field_name("object") if function is not None else None
    return owner or call


def _is_acquire(call: Node) -> bool:
    function = call.child_by_field_name("function")
    return function is not None and text(function.child_by_field_name("attribute")) == "acquire"


def _held_from(call: Node) -> int:
    """The byte from which a lock is held: behind the statement that goes away, or waits, without it.

    That is the block of `if not lock.acquire(False):`, and the loop `while not lock.acquire(False):`.
    """
    outer = call.parent
    if outer is None or outer.type != "not_operator" or outer.parent is None:
        return call.end_byte
    statement = outer.parent
    if statement.type == "while_statement":
        return statement.end_byte
    block = statement.child_by_field_name("consequence") if statement.type == "if_statement" else None
    return block.end_byte if block is not None else call.end_byte


def _end_of_function(node: Node) -> int:
    for outer in ancestors(node):
        if outer.type in {"function_definition", "module"}:
            return outer.end_byte
    return node.end_byte


# -- what means a lock -------------------------------------------------------------------------


def locks_of(app: App, file: PythonFile, node: Node) -> tuple[Lock, ...]:
    """The locks that an expression may be, or that entering it as a context manager takes, each once."""
    key = (locks_of, file.source.path, node.start_byte, node.end_byte)
    return app.remember(key, lambda: tuple(dict.fromkeys(_resolve(_Search(app), file, node, _DEPTH))))


def _resolve(search: _Search, file: PythonFile, node: Node | None, depth: int) -> Iterator[Lock]:
    if node is None or not depth:
        return
    made = known_locks(search.app).made.get((file.source.path, node.start_byte))
    if node.type in {"parenthesized_expression", "conditional_expression", "boolean_operator", "assignment"}:
        for child in node.named_children:
            if node.type != "assignment" or child == node.child_by_field_name("right"):
                yield from _resolve(search, file, child, depth - 1)
    elif made is not None and made.node == node:
        yield made
    elif node.type == "identifier":
        yield from _of_name(search, file, node, depth)
    elif node.type == "attribute":
        yield from _of_attribute(search, file, node, depth)
    elif node.type == "subscript":
        yield from _of_table(search, file, node.child_by_field_name("value"), depth)
    elif node.type == "call":
        yield from _of_call(search, file, node, depth)


def _unknown(file: PythonFile, node: Node, name: str) -> Iterator[Lock]:
    """Something that is a lock only by its name."""
    if looks_like_lock(name):
        yield Lock("", Home.UNKNOWN, name, file, node)


def _of_name(search: _Search, file: PythonFile, node: Node, depth: int) -> Iterator[Lock]:
    name = text(node)
    bindings = file.lookup(name, node)
    if bindings and not search.is_new(bindings[0]):
        return
    found = [lock for binding in bindings for lock in _of_binding(search, file, node, binding, depth)]
    if not bindings:
        found = [
            lock for each in definitions(search.app, file, node) for lock in _of_end(search, each, depth)
        ]
    is_unclear = all(_says_nothing(search.app, file, binding) for binding in bindings)
    yield from found if found or not is_unclear else _unknown(file, node, name)


def _says_nothing(app: App, file: PythonFile, binding: Binding) -> bool:
    """Whether a binding leaves open what the name means: a parameter, a loop, `lock = None`, or the result
    of a call that leads out of the app."""
    value = binding.value
    if binding.kind in {"parameter", "other"} or (binding.kind == "assign" and value is None):
        return True
    if value is not None and value.type == "call":
        return not _OUTSIDE_THREADS.search(text(value)) and not _known_maker(app, file, value)
    return value is not None and value.type == "none"


def _of_binding(
    search: _Search, file: PythonFile, node: Node, binding: Binding, depth: int
) -> Iterator[Lock]:
    known = known_locks(search.app).names.get((file.source.path, binding.name.start_byte))
    if known is not None:
        yield known
    elif binding.kind == "import":
        for found in definitions(search.app, file, node):
            yield from _of_end(search, found, depth)
            if found.file is None:
                yield from _unknown(file, node, text(node))
    elif binding.value is not None:
        is_local = scope_node(binding.name).type == "function_definition"
        for lock in _resolve(search, file, binding.value, depth - 1):
            yield lock if is_local else _kept(search.app, lock, file, binding.value)


def _kept(app: App, lock: Lock, file: PythonFile, value: Node) -> Lock:
    """A lock that a call returned, where a module, a class or an object keeps it."""
    if lock.home is not Home.NOWHERE:
        return lock
    key = (_kept, id(lock), file.source.path, value.start_byte)
    return app.remember(key, lambda: lock._replace(home=Home.ELSEWHERE))


def _of_end(search: _Search, found: Definition, depth: int) -> Iterator[Lock]:
    """The locks that a definition at module level means."""
    target, binding, tail = found.file, found.binding, found.tail
    if target is None or binding is None:
        return
    code = app_code(search.app)
    if not tail:
        known = known_locks(search.app).names.get((target.source.path, binding.name.start_byte))
        if known is not None:
            yield known
        elif binding.value is not None:
            for lock in _resolve(search, target, binding.value, depth - 1):
                yield _kept(search.app, lock, target, binding.value)
        return
    owner = code.at(target, binding.statement) if binding.kind == "def" else None
    owners: list[Code] = [owner] if owner is not None else [*code.instance_of(target, binding.value)]
    yield from _attributes(search.app, owners, tail)


def _attributes(app: App, owners: list[Code], name: str) -> Iterator[Lock]:
    """The locks that classes, and those above them, or functions have under a name."""
    known = known_locks(app).attributes
    for owner in owners:
        for each in app_code(app).lineage(owner) if isinstance(owner, ClassCode) else (owner,):
            if (id(each), name) in known:
                yield from known[id(each), name]
                break


def _of_attribute(search: _Search, file: PythonFile, node: Node, depth: int) -> Iterator[Lock]:
    code = app_code(search.app)
    owner, name = node.child_by_field_name("object"), text(node.child_by_field_name("attribute"))
    if owner is None:
        return
    cls = class_of(owner, code.around(file, node))
    owners: list[Code] = [*code.family(cls)] if cls is not None else list(code.meanings(file, owner))
    found = list(_attributes(search.app, owners, name))
    for each in definitions(search.app, file, node):
        found += _of_end(search, each, depth)
    for origin in sorted(file.origins(node)):
        maker, call, tail = origin.partition("()")
        if call and tail == f".{name}":
            makers = [
                code.at(each.file, each.node)
                for each in follow(search.app, file, maker)
                if each.file and each.node
            ]
            found += _attributes(search.app, [maker for maker in makers if maker is not None], name)
    is_open = not found and search.is_new((file.source.path, name))
    values = _assigned(file, name) if is_open else []
    for value in values:
        found += (_kept(search.app, lock, file, value) for lock in _resolve(search, file, value, depth - 1))
    if not found and cls is None and len(known_locks(search.app).by_name.get(name, ())) == 1:
        found = known_locks(search.app).by_name[name]
    is_unclear = not any(value.type == "call" and _known_maker(search.app, file, value) for value in values)
    yield from found if found or not is_unclear else _unknown(file, node, name)


def _assigned(file: PythonFile, name: str) -> list[Node]:
    """The values that a file assigns to attributes of a name, as far as they are calls."""
    values = []
    for word in file.identifiers(name):
        chain = word.parent
        if chain is not None and chain.type == "attribute" and is_target(chain) and chain.parent is not None:
            value = chain.parent.child_by_field_name("right")
            values += [value] if value is not None and value.type == "call" else []
    return values


def _known_maker(app: App, file: PythonFile, call: Node) -> bool:
    function = call.child_by_field_name("function")
    return function is not None and bool(app_code(app).meanings(file, function))


def _of_table(search: _Search, file: PythonFile, table: Node | None, depth: int) -> Iterator[Lock]:
    """A lock out of a table of locks."""
    if table is None:
        return
    found = [lock for lock in _resolve(search, file, table, depth - 1) if lock.home is Home.ELSEWHERE]
    yield from found or _unknown(file, table, text(table).rpartition(".")[2])


def _of_call(search: _Search, file: PythonFile, call: Node, depth: int) -> Iterator[Lock]:
    """The lock that a call returns, or that a context manager which it makes takes."""
    code = app_code(search.app)
    function = call.child_by_field_name("function")
    if function is None:
        return
    known = [*code.meanings(file, function), *_own_methods(search.app, file, function)]
    for found in known:
        yield from _of_code(search, found, _given(search, file, call, depth - 1), depth)
    if known:
        return
    if not file.origins(function).isdisjoint(_SEVERAL):
        for value in arguments(call)[0]:
            yield from _resolve(search, file, value, depth - 1)
        return
    head, _, last = text(function).rpartition(".")
    if head and last in {"get", "setdefault", "pop"}:
        yield from _of_table(search, file, function.child_by_field_name("object"), depth)
    elif not _OUTSIDE_THREADS.search(text(function)):
        yield from _unknown(file, call, f"{head.rpartition('.')[2]}_{last}")


_OUTSIDE_THREADS = re.compile(r"memcache|datastore|\bdb\.|\bndb\.", re.IGNORECASE)


def _own_methods(app: App, file: PythonFile, function: Node) -> Iterator[FunctionCode]:
    """The methods that `self.name` means in a method."""
    code = app_code(app)
    owner = function.child_by_field_name("object") if function.type == "attribute" else None
    cls = class_of(owner, code.around(file, function)) if owner is not None else None
    method = code.method(cls, text(function.child_by_field_name("attribute"))) if cls is not None else None
    if method is not None:
        yield method


def _of_code(search: _Search, found: Code, given: list[Lock], depth: int) -> Iterator[Lock]:
    """The locks that calling a function with some, or entering an instance of a class, gives or takes."""
    code = app_code(search.app)
    function = found
    if isinstance(found, ClassCode):
        entered = code.method(found, "__enter__") or code.method(found, "acquire")
        if entered is None:
            return
        function = entered
        is_manager = True
    else:
        is_manager = any(found.file.refers_to(node, _CONTEXT_MANAGER) for node in found.decorators)
    if not isinstance(function, FunctionCode) or depth < 2 or not search.is_new(function):
        return
    if is_manager:
        for site in _sites(search.app).get(key_of(function.file, function), ()):
            yield from _taken_at(search, site, given, depth - 1)
        return
    for value in _returned(search.app, function):
        yield from _resolve(search, function.file, value, depth - 2)


def _returned(app: App, function: FunctionCode) -> list[Node]:
    """The expressions that a function returns."""
    return app.remember((_returned, function.file.source.path), lambda: _returns(app, function.file)).get(
        key_of(function.file, function), []
    )


def _returns(app: App, file: PythonFile) -> dict[Key, list[Node]]:
    found = defaultdict(list)
    for statement in file.keyword_nodes("return"):
        if statement.named_children:
            key = key_of(file, app_code(app).around(file, statement))
            found[key].append(statement.named_children[0])
    return dict(found)
