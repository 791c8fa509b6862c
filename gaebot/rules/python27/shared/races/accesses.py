"""Where request code changes what requests share, and where it reads that."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.races.state import Kind, State
from gaebot.rules.python27.shared.races.state_finder import state_finder
from gaebot.rules.python27.shared.reach.code import FunctionCode
from gaebot.rules.python27.shared.reach.dead_code import never_runs
from gaebot.rules.python27.shared.reach.kept_lambdas import kept_lambda
from gaebot.rules.python27.shared.reach.requests import request_code
from gaebot.syntax.imports import is_name
from gaebot.syntax.nodes import ancestors, arguments, scope_node, string_value, text
from gaebot.syntax.python import PythonFile

_OF_TESTS = re.compile(r"(?:^|_)(?:for_)?test(?:s|ing)?(?:_|$)", re.IGNORECASE)
_TUPLES = frozenset({"pattern_list", "tuple_pattern", "list_pattern", "expression_list", "tuple", "list"})

ADDING = frozenset({"add", "append", "appendleft", "extend", "extendleft", "setdefault", "update", "insert"})
"""Methods that put something into a container."""

REMOVING = frozenset(
    {
        "clear", "discard", "pop", "popitem", "popleft", "remove", "reverse", "sort", "difference_update",
        "intersection_update", "symmetric_difference_update",
    }
)  # fmt: skip
"""Methods that take something out of a container, or put it in another order."""

WRITING = frozenset({"write", "writelines", "truncate"})
"""Methods that change a text in memory: a `StringIO`."""

_CHANGING = {
    "heapq.heappush": "insert", "heapq.heappop": "pop", "heapq.heapreplace": "pop",
    "heapq.heappushpop": "pop", "heapq.heapify": "sort", "bisect.insort": "insert",
    "bisect.insort_left": "insert", "bisect.insort_right": "insert", "random.shuffle": "sort",
}  # fmt: skip
"""Functions that change the list that they get first, and the method that does alike."""

_ITERATING = frozenset({"for_statement", "for_in_clause"})
_ITERATING_CALLS = frozenset(
    {
        "all", "any", "copy", "deepcopy", "dict", "enumerate", "extend", "filter", "join", "list", "map",
        "max", "min", "reversed", "set", "sorted", "sum", "tuple", "update", "zip",
    }
)  # fmt: skip


class How(Enum):
    """What a write does."""

    REBIND = "is given another value"
    AUGMENT = "is counted up"
    DELETE = "is deleted"
    ITEM = "gets an item"
    ITEM_AUGMENT = "has an item counted up"
    ITEM_DELETE = "loses an item"
    METHOD = "is changed by a method"


class Write(NamedTuple):
    """One place where request code changes shared state.

    `statement` is the whole statement or call, `target` the expression that is the state in it, `value`
    what is put there, if one expression says it. `method` is the name of the method for `How.METHOD`.
    """

    state: State
    function: FunctionCode
    how: How
    statement: Node
    target: Node
    value: Node | None = None
    key: Node | None = None
    method: str = ""

    @property
    def file(self) -> PythonFile:
        """The file that it stands in."""
        return self.function.file

    def holds(self, read: Read) -> bool:
        """Whether a read stands in its statement: `n = n + 1`."""
        start, end = self.statement.start_byte, self.statement.end_byte
        return read.file is self.file and start <= read.node.start_byte < end

    @property
    def is_container(self) -> bool:
        """Whether it changes what the state holds, not what it is."""
        return self.how not in {How.REBIND, How.AUGMENT, How.DELETE}

    @property
    def is_part(self) -> bool:
        """Whether it changes something that the state's container holds, and not that itself."""
        is_named = self.target.type in {"identifier", "attribute"}
        return not is_named or text(self.target).rpartition(".")[2] != self.state.name

    @property
    def takes_out(self) -> bool:
        """Whether it takes items out of a container or moves them; `items[:] = […]` does too."""
        is_slice = self.how is How.ITEM and self.key is not None and self.key.type == "slice"
        return is_slice or self.method in REMOVING or self.how in {How.ITEM_DELETE, How.DELETE}


