"""The races of an app: what requests do to each other when they change shared state at the same time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import Enum

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.finding import Severity
from gaebot.rules.python27.shared.threads.accesses import (
    ADDING,
    WRITING,
    Accesses,
    How,
    Read,
    Write,
    accesses,
)
from gaebot.rules.python27.shared.threads.checks import Check, Mentions, find_check
from gaebot.rules.python27.shared.threads.code import FunctionCode
from gaebot.rules.python27.shared.threads.constants import is_constant
from gaebot.rules.python27.shared.threads.effects import may_wait, stores
from gaebot.rules.python27.shared.threads.guards import guard_at, held_by_callers
from gaebot.rules.python27.shared.threads.request_values import request_values
from gaebot.rules.python27.shared.threads.state import Kind, State, is_container
from gaebot.syntax.python import PythonFile, ancestors, text

_EMPTY = frozenset({"list", "dictionary", "set", "none"})


class Problem(Enum):
    """What kind of race it is."""

    REQUEST_DATA = "request data is kept"
    COUNTER = "read, changed and written"
    CHECK_THEN_SET = "checked, then set"
    CONTAINER = "a container is changed"
    REBOUND = "given another value"


@dataclass(frozen=True, eq=False)
class Race:
    """What a function does to shared state without a lock.

    `write` is the one that a finding points at, `others` are further ones in the same function. `why` says in
    a sentence what can happen. `blocks` tells whether answers may be wrong, so that `threadsafe` should stay
    false; `check` is the test before the write, if there is one.
    """

    state: State
    problem: Problem
    write: Write
    others: tuple[Write, ...]
    severity: Severity
    why: str
    blocks: bool
    check: Check | None = None

    @property
    def function(self) -> FunctionCode:
        """The function that writes."""
        return self.write.function

    @property
    def file(self) -> PythonFile:
        """The file that it stands in."""
        return self.write.file


@once_per_app
def races(app: App) -> tuple[Race, ...]:
    """The races in an app's request code, by file and position."""
    found = _Judge(app).all()
    return tuple(sorted(found, key=lambda race: (race.file.source.path, race.write.statement.start_byte)))


class _Judge:
    """Judges the writes of each function to each state together."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.accesses: Accesses = accesses(app)
        self.values = request_values(app)

    def all(self) -> list[Race]:
        """Every race."""
        found: dict[tuple[object, ...], list[Race]] = defaultdict(list)
        for cases in self._cases().values():
            checks = [check for case in cases for check in case.own_checks()]
            for case in cases:
                case.take_over(checks)
                race = case.race()
                if race is not None:
                    found[self._group(race)].append(race)
        return [_worst(group) for group in found.values()]

    def _cases(self) -> dict[int, list[_Case]]:
        """What each function writes, one case for each state, by the function's id."""
        cases: dict[int, list[_Case]] = defaultdict(list)
        for state, writes in self.accesses.writes.items():
            open_writes = [write for write in writes if not self._is_guarded(write)]
            by_function: dict[int, list[Write]] = defaultdict(list)
            for write in open_writes:
                by_function[id(write.function)].append(write)
            for key, own in by_function.items():
                cases[key].append(_Case(self, state, own, writes))
        return cases

    @staticmethod
    def _group(race: Race) -> tuple[object, ...]:
        """What is told together.

        That is what one function does to one name, to all attributes of one object, or to the names that it
        sets together after one test.
        """
        state = race.state
        if race.problem is Problem.CHECK_THEN_SET and race.check is not None:
            return (id(race.function), state.kind, race.check.statement.start_byte)
        name = "" if state.kind is Kind.INSTANCE else state.name
        return (id(race.function), state.kind, state.path, state.holder, name)

    def _is_guarded(self, write: Write) -> bool:
        lock = guard_at(self.app, write.file, write.statement)
        return lock is not None or held_by_callers(self.app, write.function) is not None


def _worst(found: list[Race], writes: list[Write] | None = None) -> Race:
    """The worst of several races, with the writes of all of them."""
    order = list(Problem)
    worst = max(found, key=lambda race: (race.severity, -order.index(race.problem)))
    every = writes or [write for race in found for write in (race.write, *race.others)]
    others = tuple(write for write in every if write is not worst.write)
    return replace(worst, others=others)


