"""Lists, dictionaries and sets that requests change: which changes fail, get lost, or do no harm."""

from __future__ import annotations

from tree_sitter import Node

from gaebot.finding import Severity
from gaebot.rules.python27.shared.races.accesses import ADDING, WRITING, How, Read, Write
from gaebot.rules.python27.shared.races.case import Case
from gaebot.rules.python27.shared.races.checks import Check
from gaebot.rules.python27.shared.races.race import Problem, Race
from gaebot.rules.python27.shared.races.state import Kind
from gaebot.rules.python27.shared.reach.callers import leaves_out
from gaebot.rules.python27.shared.reach.code import FunctionCode
from gaebot.rules.python27.shared.reach.constants import is_constant
from gaebot.syntax.nodes import ancestors, text

_INSERTING = frozenset({"append", "extend", "insert"})
_TOLERANT = frozenset({"get", "has_key", "setdefault", "items", "keys", "values", "copy"})
_UNSPECIFIC = frozenset({"popleft", "popitem"})
_SEEN_BY_ALL = (
    "Each single change is safe in CPython, but all requests see it, and it is kept in one process only"
)
_TAKEN_BY_OTHERS = "What one request puts there, another one may take out."
_REPLACED = "Other requests put another one in its place at any moment: this is lost then."


def judge_container(case: Case, write: Write) -> Race:
    """What a change of a container comes to."""
    check = case.check(write)
    severity, why = _grade(case, write, check)
    blocks = severity is not Severity.NOTE
    return case.made(write, Problem.CONTAINER, severity, why, blocks=blocks, check=check)


def _grade(case: Case, write: Write, check: Check | None) -> tuple[Severity, str]:
    if write.method in WRITING:
        return Severity.WARNING, "What requests write there at the same time gets mixed."
    if write.takes_out:
        return _taken_out(case, write)
    if case.state.kind in {Kind.CLOSURE, Kind.FUNCTION}:
        return Severity.NOTE, (
            "At worst the same value is made twice; but it only ever grows, and is never up to date."
        )
    why = (None if write.is_part else _meddles(case, write)) or _repeats(case, write, check)
    return (Severity.NOTE, _harmless(case, write)) if why is None else (Severity.WARNING, why)


def _meddles(case: Case, write: Write) -> str | None:
    """What goes wrong because others change or go through the same container meanwhile; None for nothing."""
    if _breaks_loops(case):
        return "A request that goes through it at that moment fails or misses an item."
    if any(map(_takes_any, case.everywhere)):
        return _TAKEN_BY_OTHERS
    if any(each.how is How.REBIND for each in case.everywhere):
        return _REPLACED
    if write.method in _INSERTING and _answers_with_all(case, write):
        return "It is never emptied: what earlier requests put there comes along."
    return None


def _repeats(case: Case, write: Write, check: Check | None) -> str | None:
    """What goes wrong because others put something there as well; None for nothing."""
    if write.how is How.ITEM and _is_one_for_all(case, write) and case.reads_back(write):
        return "Another request may put another value there before this one has read it."
    if check is not None and write.method in _INSERTING:
        return "Two requests can both find that something is not in it yet, and both add it."
    if write.method in ADDING - {"setdefault"} and case.state.kind is Kind.CLASS:
        return "The class keeps it for all objects, so each request finds what earlier ones put there."
    return None


def _harmless(case: Case, write: Write) -> str:
    """What to say of a change that only has to be known; that the container grows only where it does."""
    is_growing = not write.is_part and not case.has_one_key(write)
    if is_growing and not any(each.takes_out for each in case.everywhere):
        return f"{_SEEN_BY_ALL}, where it grows until that ends."
    return f"{_SEEN_BY_ALL}."


def _takes_any(write: Write) -> bool:
    """Whether a write takes out whatever comes first or last: `queue.popleft()`, `jobs.pop()`."""
    is_pop = write.method == "pop" and (write.value is None or write.value.type == "integer")
    return not write.is_part and (is_pop or write.method in _UNSPECIFIC)


def _taken_out(case: Case, write: Write) -> tuple[Severity, str]:
    """What taking something out, or emptying, comes to: nothing where all who look are prepared for it."""
    if _takes_any(write):
        return Severity.WARNING, _TAKEN_BY_OTHERS
    is_tolerated = write.method == "clear" and bool(case.reads) and all(map(_is_tolerant, case.reads))
    has_default = write.method == "pop" and write.key is not None
    is_removal_safe = write.method == "discard" or has_default or _is_caught(write.statement, write.function)
    is_prepared = is_tolerated or (is_removal_safe and not any(map(_fails_without, case.reads)))
    if is_prepared and not any(read.is_iteration for read in case.reads):
        return Severity.NOTE, (
            "It does no harm here: whoever looks for something in it is prepared not to find it."
        )
    return Severity.WARNING, (
        "Another request may take out what this one has just seen, or go through it meanwhile."
    )


