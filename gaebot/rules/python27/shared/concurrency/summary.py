"""What each service's requests share, who changes it, and whether `threadsafe` may be true."""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.rules.python27.shared.concurrency.race_findings import rule_of
from gaebot.rules.python27.shared.conversion.switch import switches
from gaebot.rules.python27.shared.locks.guards import guard_at, held_by_callers
from gaebot.rules.python27.shared.races.accesses import Write, accesses
from gaebot.rules.python27.shared.races.races import races
from gaebot.rules.python27.shared.races.state import State
from gaebot.rules.python27.shared.reach.requests import request_code
from gaebot.rules.python27.shared.reach.services import service_paths
from gaebot.sharing import SharedState, ThreadSafety, Writer

_HANDLERS = 3  # how many handlers are named for a function that writes


def thread_safety(app: App) -> Iterator[ThreadSafety]:
    """One entry for each Python service of the app, templates of an app.yaml left out."""
    for switch in switches(app):
        service = switch.service
        if service.is_template:
            continue
        paths = service_paths(app, service)
        states = tuple(
            _shared(app, state, writes)
            for state, writes in accesses(app).writes.items()
            if any(write.file.source.path in paths for write in writes)
        )
        to_mend = tuple(blocker.place for blocker in switch.verdict.blockers)
        is_safe = switch.verdict.value and not switch.verdict.waits
        yield ThreadSafety(service.path, is_safe, switch.verdict.reason, states, to_mend)


def _shared(app: App, state: State, writes: list[Write]) -> SharedState:
    place = None
    if state.binding is not None:
        place = state.file.place(state.binding.name)
    elif state.owner is not None:
        place = state.owner.file.place(state.owner.node.child_by_field_name("name") or state.owner.node)
    found: dict[tuple[int, str], Writer] = {}
    for write in writes:
        writer = _writer(app, write)
        found.setdefault((id(write.function), writer.lock), writer)
    return SharedState(state.title, place, tuple(found.values()))


def _writer(app: App, write: Write) -> Writer:
    guard = guard_at(app, write.file, write.statement) or held_by_callers(app, write.function)
    handlers = request_code(app).entries(write.function, _HANDLERS)
    rule = "" if guard is not None else _rules(app).get((id(write.function), write.state), "")
    lock = guard.lock.title if guard is not None else ""
    place = write.file.place(write.statement)
    return Writer(place, write.function.title, tuple(handlers), lock, rule)


def _rules(app: App) -> dict[tuple[int, State], str]:
    """The rules that report what functions do to states."""
    return app.remember(
        (_rules,),
        lambda: {
            (id(race.function), write.state): rule_of(race)
            for race in races(app)
            for write in (race.write, *race.others)
        },
    )
