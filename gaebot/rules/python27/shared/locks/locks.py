"""The app's locks: where they are made, of what kind they are, and where they live."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.finding import Place
from gaebot.rules.python27.shared.reach.calls import class_of
from gaebot.rules.python27.shared.reach.code import AppCode, ClassCode, Code, FunctionCode, app_code
from gaebot.rules.python27.shared.scripts.definitions import definitions
from gaebot.syntax.nodes import arguments, text
from gaebot.syntax.python import PythonFile, Scope

_KINDS = ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition")
_MAKERS = {
    **{f"{module}.{kind}": kind for module in ("threading", "dummy_threading") for kind in _KINDS},
    **{
        f"{module}.{name}": "Lock"
        for module in ("thread", "dummy_thread")
        for name in ("allocate_lock", "allocate")
    },
}
"""What makes a lock, and its kind."""

MAKERS = frozenset(name.rpartition(".")[2] for name in _MAKERS)
"""The words of which a file says one where it makes a lock, whatever it calls it."""

_NAME_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LOCK_WORDS = frozenset(
    {
        "lock",
        "locks",
        "locked",
        "mutex",
        "semaphore",
        "sem",
        "condition",
        "cond",
        "synchronized",
        "synchronised",
    }
)
_ENDS_IN_LOCK = re.compile(r"(?<![bc])r?lock$")
_OTHER_LOCKS = re.compile(r"memcache|datastore|distributed|redis|file_?lock|deadlock", re.IGNORECASE)
_CONTAINERS = frozenset(
    {
        "argument_list", "keyword_argument", "list", "tuple", "dictionary", "pair", "set", "call",
        "list_comprehension", "dictionary_comprehension", "set_comprehension", "generator_expression",
        "lambda", "default_parameter", "subscript",
    }
)  # fmt: skip
_SAME_VALUE = frozenset({"parenthesized_expression", "conditional_expression", "boolean_operator"})


class Home(Enum):
    """Where a lock lives, which says who shares it."""

    MODULE = "module"  # a name of a module, or an attribute of a function
    CLASS = "class"  # an attribute of a class
    INSTANCE = "instance"  # an attribute of each instance of a class
    LOCAL = "local"  # a name of a function: made anew for each call
    NOWHERE = "nowhere"  # bound to no name: `with threading.Lock():`
    ELSEWHERE = "elsewhere"  # in a table, handed on, or an attribute of an object that is not known
    UNKNOWN = "unknown"  # it only goes by the name of a lock: a parameter, something from outside


class Lock(NamedTuple):
    """A lock of the app; two are the same when they are the same object.

    `kind` is the name that `threading` has for it, nothing when that is not known. `node` is the call that
    makes it, or where it is only used by its name that place. `owner` is the class or function whose
    attribute or local name it is.
    """

    kind: str
    home: Home
    name: str
    file: PythonFile
    node: Node
    owner: Code | None = None

    @property
    def is_known(self) -> bool:
        """Whether the place is known where it is made."""
        return self.home is not Home.UNKNOWN

    @property
    def is_reentrant(self) -> bool:
        """Whether the thread that holds it may take it again."""
        if self.kind == "Condition":
            return not any(arguments(self.node))
        return self.kind == "RLock"

    @property
    def title(self) -> str:
        """What to call it in a sentence: 'Cart._lock', 'lock'."""
        is_attribute = self.owner is not None and self.home is not Home.LOCAL
        return f"{self.owner.name}.{self.name}" if self.owner is not None and is_attribute else self.name

    @property
    def place(self) -> Place:
        """Where it is made."""
        return self.file.place(self.node)


@dataclass(eq=False)
class Locks:
    """All locks of an app.

    `made` finds them by the path and the first byte of the call that makes them, `attributes` by class or
    function (its `id`) and name, `by_name` the attributes by name alone.
    """

    all: list[Lock] = field(default_factory=list)
    made: dict[tuple[str, int], Lock] = field(default_factory=dict)
    names: dict[tuple[str, int], Lock] = field(default_factory=dict)
    attributes: dict[tuple[int, str], list[Lock]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[Lock]] = field(default_factory=lambda: defaultdict(list))

    def add(self, lock: Lock, names: list[Node]) -> None:
        """Take a lock up, with the identifiers that it is bound to."""
        path = lock.file.source.path
        self.all.append(lock)
        self.made[path, lock.node.start_byte] = lock
        for name in names:  # a condition comes before the lock that it is made of
            self.names.setdefault((path, name.start_byte), lock)
        if lock.owner is not None and lock.home is not Home.LOCAL:
            self.attributes[id(lock.owner), lock.name].append(lock)
            self.by_name[lock.name].append(lock)


def locks(app: App) -> tuple[Lock, ...]:
    """Every lock that the code of the app's request files makes, by path and position."""
    return tuple(known_locks(app).all)