def _fails_without(read: Read) -> bool:
    """Whether `cache[key]` fails where another request has just taken the item out."""
    parent = read.node.parent
    is_item = parent is not None and parent.type == "subscript"
    return is_item and not _is_caught(read.node, read.function)


def _is_caught(node: Node, function: FunctionCode) -> bool:
    """Whether the error is caught that comes where something is not, or no longer, in a container."""
    inner = node
    for outer in ancestors(node):
        if outer == function.node:
            return False
        if outer.type == "try_statement" and inner == outer.child_by_field_name("body"):
            clauses = [child for child in outer.named_children if child.type == "except_clause"]
            caught = " ".join(text(clause).partition(":")[0] for clause in clauses)
            if any(
                word in caught
                for word in ("KeyError", "IndexError", "ValueError", "LookupError", "Exception")
            ):
                return True
            return any(text(clause).partition(":")[0].strip() == "except" for clause in clauses)
        inner = outer
    return False


def _is_tolerant(read: Read) -> bool:
    """Whether a look into a container is prepared to find nothing: `cache.get(key)`, `key in cache`.

    So is `cache[key]` where the KeyError is caught.
    """
    parent = read.node.parent
    if parent is None:
        return False
    if parent.type == "subscript":
        return _is_caught(read.node, read.function)
    if parent.type == "attribute":
        return text(parent.child_by_field_name("attribute")) in _TOLERANT
    return parent.type in {"comparison_operator", "argument_list", "not_operator", "boolean_operator"}


def _breaks_loops(case: Case) -> bool:
    """Whether request code goes through the container in a way that an addition breaks: a list only grows."""
    is_list = case.state.binding is not None and case.state.binding.value is not None
    value = case.state.binding.value if case.state.binding is not None else None
    is_list = value is not None and value.type in {"list", "list_comprehension"}
    return not is_list and any(read.is_iteration for read in case.reads)


def _puts_constants(write: Write) -> bool:
    """Whether a write puts the same under the same key each time: `context.update({'page': 'home'})`."""
    if write.how is How.ITEM and not is_constant(write.file, write.key):
        return False
    is_put = write.how is How.ITEM or write.method in {"add", "setdefault", "update"}
    return is_put and write.value is not None and is_constant(write.file, write.value)


def _gives_away(read: Read) -> bool:
    """Whether a read hands the container to code that may change it: `return values`, `self.x = values`."""
    parent = read.node.parent
    return parent is not None and parent.type in {"return_statement", "assignment"}


def _answers_with_all(case: Case, write: Write) -> bool:
    """Whether the function that adds something goes through all of it afterwards: `''.join(lines)`.

    What is added after a test is a cache, or a list of what is known.
    """
    is_kept = case.check(write) is None and not any(each.takes_out for each in case.everywhere)
    behind = write.statement.end_byte
    return is_kept and any(
        read.is_iteration and read.function is write.function and read.node.start_byte > behind
        for read in case.reads
    )


def _is_one_for_all(case: Case, write: Write) -> bool:
    """Whether all requests put values of their own under the same key."""
    has_value = write.value is not None and not is_constant(case.file, write.value)
    return has_value and case.has_one_key(write)


def judge_default(case: Case, write: Write) -> Race | None:
    """What a change of a default value comes to; None where that value is never changed, or never used."""
    parameter = case.state.binding.name.parent if case.state.binding is not None else None
    default = parameter.child_by_field_name("value") if parameter is not None else None
    if not write.is_container or default is None:
        return None
    if not default.named_children and write.takes_out and write.how is not How.ITEM:
        return None
    holder = case.state.function
    if holder is not None and leaves_out(case.app, holder, case.state.name) is False:
        return None
    check = case.check(write)
    if (check is not None and write.how is How.ITEM) or write.method == "setdefault":
        why = "It is a cache that all calls share; at worst the same value is made twice."
        return case.made(write, Problem.CONTAINER, Severity.NOTE, why, check=check)
    if all(map(_puts_constants, case.everywhere)) and not any(map(_gives_away, case.reads)):
        why = "Python makes a default value once, and all calls put the same into it."
        return case.made(write, Problem.CONTAINER, Severity.NOTE, why)
    why = (
        "Python makes a default value once: what one call puts into it, all later ones find there, whichever "
        "request they belong to."
    )
    return case.made(write, Problem.CONTAINER, Severity.WARNING, why, blocks=True)
