"""The races of an app: what requests do to each other when they change shared state at the same time."""

from __future__ import annotations

from collections import defaultdict

from gaebot.app import App, once_per_app
from gaebot.finding import Severity
from gaebot.rules.python27.shared.locks.guards import guard_at, held_by_callers
from gaebot.rules.python27.shared.races.accesses import How, Write, accesses
from gaebot.rules.python27.shared.races.case import Case
from gaebot.rules.python27.shared.races.judge_checks import judge_checked
from gaebot.rules.python27.shared.races.judge_containers import judge_container, judge_default
from gaebot.rules.python27.shared.races.judge_values import (
    IN_PART,
    is_counter,
    is_made_for_a_request,
    judge_counter,
    judge_rebound,
    judge_request_data,
    source_of,
)
from gaebot.rules.python27.shared.races.numbers import judge_number
from gaebot.rules.python27.shared.races.race import Problem, Race
from gaebot.rules.python27.shared.races.state import Kind
from gaebot.rules.python27.shared.reach.placing import only_on_import

__all__ = ["Problem", "Race", "races"]


@once_per_app
def races(app: App) -> tuple[Race, ...]:
    """The races in an app's request code, by file and position."""
    found: dict[tuple[object, ...], list[Race]] = defaultdict(list)
    for cases in _cases(app, guarded=False).values():
        checks = [check for case in cases for check in case.own_checks()]
        for case in cases:
            case.take_over(checks)
            race = _race(case)
            if race is not None:
                found[_group(race)].append(race)
    for cases in _cases(app, guarded=True).values():
        for case in cases:
            race = None if is_made_for_a_request(case) else judge_number(case)
            if race is not None and _group(race) not in found:
                found[_group(race)].append(race)
    told = [_told_together(group) for group in found.values()]
    return tuple(sorted(told, key=lambda race: (race.file.source.path, race.write.statement.start_byte)))


def _cases(app: App, *, guarded: bool) -> dict[int, list[Case]]:
    """What each function writes without a lock, or under one: one case for each state, by its id."""
    cases: dict[int, list[Case]] = defaultdict(list)
    for state, writes in accesses(app).writes.items():
        by_function: dict[int, list[Write]] = defaultdict(list)
        for write in writes:
            if _is_guarded(app, write) is guarded and not only_on_import(app, write.function):
                by_function[id(write.function)].append(write)
        for key, own in by_function.items():
            cases[key].append(Case(app, state, own, writes))
    return cases


def _is_guarded(app: App, write: Write) -> bool:
    lock = guard_at(app, write.file, write.statement)
    return lock is not None or held_by_callers(app, write.function) is not None


def _race(case: Case) -> Race | None:
    """The worst that the writes of a case come to."""
    if is_made_for_a_request(case):
        return None
    found = [race for write in case.writes if (race := _judge(case, write)) is not None]
    return _worst(found, case.writes) if found else None


def _judge(case: Case, write: Write) -> Race | None:
    """What one write comes to."""
    check = case.check(write)
    if case.state.kind is Kind.DEFAULT:
        return judge_default(case, write)
    if is_counter(case, write):
        return judge_counter(case, write)
    source = source_of(case, write)
    if source is not None:
        return judge_request_data(case, write, source)
    if check is not None and (write.how in {How.REBIND, How.ITEM} or write.method == "update"):
        return judge_checked(case, write, check)
    return judge_container(case, write) if write.is_container else judge_rebound(case, write)


def _group(race: Race) -> tuple[object, ...]:
    """What is told together.

    That is what one function does to one name, to all attributes of one object, or to the names that it sets
    together after one test.
    """
    state = race.state
    if race.problem is Problem.CHECK_THEN_SET and race.check is not None:
        return (id(race.function), state.kind, race.check.statement.start_byte)
    name = "" if state.kind is Kind.INSTANCE else state.name
    return (id(race.function), state.kind, state.path, state.holder, name)


def _told_together(group: list[Race]) -> Race:
    """The worst of several races; of several attributes of one object that they do not change at once."""
    worst = _worst(group)
    names = {race.state.name for race in group}
    is_object = worst.state.kind is Kind.INSTANCE and worst.problem is Problem.REBOUND
    if is_object and worst.severity is Severity.NOTE and (len(names) > 1 or "*" in names):
        return worst._replace(why=IN_PART)
    return worst


def _worst(found: list[Race], writes: list[Write] | None = None) -> Race:
    """The worst of several races, with the writes of all of them."""
    order = list(Problem)
    worst = max(found, key=lambda race: (race.severity, -order.index(race.problem)))
    every = writes or [write for race in found for write in (race.write, *race.others)]
    others = tuple(write for write in every if write is not worst.write)
    return worst._replace(others=others)
