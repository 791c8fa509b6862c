"""Values that are tested and then set: when that goes wrong, when it only costs, and when it does no harm."""

from __future__ import annotations

from tree_sitter import Node

from gaebot.finding import Severity
from gaebot.rules.python27.shared.races.accesses import How, Write
from gaebot.rules.python27.shared.races.case import Case
from gaebot.rules.python27.shared.races.checks import Check
from gaebot.rules.python27.shared.races.effects import may_wait
from gaebot.rules.python27.shared.races.race import Problem, Race
from gaebot.rules.python27.shared.races.state import is_container
from gaebot.rules.python27.shared.reach.placing import is_called_on_import
from gaebot.syntax.nodes import ancestors, text

_EMPTY = frozenset({"list", "dictionary", "set", "none"})


def judge_checked(case: Case, write: Write, check: Check) -> Race | None:
    """What a test and the set that depends on it come to.

    None where import code calls the function: then the value is there before the first request comes.
    """
    problem = Problem.CHECK_THEN_SET
    if is_called_on_import(case.app, write.function):
        return None
    early = _set_too_early(case, write, check)
    if early is not None:
        return case.made(write, problem, Severity.WARNING, early, blocks=True, check=check)
    if write.how is How.ITEM and _is_replaced(case):
        why = "Other requests put another one in its place: what was tested a moment ago may be gone."
        return case.made(write, problem, Severity.WARNING, why, blocks=True, check=check)
    if may_wait(case.app, write.function, check.statement) or _waits_outside(case, write, check):
        why = "Requests that come before it is set all do the work, which waits for a service or a file."
        return case.made(write, problem, Severity.WARNING, why, check=check)
    why = (
        "At worst requests that come at the same time make the same value twice, which is harmless: a lock "
        "would cost more."
    )
    return case.made(write, problem, Severity.NOTE, why, check=check)


def _is_replaced(case: Case) -> bool:
    """Whether requests put another container there, while others look up what they take to be in it."""
    is_rebound = any(write.how is How.REBIND for write in case.everywhere)
    looked_up = (read.node.parent for read in case.reads)
    return is_rebound and any(node is not None and node.type == "subscript" for node in looked_up)


def _waits_outside(case: Case, write: Write, check: Check) -> bool:
    """Whether what is done between the check and the write, where the check leaves early, waits."""
    if write.statement.start_byte < check.statement.end_byte:
        return False
    between = (check.statement.end_byte, write.statement.end_byte)
    return may_wait(case.app, write.function, write.function.node, between)


def _set_too_early(case: Case, write: Write, check: Check) -> str | None:
    """Why others can find a value that is not ready: it is set first and filled, or earned, later."""
    value = write.value
    is_filling = write.how is How.ITEM or write.method == "update"
    if is_filling and _is_in_loop(write, check) and _asks_for_the_whole(case, check):
        return "It is filled piece by piece: other requests use it while it is incomplete."
    if value is None or write.how is not How.REBIND:
        return None
    later = [each for each in case.writes if each.statement.start_byte > write.statement.end_byte]
    if later and (value.type in _EMPTY or is_container(case.file, value)):
        return "It is set before it is filled: other requests use it while it is incomplete."
    if value.type == "true" and _waits_after(case, write, check):
        return "It is set before the work is done: other requests go on without it."
    before = (check.first.start_byte, write.statement.start_byte)
    if value.type in {"true", "false", "integer"} and may_wait(
        case.app, write.function, write.function.node, before
    ):
        return "Several requests can pass the test before one of them sets it."
    return None


def _waits_after(case: Case, write: Write, check: Check) -> bool:
    """Whether what is done behind a write, as far as the check decides about it, waits."""
    leaves = write.statement.start_byte > check.statement.end_byte
    end = write.function.node.end_byte if leaves else check.statement.end_byte
    return may_wait(case.app, write.function, write.function.node, (write.statement.end_byte, end))


def _asks_for_the_whole(case: Case, check: Check) -> bool:
    """Whether a test asks whether there is anything in a container, and not for one key."""
    condition = check.statement.child_by_field_name("condition")
    asked = case.mentions.within(condition) if condition is not None else []
    return bool(asked) and all(_is_truth(node) for node in asked)


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
