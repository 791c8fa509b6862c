"""The lock that mends a race: from the first test, or read, to the last write, or use of the number."""

from __future__ import annotations

from collections import deque

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Fix, Severity
from gaebot.rules.python27.shared.locks.guards import guard_at
from gaebot.rules.python27.shared.locks.lock_patch import add_lock, known_lock, lock_name
from gaebot.rules.python27.shared.races.accesses import Write, accesses
from gaebot.rules.python27.shared.races.checks import enclosing_statements
from gaebot.rules.python27.shared.races.effects import may_wait
from gaebot.rules.python27.shared.races.numbers import taken_reads
from gaebot.rules.python27.shared.races.races import Problem, Race, races
from gaebot.rules.python27.shared.races.state import Kind
from gaebot.rules.python27.shared.reach.calls import mentions
from gaebot.rules.python27.shared.reach.code import FunctionCode
from gaebot.syntax.nodes import text

_PATCHED = frozenset({Problem.COUNTER, Problem.CHECK_THEN_SET})
_STEPS = 200  # how many functions are looked through for one that takes the lock again
_MOST_LINES = 40  # more than that is not put under a lock: what runs there is for a human to sort out


def lock_fix(app: App, race: Race) -> Fix | None:
    """The patch that holds a lock where a function tests, or reads, and then sets what requests share.

    None for races that a lock does not mend, and where the lock can't be written for certain.
    """
    return app.remember((lock_fix, id(race)), lambda: _lock_fix(app, race))


def _lock_fix(app: App, race: Race) -> Fix | None:
    state = race.state
    if race.problem not in _PATCHED or race.severity is Severity.NOTE or state.binding is None:
        return None
    if state.file is not race.file or state.kind not in {Kind.GLOBAL, Kind.CLASS}:
        return None
    if race.file.source.path in app.read_only or app.is_vendored(race.file.source.path):
        return None
    receiver = _receiver(race.write) if state.kind is Kind.CLASS else ""
    statements = _guarded(app, race)
    if (
        receiver is None
        or not statements
        or _is_too_much(statements)
        or (state.owner is None and state.kind is Kind.CLASS)
    ):
        return None
    owner = state.owner.node if state.owner is not None and state.kind is Kind.CLASS else None
    name = lock_name(state.name)
    existing = known_lock(race.file, owner, name)
    used = existing is not None and _is_used(app, race, existing)
    is_reentrant = (
        text(existing).rstrip().endswith("RLock()")
        if used and existing is not None
        else _comes_back(app, race, statements)
    )
    title = f"Hold a lock while `{race.function.title}` sets `{state.title}`"
    return add_lock(
        app,
        race.file,
        statements,
        anchor=state.binding.statement,
        owner=owner,
        receiver=receiver,
        name=name,
        reentrant=is_reentrant,
        title=title,
        existing=name if used else None,
    )


def _receiver(write: Write) -> str | None:
    """How a function reaches the class that keeps an attribute: 'cls', 'Configuration'."""
    owner = write.target.child_by_field_name("object") if write.target.type == "attribute" else None
    return text(owner) if owner is not None and owner.type in {"identifier", "attribute"} else None


def _guarded(app: App, race: Race) -> list[Node]:
    """The statements to hold the lock around: from the first test, or write, to the last write.

    Of a counter also those that take its number, as far as nothing between them waits for a service.
    """
    writes = [race.write, *race.others]
    if race.problem is Problem.COUNTER and race.check is None:
        writes = writes[:1]  # each of several has a `with` of its own, made one after the other
    nodes = [write.statement for write in writes]
    if race.check is not None:
        nodes += [race.check.first, race.check.statement]
    taken = [read.node for read in taken_reads(app, race.write)] if race.problem is Problem.COUNTER else []
    nodes = sorted([*nodes, *taken], key=lambda node: (node.start_byte, -node.end_byte))
    statements = enclosing_statements(nodes, race.function.node)
    if taken and statements:
        held = (statements[0].start_byte, statements[-1].end_byte)
        if may_wait(app, race.function, race.function.node, held):
            return []
    return statements


def _is_too_much(statements: list[Node]) -> bool:
    return statements[-1].end_point[0] - statements[0].start_point[0] >= _MOST_LINES


def _is_used(app: App, race: Race, lock: Node) -> bool:
    """Whether a lock of that name already guards other writes of the same state."""
    for write in accesses(app).writes.get(race.state, ()):
        guard = guard_at(app, write.file, write.statement)
        if guard is not None and lock.start_byte <= guard.lock.node.start_byte < lock.end_byte:
            return True
    return False


def _comes_back(app: App, race: Race, statements: list[Node]) -> bool:
    """Whether what runs under the lock may call a function that takes the same lock."""
    takers = {id(other.function) for other in races(app) if other.state == race.state}
    start, end = statements[0].start_byte, statements[-1].end_byte
    known = mentions(app).in_function
    waiting = deque(
        target
        for mention in known(race.function)
        if start <= mention.node.start_byte < end
        for target in mention.sure
    )
    seen: set[int] = set()
    while waiting and len(seen) < _STEPS:
        code = waiting.popleft()
        if id(code) in takers:
            return True
        if id(code) not in seen and isinstance(code, FunctionCode):
            seen.add(id(code))
            waiting += [target for mention in known(code) for target in mention.sure]
    return False