@once_per_app
def known_locks(app: App) -> Locks:
    """The locks of the app's request files, with what they are found by."""
    code = app_code(app)
    found = Locks()
    for request_file in code.files.values():
        file = request_file.file
        for name in file.identifiers(*MAKERS, *file.other_names(MAKERS)):
            node = _chain(name)
            kind = _kind(app, file, node)
            if kind:
                call = node.parent
                is_called = call is not None and call.type == "call" and call.children[0] == node
                made = call if is_called and call is not None else node
                targets, is_held = _targets(made)
                if is_called or (is_held and targets):
                    found.add(_lock(code, file, made, kind, targets, is_held=is_held), targets)
    return found


def looks_like_lock(name: str) -> bool:
    """Whether a name says that a lock goes by it: 'cache_lock', 'writeLock', 'mutex'.

    Locks between instances of the app are none: 'memcache_lock'.
    """
    if _OTHER_LOCKS.search(name):
        return False
    parts = [part.lower() for part in _NAME_PART.findall(name)]
    return any(part in _LOCK_WORDS or _ENDS_IN_LOCK.search(part) for part in parts)


def _chain(name: Node) -> Node:
    """The attribute chain that ends in an identifier, or the identifier."""
    parent = name.parent
    is_end = parent is not None and parent.type == "attribute" and parent.children[0] != name
    return parent if is_end and parent is not None else name


def _kind(app: App, file: PythonFile, node: Node) -> str:
    """The kind of lock that a name makes when it is called, or nothing."""
    parent = node.parent
    if parent is None or parent.type in {"dotted_name", "aliased_import", "import_from_statement"}:
        return ""
    for found in definitions(app, file, node):
        if found.file is None and found.origin in _MAKERS:
            return _MAKERS[found.origin]
    return ""


def _targets(made: Node) -> tuple[list[Node], bool]:
    """What a new lock is assigned to, and whether something else holds it on the way there."""
    is_held = False
    targets: list[Node] = []
    child, outer = made, made.parent
    while outer is not None:
        if outer.type == "assignment" and outer.child_by_field_name("right") == child:
            left = outer.child_by_field_name("left")
            targets += [left] if left is not None else []
        elif outer.type == "expression_list" and outer.parent is not None:
            return _at_same_position(outer, child), is_held
        elif outer.type in _CONTAINERS or outer.type in {"for_in_clause", "if_clause"}:
            is_held = True
        elif outer.type not in _SAME_VALUE:
            break
        child, outer = outer, outer.parent
    return targets, is_held


def _at_same_position(values: Node, value: Node) -> list[Node]:
    """The `a` for the first value of `a, b = Lock(), Lock()`."""
    assignment = values.parent
    left = assignment.child_by_field_name("left") if assignment is not None else None
    if left is None or len(left.named_children) != len(values.named_children):
        return []
    return [left.named_children[values.named_children.index(value)]]


def _lock(
    code: AppCode, file: PythonFile, made: Node, kind: str, targets: list[Node], *, is_held: bool
) -> Lock:
    """A lock; of several things that it is assigned to, the one that lives longest says where it lives."""
    homes = [_home(code, file, target) for target in targets]
    order = [Home.MODULE, Home.CLASS, Home.ELSEWHERE, Home.INSTANCE, Home.LOCAL]
    home, name, owner = min(homes, key=lambda found: order.index(found[0]), default=(Home.NOWHERE, "", None))
    if is_held:
        home, owner = Home.ELSEWHERE, None
    return Lock(kind, home, name or "lock", file, made, owner)


def _home(code: AppCode, file: PythonFile, target: Node) -> tuple[Home, str, Code | None]:
    """Where something lives that is assigned to a target, its name there, and whose attribute it is."""
    if target.type == "identifier":
        return _home_of_name(code, file, target)
    owner_node = target.child_by_field_name("object") if target.type == "attribute" else None
    if owner_node is None:
        return Home.ELSEWHERE, "", None
    name = text(target.child_by_field_name("attribute"))
    function = code.around(file, target)
    cls = class_of(owner_node, function)
    if cls is not None:
        is_class = owner_node.type != "identifier" or _is_class_receiver(function, text(owner_node))
        return Home.CLASS if is_class else Home.INSTANCE, name, cls
    for found in code.meanings(file, owner_node):
        return Home.CLASS if isinstance(found, ClassCode) else Home.MODULE, name, found
    return Home.ELSEWHERE, name, None


def _is_class_receiver(function: FunctionCode | None, name: str) -> bool:
    """Whether a name is the `cls` of the class method around."""
    while function is not None and function.receiver != name:
        function = function.outer
    return function is not None and function.is_class_method


def _home_of_name(code: AppCode, file: PythonFile, name: Node) -> tuple[Home, str, Code | None]:
    scope = _scope_of(file, name)
    if scope is None or scope.node.type == "module":
        return Home.MODULE, text(name), None
    holder = code.at(file, scope.node)
    if isinstance(holder, ClassCode):
        return Home.CLASS, text(name), holder
    return Home.LOCAL, text(name), holder or code.around(file, name)


def _scope_of(file: PythonFile, name: Node) -> Scope | None:
    """The scope in which an assignment binds a name, `global` minded."""
    scope: Scope | None = file.scope_at(name)
    while scope is not None and all(found.name != name for found in scope.bindings.get(text(name), ())):
        scope = scope.parent
    return scope