@dataclass(frozen=True, eq=False)
class Read:
    """One place where request code uses shared state."""

    state: State
    function: FunctionCode
    node: Node

    @property
    def file(self) -> PythonFile:
        """The file that it stands in."""
        return self.function.file

    @cached_property
    def is_iteration(self) -> bool:
        """Whether it goes through the items of a container, which fails when others change it."""
        node, parent = self.node, self.node.parent
        if parent is not None and parent.type == "attribute" and parent.child_by_field_name("object") == node:
            called = text(parent.child_by_field_name("attribute"))
            if called in {"iteritems", "itervalues", "iterkeys"}:
                return True
            if called in {"items", "values", "keys"} and parent.parent is not None:
                return False  # Python 2 builds a list in one step
        if parent is None:
            return False
        if parent.type in _ITERATING:
            return parent.child_by_field_name("right") == node
        if parent.type == "argument_list" and parent.parent is not None:
            function = parent.parent.child_by_field_name("function")
            return text(function).rpartition(".")[2] in _ITERATING_CALLS and "[" not in text(function)
        return False


class Accesses(NamedTuple):
    """The writes and reads of each state that request code changes.

    `elsewhere` are the states that code reads which no request runs: a tool, a test's helper.
    """

    writes: dict[State, list[Write]]
    reads: dict[State, list[Read]]
    elsewhere: frozenset[State]


@once_per_app
def has_asked_writes(app: App) -> bool:
    """Whether request code changes what requests share in one of the files in which findings are wanted."""
    if app.asks_for_all:
        return bool(accesses(app).writes)  # which others want to know as well
    finder = _WriteFinder(app)
    return any(True for file in finder.finder.code.asked for _ in finder.in_file(file.file))


@once_per_app
def accesses(app: App) -> Accesses:
    """Where request code changes and reads what requests share, by file and position."""
    writes: dict[State, list[Write]] = defaultdict(list)
    finder = _WriteFinder(app)
    for write in finder.all():
        writes[write.state].append(write)
    written = {write.target.id for found in writes.values() for write in found}
    reads, elsewhere = _reads(app, writes.keys(), written)
    return Accesses(dict(writes), reads, elsewhere)


