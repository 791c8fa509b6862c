"""Numbers that requests take from a counter: where a function counts, reads the number, and uses it.

`number = last; last += 1; return number`: who holds a lock for the `+=` alone gives two requests the same
number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Severity
from gaebot.rules.python27.shared.locks.guards import guards_at, held_by_callers
from gaebot.rules.python27.shared.races.accesses import How, Read, Write, accesses
from gaebot.rules.python27.shared.races.case import Case, are_alternatives
from gaebot.rules.python27.shared.races.judge_values import is_counter
from gaebot.rules.python27.shared.races.race import Problem, Race
from gaebot.rules.python27.shared.reach.code import FunctionCode
from gaebot.rules.python27.shared.reach.requests import request_code
from gaebot.syntax.imports import is_name
from gaebot.syntax.nodes import ancestors, arguments, scope_node, text

_ALIASES = 3  # how many local names a number is followed through
_TUPLES = frozenset({"pattern_list", "tuple_pattern", "list_pattern"})
_TAKING = frozenset({"return_statement", "yield"})
_SHOWING = re.compile(
    r"(?:write|writelines|writeln|out|echo|dump|debug|info|warn|warning|error|critical|exception|fatal|jsonify|"
    r"(?:render|print|log|trace)\w*|\w*[Rr]esponse)$"
)
"""The last names of functions and methods that show a number to somebody, or log it."""
_SHAPING = frozenset(
    {
        "str", "unicode", "int", "long", "float", "repr", "hex", "oct", "abs", "round", "min", "max", "len",
    }
)  # fmt: skip
"""Functions of Python's that only give a number another shape."""
_ANSWERING = ("view", "request handler", "WSGI application", "registered by")


def taken_reads(app: App, write: Write) -> list[Read]:
    """The places where the function that counts uses the number, besides in what counts.

    What is only shown, logged or tested is not used: there it does not matter who else gets the number.
    """
    known = accesses(app)
    writes = [each for each in known.writes.get(write.state, ()) if each.function is write.function]
    return [
        read
        for read in known.reads.get(write.state, ())
        if read.function is write.function
        and not any(each.holds(read) for each in writes)
        and not are_alternatives(read.node, write.statement)
        and (number := _number(write, read)) is not None
        and _is_taken(app, read.function, number, _ALIASES)
    ]


def _number(write: Write, read: Read) -> Node | None:
    """The expression that is what a write counts: the state, or the item of it with the same key."""
    if write.key is None or not write.is_container:
        return read.node
    item, parent = read.node, read.node.parent
    while parent is not None and parent.type == "subscript" and parent.child_by_field_name("value") == item:
        item, parent = parent, parent.parent
    if item.type == "subscript":
        return item if text(item) == text(write.target.parent) else None
    call = parent.parent if parent is not None and parent.type == "attribute" else None
    if (
        call is None
        or call.type != "call"
        or text(call.child_by_field_name("function")) != f"{text(item)}.get"
    ):
        return None
    positional, _ = arguments(call)
    return call if positional and text(positional[0]) == text(write.key) else None


def _is_taken(app: App, function: FunctionCode, node: Node, depth: int) -> bool:
    """Whether the value of an expression goes on to be used: it is returned, handed on or kept."""
    child, is_handed_on = node, False
    for outer in ancestors(node):
        kind = outer.type
        if kind in _TAKING:
            return kind == "yield" or not _answers(app, function)
        if kind == "call" and child != outer.child_by_field_name("function"):
            called = text(outer.child_by_field_name("function")).rpartition(".")[2]
            if _SHOWING.match(called):
                return False
            is_handed_on = is_handed_on or called not in _SHAPING
        elif kind == "binary_operator" and _is_remainder(outer, child):
            return False  # whose turn it is: no harm if two have the same
        elif kind in {"assignment", "augmented_assignment"}:
            return _is_kept(app, function, outer, child, depth, is_handed_on=is_handed_on)
        elif kind == "subscript" and child == outer.child_by_field_name("subscript") and _is_set(outer):
            return True  # something is put under the number
        elif kind in {"comparison_operator", "not_operator", "lambda"}:
            return False
        elif kind.endswith(("_statement", "_clause", "_definition")) or kind == "block":
            return kind == "expression_statement" and is_handed_on
        child = outer
    return False


