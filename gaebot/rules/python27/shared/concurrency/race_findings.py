"""Findings about races: what they say, the places that belong to them, and the lock that mends them."""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.severity import is_executed_anew, serves_concurrently
from gaebot.rules.python27.shared.races.accesses import accesses, has_asked_writes
from gaebot.rules.python27.shared.races.race_patch import lock_fix
from gaebot.rules.python27.shared.races.races import Problem, Race, races
from gaebot.rules.python27.shared.races.state import Kind
from gaebot.rules.python27.shared.reach.requests import how

_RELATED = 6  # how many further places a finding names

_RULES = {
    Kind.GLOBAL: {
        Problem.CHECK_THEN_SET: "ts-check-then-set-global",
        Problem.CONTAINER: "ts-mutable-global",
        Problem.REBOUND: "ts-global-assign",
    },
    Kind.CLASS: {
        Problem.CHECK_THEN_SET: "ts-check-then-set-class",
        Problem.CONTAINER: "ts-handler-mutable-class-attr",
        Problem.REBOUND: "ts-class-attr-write",
    },
    Kind.INSTANCE: dict.fromkeys(Problem, "ts-self-state-on-shared-instance"),
    Kind.CLOSURE: {
        Problem.CHECK_THEN_SET: "ts-memoize",
        Problem.CONTAINER: "ts-memoize",
        Problem.REBOUND: "ts-global-assign",
    },
    Kind.FUNCTION: {
        Problem.CHECK_THEN_SET: "ts-memoize",
        Problem.CONTAINER: "ts-memoize",
        Problem.REBOUND: "ts-global-assign",
    },
}
_DOING = {
    Problem.REQUEST_DATA: "keeps data of one request in it",
    Problem.COUNTER: "changes what it read there, without a lock",
    Problem.NUMBER: "counts it under a lock, but reads the number outside of that",
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
    Problem.NUMBER: (
        "Give it to a local name under the same lock, where it is counted, and use that: `with lock: n += 1; "
        "number = n`."
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


def rule_of(race: Race) -> str:
    """The id of the rule that reports a race: each is reported by one."""
    kind, problem = race.state.kind, race.problem
    if kind is Kind.DEFAULT:
        return "ts-mutable-default"
    if problem is Problem.REQUEST_DATA:
        return "ts-request-state-global"
    if problem in {Problem.COUNTER, Problem.NUMBER}:
        return "ts-counter"
    return _RULES[kind].get(problem, "")


def race_findings(app: App, rule: Rule) -> Iterator[Finding]:
    """The findings of a rule about the races that are its own.

    What a CGI script keeps that is executed anew for each request is not shared.
    """
    for race in races(app) if has_asked_writes(app) else ():
        if rule_of(race) == rule.id and not is_executed_anew(app, race.state.path):
            yield _finding(app, rule, race)


def _finding(app: App, rule: Rule, race: Race) -> Finding:
    """The finding of a rule about one race."""
    source = race.write.file
    place = source.place(race.write.statement)
    severity = race.severity
    message = f"All requests share {race.state.what}, and this {_DOING[race.problem]}. {race.why}"
    if severity is not Severity.NOTE:
        message += f" {_way_out(race)}"
    message += f" {how(app, race.function)}"
    if not serves_concurrently(app, source.source.path):
        severity = Severity.NOTE
        message += " While requests are served one after the other, they do not meet there."
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
    for read in race.outside[:_RELATED]:
        yield Related(read.file.place(read.node), "The number is read here, without the lock.")
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