class _WriteFinder:
    """Goes through the request code once."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.finder = state_finder(app)

    def all(self) -> Iterator[Write]:
        """The writes, file by file."""
        for request_file in self.finder.code.files.values():
            found = list(self.in_file(request_file.file))
            yield from sorted(found, key=lambda write: (write.statement.start_byte, write.target.start_byte))

    def in_file(self, file: PythonFile) -> Iterator[Write]:
        """The writes in one file, by their kinds."""
        for find in (self._global_names, self._assignments, self._methods, self._functions):
            for write in find(file):
                if not _OF_TESTS.search(write.state.name):
                    yield write

    def _around(self, file: PythonFile, call: Node) -> FunctionCode | None:
        """The function whose code a call belongs to, or the lambda that a module or class keeps."""
        return self.finder.code.around(file, call) or kept_lambda(self.app, file, call)

    def _runs(self, function: FunctionCode, node: Node) -> bool:
        """Whether a request gets to a node in a function.

        That is the last question: who gets where is only looked for where there is something to be found.
        """
        return not never_runs(self.app, function.file, node) and request_code(self.app).runs(function)

    def _global_names(self, file: PythonFile) -> Iterator[Write]:
        """Module-level names that functions bind after `global`."""
        if "global" not in file.words:
            return
        for bindings in file.scope.bindings.values():
            for binding in bindings:
                if scope_node(binding.name).type != "function_definition" or binding.kind == "def":
                    continue
                function = self.finder.code.around(file, binding.name)
                state = self.finder.state_of(file, binding.name, function)
                if function is None or state is None or state.kind is not Kind.GLOBAL:
                    continue
                if not self._runs(function, binding.name):
                    continue
                how = How.AUGMENT if binding.kind == "augment" else How.REBIND
                statement, value = binding.statement, binding.value or _given(binding.name)
                if how is How.AUGMENT and statement.parent is not None:
                    statement = statement.parent
                    value = statement.child_by_field_name("right")
                    if self._adds_in_place(state, statement):
                        yield Write(
                            state, function, How.METHOD, statement, binding.name, value, method="extend"
                        )
                        continue
                yield Write(state, function, how, statement, binding.name, value)

    def _assignments(self, file: PythonFile) -> Iterator[Write]:
        for left, statement in file.assigned:
            for target in left.named_children if left.type in _TUPLES else [left]:
                if target.type in {"attribute", "subscript"}:
                    yield from self._assignment(file, statement, target)

    def _assignment(self, file: PythonFile, statement: Node, target: Node) -> Iterator[Write]:
        function = self.finder.code.around(file, target)
        if function is not None:
            for write in self._written(file, statement, target, function):
                if self._runs(function, target):
                    yield write

    def _written(
        self, file: PythonFile, statement: Node, target: Node, function: FunctionCode
    ) -> Iterator[Write]:
        is_augmented, is_deleted = (
            statement.type == "augmented_assignment",
            statement.type == "delete_statement",
        )
        is_part = target.type == "subscript"
        state = (
            self.finder.of_globals(file, target) if is_part else self.finder.state_of(file, target, function)
        )
        is_of_object = state is not None and state.kind is not Kind.CLASS and _is_self(target, function)
        if is_of_object and self.finder.instances.of(function) is None:
            return  # `self.x = …` gives the object another value, whatever it shared before
        value = _given(target)
        if state is not None and value is not None and text(value) == text(target):
            return
        if state is not None:
            if is_augmented and self._adds_in_place(state, statement):
                yield Write(state, function, How.METHOD, statement, target, value, method="extend")
                return
            if state.kind is Kind.CLASS and _is_self(target, function):
                return  # `self.x = …` makes an attribute of the instance
            how = How.AUGMENT if is_augmented else How.DELETE if is_deleted else How.REBIND
            yield Write(state, function, how, statement, target, value)
        elif is_part:
            holder = target.child_by_field_name("value")
            state = self.finder.state_of(file, holder, function) if holder is not None else None
            if state is not None and holder is not None and not self.finder.has_own_items(state):
                how = How.ITEM_AUGMENT if is_augmented else How.ITEM_DELETE if is_deleted else How.ITEM
                key = target.child_by_field_name("subscript")
                yield Write(state, function, how, statement, holder, value, key)

    def _adds_in_place(self, state: State, statement: Node) -> bool:
        """Whether `items += […]` puts items into the list that is there; numbers and texts are replaced."""
        operator = statement.child_by_field_name("operator")
        return operator is not None and text(operator) == "+=" and self.finder.is_list(state)

    def _methods(self, file: PythonFile) -> Iterator[Write]:
        """Calls of methods that change a container."""
        for name in file.identifiers(*ADDING, *REMOVING, *WRITING):
            member = name.parent
            call = member.parent if member is not None else None
            if call is None or call.type != "call" or member is None or is_name(name):
                continue
            owner = member.child_by_field_name("object")
            if call.child_by_field_name("function") != member or owner is None:
                continue
            function = self._around(file, call)
            state = self.finder.state_of(file, owner, function) if function is not None else None
            if state is None or function is None or not self.finder.may_be_container(state, text(name)):
                continue
            if not self._runs(function, call):
                continue
            positional, named = arguments(call)
            value = positional[-1] if positional else next(iter(named.values()), None)
            key = positional[0] if len(positional) > 1 else None
            yield Write(state, function, How.METHOD, call, owner, value, key, text(name))

    def _functions(self, file: PythonFile) -> Iterator[Write]:
        """Calls of functions that change a list, and of `setattr`."""
        for call in file.calls(*_CHANGING):
            positional, _ = arguments(call)
            function = self._around(file, call)
            state = self.finder.state_of(file, positional[0], function) if positional and function else None
            called = call.child_by_field_name("function")
            if state is None or function is None or not self._runs(function, call):
                continue
            if called is not None:
                method = next(_CHANGING[name] for name in sorted(file.origins(called)) if name in _CHANGING)
                value = positional[1] if len(positional) > 1 else None
                yield Write(state, function, How.METHOD, call, positional[0], value, method=method)
        for name in file.identifiers("setattr"):
            holder = name.parent
            if holder is None or holder.type != "call":
                continue
            positional, _ = arguments(holder)
            function = self._around(file, holder)
            if len(positional) == 3 and function is not None:
                name_given = string_value(positional[1]) or "*"
                state = self.finder.named_attribute(file, positional[0], name_given, function)
                if state is not None and self._runs(function, holder):
                    yield Write(state, function, How.REBIND, holder, positional[0], positional[2])


def _given(target: Node) -> Node | None:
    """What an assignment gives to a target; of `a, b = c, d` what stands in its place.

    For one of several names that a call or a loop fills, it is the call, or what the loop goes through.
    """
    place: list[tuple[int, int]] = []
    child = target
    for outer in ancestors(target):
        if outer.type in {"assignment", "augmented_assignment", "for_statement"}:
            value = outer.child_by_field_name("right")
            is_loop = outer.type == "for_statement"
            for index, count in [] if is_loop else reversed(place):
                if value is None or value.type not in _TUPLES or value.named_child_count != count:
                    break
                value = value.named_children[index]
            return value
        if outer.type == "type_alias_statement" and len(outer.named_children) == 2:
            right = outer.named_children[1]
            return right.named_children[0] if right.named_children else None
        if outer.type == "type":
            continue
        if outer.type not in _TUPLES:
            return None
        place.append((outer.named_children.index(child), outer.named_child_count))
        child = outer
    return None


def _is_self(target: Node, function: FunctionCode) -> bool:
    """Whether an attribute is one of the instance that a method runs on."""
    owner = target.child_by_field_name("object")
    return owner is not None and text(owner) == function.receiver and not function.is_class_method


def _reads(
    app: App, states: Iterable[State], written: set[int]
) -> tuple[dict[State, list[Read]], frozenset[State]]:
    """The reads of some states, without the nodes that are written to. Each file is gone through once.

    With the states that code reads which no request runs.
    """
    wanted = set(states)
    if not wanted:
        return {}, frozenset()
    finder, requests = state_finder(app), request_code(app)
    names = {state.name for state in wanted}
    found: dict[State, list[Read]] = defaultdict(list)
    elsewhere: set[State] = set()
    for request_file in finder.code.files.values():
        file = request_file.file
        for name in file.identifiers(*names):
            node = name if is_name(name) or name.parent is None else name.parent
            function = finder.code.around(file, name) or kept_lambda(app, file, name)
            if function is None or _is_declared(node):
                continue
            state = finder.state_of(file, node, function) or finder.read_through_self(node, function)
            if state is None or state not in wanted or node.id in written or _is_written(node):
                continue
            if requests.runs(function):
                found[state].append(Read(state, function, node))
            else:
                elsewhere.add(state)
    return dict(found), frozenset(elsewhere)


def _is_declared(node: Node) -> bool:
    return any(outer.type == "global_statement" for outer in (node.parent,) if outer is not None)


def _is_written(node: Node) -> bool:
    """Whether an expression, or an item of it, is only assigned to there."""
    child = node
    for outer in ancestors(node):
        if outer.type == "subscript" and outer.child_by_field_name("value") == child:
            child = outer
            continue
        if outer.type in {"assignment", "augmented_assignment"}:
            return outer.child_by_field_name("left") == child
        if outer.type == "delete_statement":
            return True
        if outer.type not in _TUPLES:
            return False
        child = outer
    return False