def _answers(app: App, function: FunctionCode) -> bool:
    """Whether what a function returns is the answer to a request, which only shows it."""
    chain = request_code(app).chain(function)
    return len(chain.functions) == 1 and chain.reason.startswith(_ANSWERING)


def _is_remainder(operator: Node, operand: Node) -> bool:
    """Whether a number is divided for its remainder: `n % 3`; not `'%d' % n`."""
    is_left = operand == operator.child_by_field_name("left")
    return is_left and text(operator.child_by_field_name("operator")) == "%"


def _is_set(subscript: Node) -> bool:
    """Whether an item is assigned to."""
    parent = subscript.parent
    return (
        parent is not None and parent.type == "assignment" and parent.child_by_field_name("left") == subscript
    )


def _is_kept(
    app: App, function: FunctionCode, statement: Node, side: Node, depth: int, *, is_handed_on: bool
) -> bool:
    """Whether an assignment keeps a number: on an object, or under a local name that is used.

    An item that is set is mostly a value of a page.
    """
    left = statement.child_by_field_name("left")
    if left is None or side == left:
        return False
    names = []
    for target in left.named_children if left.type in _TUPLES else [left]:
        if target.type == "attribute":
            return True
        names += [target] if target.type == "identifier" else []
    uses = [use for name in names for use in _uses(function, name, statement)]
    if not uses:
        return is_handed_on
    return depth > 0 and any(_is_taken(app, function, use, depth - 1) for use in uses)


def _uses(function: FunctionCode, name: Node, statement: Node) -> Iterator[Node]:
    """Where a function uses a local name below an assignment to it."""
    file = function.file
    known = file.lookup(text(name), name)
    if not known or scope_node(known[0].name) != function.node:
        return
    for use in file.identifiers(text(name), within=function.node):
        if use.start_byte >= statement.end_byte and is_name(use) and not _is_target(use):
            yield use


def _is_target(name: Node) -> bool:
    """Whether a name is given another value there."""
    parent = name.parent
    is_assigned = parent is not None and parent.type in {"assignment", "augmented_assignment"}
    return is_assigned and parent is not None and parent.child_by_field_name("left") == name


# -- counted under a lock, read outside ------------------------------------------------------


def judge_number(case: Case) -> Race | None:
    """What it comes to that a function counts under a lock, and takes the number without it.

    What is counted up and down says how many there are of something, and is no number that one request has.
    """
    if len({_step(write) for write in case.everywhere}) > 1:
        return None
    for write in case.writes:
        if _step(write) is None or not is_counter(case, write) or held_by_callers(case.app, write.function):
            continue
        locks = {id(guard.lock) for guard in guards_at(case.app, write.file, write.statement)}
        outside = [
            read
            for read in taken_reads(case.app, write)
            if locks.isdisjoint(id(guard.lock) for guard in guards_at(case.app, read.file, read.node))
        ]
        if outside:
            why = "Two requests can get the same number, or one misses its own."
            race = case.made(write, Problem.NUMBER, Severity.WARNING, why, blocks=True)
            return race._replace(outside=tuple(outside))
    return None


def _step(write: Write) -> str | None:
    """The sign with which a whole number is added to the state or to an item of it; None for other writes."""
    holder = write.statement if write.how in {How.AUGMENT, How.ITEM_AUGMENT} else write.value
    if holder is None or holder.type not in {"augmented_assignment", "binary_operator"}:
        return None
    sides = (holder.child_by_field_name("left"), holder.child_by_field_name("right"))
    sign = text(holder.child_by_field_name("operator")).rstrip("=")
    is_whole = any(side is not None and side.type == "integer" for side in sides)
    return sign if sign in {"+", "-"} and is_whole else None
