"""Findings about races: what they say, the places that belong to them, and the lock that mends them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.severity import serves_concurrently
from gaebot.rules.python27.shared.threads.accesses import Write, accesses
from gaebot.rules.python27.shared.threads.calls import mentions
from gaebot.rules.python27.shared.threads.checks import enclosing_statements
from gaebot.rules.python27.shared.threads.code import FunctionCode
from gaebot.rules.python27.shared.threads.guards import guard_at
from gaebot.rules.python27.shared.threads.lock_patch import add_lock, known_lock, lock_name
from gaebot.rules.python27.shared.threads.races import Problem, Race, races
from gaebot.rules.python27.shared.threads.requests import how
from gaebot.rules.python27.shared.threads.state import Kind
from gaebot.syntax.python import text

_PATCHED = frozenset({Problem.COUNTER, Problem.CHECK_THEN_SET})
_RELATED = 6  # how many further places a finding names
_STEPS = 200  # how many functions are looked through for one that takes the lock again

_DOING = {
    Problem.REQUEST_DATA: "keeps data of one request in it",
    Problem.COUNTER: "changes what it read there, without a lock",
    Problem.CHECK_THEN_SET: "tests it and then sets it, without a lock",
    Problem.CONTAINER: "changes what it holds, without a lock",
    Problem.REBOUND: "gives it another value, without a lock",
}
_WAY_OUT = {
    Problem.REQUEST_DATA: (
        "Hand it on as an argument, keep it on the request, or in a `threading.local()` that is set anew for "
        "each request."
    ),
    Problem.COUNTER: (
        "Hold a lock from the read to the write; to count over all instances, use memcache or the datastore."
    ),
    Problem.CHECK_THEN_SET: "Hold a lock from the test on, or make the value when the module is loaded.",
    Problem.CONTAINER: (
        "Keep in memcache or the datastore what requests have in common, and make in the handler what "
        "belongs to one; or hold a lock around each use."
    ),
    Problem.REBOUND: (
        "Hand the value on as an argument; keep what belongs to a request in a `threading.local()`, and hold "
        "a lock where all requests need it."
    ),
}
_DEFAULT_WAY_OUT = "Write `None` as the default, and make a new one in the function."
_OBJECT_WAY_OUT = (
    "Keep in local names what belongs to a request; what all requests need, change under a lock."
)


def race_finding(app: App, rule: Rule, race: Race) -> Finding:
    """The finding of a rule about one race."""
    source = race.write.file
    place = source.place(race.write.statement)
    severity = race.severity
    message = f"All requests share {race.state.what} and this {_DOING[race.problem]}. {race.why}"
    if severity is not Severity.NOTE:
        message += f" {_way_out(race)}"
    message += f" {how(app, race.function)}"
    if not serves_concurrently(app, source.source.path):
        severity = Severity.NOTE
        message += " It does no harm while requests are served one after the other."
    related = tuple(_related(app, race))
    return rule.finding(place, message, fix=lock_fix(app, race), related=related, severity=severity)


def _way_out(race: Race) -> str:
    if race.state.kind is Kind.DEFAULT:
        return _DEFAULT_WAY_OUT
    if race.state.kind is Kind.INSTANCE and race.problem in {Problem.CONTAINER, Problem.REBOUND}:
        return _OBJECT_WAY_OUT
    return _WAY_OUT[race.problem]


def _related(app: App, race: Race) -> Iterator[Related]:
    """Where the state is kept, what else changes it, and where it is read."""
    if race.state.binding is not None:
        yield Related(race.state.file.place(race.state.binding.name), "It is kept here.")
    elif race.state.owner is not None:
        name = race.state.owner.node.child_by_field_name("name")
        yield Related(race.state.file.place(name or race.state.owner.node), "This class keeps it.")
    known = accesses(app)
    own = {id(write) for write in (race.write, *race.others)}
    writes = [*race.others, *(w for w in known.writes.get(race.state, ()) if id(w) not in own)]
    for write in writes[:_RELATED]:
        what = "it too" if write.state == race.state else f"`{write.state.title}` with it"
        yield Related(write.file.place(write.statement), f"`{write.function.title}` changes {what}.")
    for read in known.reads.get(race.state, ()):
        if read.function is not race.function:
            yield Related(read.file.place(read.node), f"`{read.function.title}` reads it.")
            break


def lock_fix(app: App, race: Race) -> Fix | None:
    """The patch that holds a lock where a function tests, or reads, and then sets what requests share.

    None for races that a lock does not mend, and where the lock can't be written for certain.
    """
    state = race.state
    if race.problem not in _PATCHED or race.severity is Severity.NOTE or state.binding is None:
        return None
    if state.file is not race.file or state.kind not in {Kind.GLOBAL, Kind.CLASS}:
        return None
    receiver = _receiver(race.write) if state.kind is Kind.CLASS else ""
    statements = _guarded(race)
    if receiver is None or not statements or (state.owner is None and state.kind is Kind.CLASS):
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


def _guarded(race: Race) -> list[Node]:
    """The statements to hold the lock around: from the first test, or write, to the last write."""
    nodes = [write.statement for write in (race.write, *race.others)]
    if race.check is not None:
        nodes += [race.check.first, race.check.statement]
    nodes.sort(key=lambda node: (node.start_byte, -node.end_byte))
    return enclosing_statements(nodes, race.function.node)


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
        for mention in known.get(id(race.function), ())
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
            waiting += [target for mention in known.get(id(code), ()) for target in mention.sure]
    return False