@dataclass(eq=False)
class _Case:
    """One function, one state, and what it writes there."""

    judge: _Judge
    state: State
    writes: list[Write]
    everywhere: list[Write]

    def __post_init__(self) -> None:
        self.reads: list[Read] = self.judge.accesses.reads.get(self.state, [])
        self.file = self.writes[0].file
        self.mentions = Mentions(self.file, self.writes[0], self.reads)
        self.checks = {id(write): find_check(write, self.mentions) for write in self.writes}

    def own_checks(self) -> list[Check]:
        """The tests of the state on which its own writes depend."""
        return [
            check
            for write in self.writes
            if (check := self.checks[id(write)]) is not None and write.how in {How.REBIND, How.ITEM}
        ]

    def take_over(self, checks: list[Check]) -> None:
        """Let writes depend on the test of what is set with them: `if old(time): data = …; time = …`."""
        for write in self.writes:
            if self.checks[id(write)] is None and write.how is How.REBIND:
                self.checks[id(write)] = next((check for check in checks if check.decides(write)), None)

    def race(self) -> Race | None:
        """The worst that the writes come to."""
        found = [race for write in self.writes if (race := self._judge_write(write)) is not None]
        if not found:
            return None
        return _worst(found, self.writes)

    def _judge_write(self, write: Write) -> Race | None:
        check = self.checks[id(write)]
        if self.state.kind is Kind.DEFAULT:
            return self._default(write)
        if write.how in {How.AUGMENT, How.ITEM_AUGMENT} or self._mentions_itself(write):
            return self._counter(write, check)
        source = self._source(write)
        if source is not None:
            return self._request_data(write, check, source)
        is_set = write.how in {How.REBIND, How.ITEM} or write.method == "update"
        if check is not None and is_set:
            return self._check_then_set(write, check)
        if write.is_container:
            return self._container(write, check)
        return self._rebound(write)

    def _made(
        self,
        write: Write,
        problem: Problem,
        severity: Severity,
        why: str,
        *,
        blocks: bool,
        check: Check | None = None,
    ) -> Race:
        return Race(self.state, problem, write, (), severity, why, blocks, check)

    # -- read-modify-write -------------------------------------------------------------------

    def _mentions_itself(self, write: Write) -> bool:
        """`x = x + 1`, `d[k] = d.get(k, 0) + 1`; not `x = x or load()`, and not a look-up of a part."""
        value = write.value
        if value is None or write.how not in {How.REBIND, How.ITEM}:
            return False
        if value.type in {"boolean_operator", "conditional_expression", "lambda"}:
            return False
        return bool(self.mentions.within(value))

    def _counter(self, write: Write, check: Check | None) -> Race:
        what = "an item of it" if write.is_container else "it"
        why = f"Two requests can both read {what} and then both write: one of the changes is lost."
        return self._made(write, Problem.COUNTER, Severity.WARNING, why, blocks=True, check=check)

    # -- request data ------------------------------------------------------------------------

    def _source(self, write: Write) -> str | None:
        """What of the request is put there, under a name that all requests use."""
        if write.how is How.REBIND:
            return self._from_request(write, write.value)
        if write.how is How.ITEM and write.key is not None and is_constant(self.file, write.key):
            return self._from_request(write, write.value)
        if write.method == "update" and write.value is not None and not self._is_keyed(write.value):
            return self._from_request(write, write.value)
        return None

    def _is_keyed(self, value: Node) -> bool:
        """Whether what `update` takes has keys that differ: `{key: …}`."""
        pairs = [node for node in value.named_children if node.type == "pair"]
        return any(
            key is not None and not is_constant(self.file, key)
            for key in (pair.child_by_field_name("key") for pair in pairs)
        )

    def _from_request(self, write: Write, value: Node | None) -> str | None:
        return self.judge.values.source(write.function, value) if value is not None else None

    def _request_data(self, write: Write, check: Check | None, source: str) -> Race:
        problem = Problem.REQUEST_DATA
        if self.state.kind is Kind.INSTANCE and stores(write):
            why = "It is one object for all requests, and they see it while it is only changed in part."
            return self._made(write, Problem.REBOUND, Severity.WARNING, why, blocks=True)
        if check is not None and write.how is How.REBIND:
            why = f"It comes from {source} of the first request, and all later ones get that."
            return self._made(write, problem, Severity.WARNING, why, blocks=True, check=check)
        why = f"It comes from {source}; requests that run at the same time read each other's."
        is_read = bool(self.reads) or self.state.kind is Kind.INSTANCE
        severity = Severity.ERROR if is_read else Severity.WARNING
        return self._made(write, problem, severity, why, blocks=is_read)

    # -- check, then set ---------------------------------------------------------------------

    def _check_then_set(self, write: Write, check: Check) -> Race:
        problem = Problem.CHECK_THEN_SET
        early = self._set_too_early(write, check)
        if early is not None:
            return self._made(write, problem, Severity.WARNING, early, blocks=True, check=check)
        if may_wait(self.judge.app, write.function, check.statement) or self._waits_outside(write, check):
            why = "Requests that come before it is set all do the work, which waits for a service or a file."
            return self._made(write, problem, Severity.WARNING, why, blocks=False, check=check)
        why = (
            "At worst requests that come at the same time make the same value twice, which is harmless: a "
            "lock would cost more."
        )
        return self._made(write, problem, Severity.NOTE, why, blocks=False, check=check)

    def _waits_outside(self, write: Write, check: Check) -> bool:
        """Whether what is done between the check and the write, where the check leaves early, waits."""
        if write.statement.start_byte < check.statement.end_byte:
            return False
        return may_wait(
            self.judge.app,
            write.function,
            write.function.node,
            (check.statement.end_byte, write.statement.end_byte),
        )

    def _set_too_early(self, write: Write, check: Check) -> str | None:
        """Why others can find a value that is not ready: it is set first and filled, or earned, later."""
        value = write.value
        if write.how is How.ITEM and _is_in_loop(write, check) and self._asks_for_the_whole(check):
            return "It is filled piece by piece: other requests use it while it is incomplete."
        if value is None or write.how is not How.REBIND:
            return None
        later = [w for w in self.writes if w.statement.start_byte > write.statement.end_byte]
        if later and (value.type in _EMPTY or is_container(self.file, value)):
            return "It is set before it is filled: other requests use it while it is incomplete."
        leaves = write.statement.start_byte > check.statement.end_byte
        end = write.function.node.end_byte if leaves else check.statement.end_byte
        if value.type == "true" and may_wait(
            self.judge.app, write.function, write.function.node, (write.statement.end_byte, end)
        ):
            return "It is set before the work is done: other requests go on without it."
        if value.type in {"true", "false", "integer"} and may_wait(
            self.judge.app,
            write.function,
            write.function.node,
            (check.first.start_byte, write.statement.start_byte),
        ):
            return "Several requests can pass the test before one of them sets it."
        return None

    def _is_one_for_all(self, write: Write) -> bool:
        """Whether all requests put values of their own under the same key."""
        has_key = write.key is not None and is_constant(self.file, write.key)
        return has_key and write.value is not None and not is_constant(self.file, write.value)

    def _asks_for_the_whole(self, check: Check) -> bool:
        """Whether a test asks whether there is anything in a container, and not for one key."""
        condition = check.statement.child_by_field_name("condition")
        asked = self.mentions.within(condition) if condition is not None else []
        return bool(asked) and all(_is_truth(node) for node in asked)

    # -- containers --------------------------------------------------------------------------

    def _container(self, write: Write, check: Check | None) -> Race | None:
        problem = Problem.CONTAINER
        if write.method in WRITING:
            why = "What requests write there at the same time gets mixed."
            return self._made(write, problem, Severity.WARNING, why, blocks=True, check=check)
        if write.takes_out:
            why = "Another request may take out what this one has just seen, or go through it meanwhile."
            return self._made(write, problem, Severity.WARNING, why, blocks=True, check=check)
        if self.state.kind in {Kind.CLOSURE, Kind.FUNCTION}:
            why = "At worst the same value is made twice; but it only ever grows, and is never up to date."
            return self._made(write, problem, Severity.NOTE, why, blocks=False, check=check)
        if any(read.is_iteration for read in self.reads):
            why = "A request that goes through it at that moment fails or misses an item."
            return self._made(write, problem, Severity.WARNING, why, blocks=True, check=check)
        if self._is_emptied():
            why = "Other requests empty it, or put another one in its place, at any moment."
            return self._made(write, problem, Severity.WARNING, why, blocks=True, check=check)
        if write.how is How.ITEM and self.reads and self._is_one_for_all(write):
            why = "Another request may put another value there before this one has read it."
            return self._made(write, problem, Severity.WARNING, why, blocks=True, check=check)
        if check is not None and write.method in {"append", "extend", "insert"}:
            why = "Two requests can both find that something is not in it yet, and both add it."
            return self._made(write, problem, Severity.WARNING, why, blocks=True, check=check)
        if write.method in ADDING - {"setdefault"} and self.state.kind is Kind.CLASS:
            why = "The class keeps it for all objects, so each request finds what earlier ones put there."
            return self._made(write, problem, Severity.WARNING, why, blocks=True, check=check)
        why = (
            "Each single change is safe in CPython, but all requests see it, it is kept in one process only, "
            "and it grows until the process ends."
        )
        return self._made(write, problem, Severity.NOTE, why, blocks=False, check=check)

    def _is_emptied(self) -> bool:
        return any(write.how is How.REBIND or write.takes_out for write in self.everywhere)

    def _default(self, write: Write) -> Race | None:
        value = self.state.binding.name.parent if self.state.binding is not None else None
        default = value.child_by_field_name("value") if value is not None else None
        if not write.is_container or default is None:
            return None
        is_empty = not default.named_children
        if is_empty and write.takes_out and write.how is not How.ITEM:
            return None
        why = (
            "Python makes a default value once: what one call puts into it, all later ones find there, "
            "whichever request they belong to."
        )
        check = self.checks[id(write)]
        if (check is not None and write.how is How.ITEM) or write.method == "setdefault":
            why = "It is a cache that all calls share; at worst the same value is made twice."
            return self._made(write, Problem.CONTAINER, Severity.NOTE, why, blocks=False, check=check)
        return self._made(write, Problem.CONTAINER, Severity.WARNING, why, blocks=True)

    # -- plain assignments -------------------------------------------------------------------

    def _rebound(self, write: Write) -> Race:
        problem = Problem.REBOUND
        if write.value is not None and self._is_same_everywhere(write):
            why = "All requests set the same value, so this is harmless: set it where the module is loaded."
            return self._made(write, problem, Severity.NOTE, why, blocks=False)
        if not self._is_used():
            why = (
                "No request reads it by this name; if something else does, it gets the value of any request."
            )
            return self._made(write, problem, Severity.NOTE, why, blocks=False)
        why = "Another request may set it before this one, or one that relies on this value, has read it."
        return self._made(write, problem, Severity.WARNING, why, blocks=True)

    def _is_used(self) -> bool:
        """Whether requests may use the value, as far as its name tells.

        What goes through its container uses it, and for an object its name alone tells little.
        """
        is_open = self.state.kind is Kind.INSTANCE or self.state.name == "*"
        return bool(self.reads) or is_open or any(write.is_container for write in self.everywhere)

    def _is_same_everywhere(self, write: Write) -> bool:
        """Whether each request gives the state the same constant value."""
        texts = {
            text(each.value) if each.value is not None else ""
            for each in self.everywhere
            if each.how is not How.METHOD
        }
        own = write.value
        if own is None or own.type in _EMPTY or is_container(write.file, own):
            return False
        if own.parent is not None and own.parent.type == "for_statement":
            return False
        return len(texts) == 1 and is_constant(write.file, own)


def _is_in_loop(write: Write, check: Check) -> bool:
    """Whether a loop stands around a write, inside what a test decides about or behind it."""
    for outer in ancestors(write.statement):
        if outer.id in {check.statement.id, write.function.node.id}:
            return False
        if outer.type in {"for_statement", "while_statement"}:
            return True
    return False


def _is_truth(node: Node) -> bool:
    """Whether an expression is asked for its truth or length: `not cache`, `len(cache) == 0`."""
    parent = node.parent
    if parent is None or parent.type in {"subscript", "attribute"}:
        return False
    return parent.type != "comparison_operator" or " in " not in f" {text(parent)} "
