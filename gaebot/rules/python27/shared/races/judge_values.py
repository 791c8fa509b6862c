"""Values that requests give to what they share: counters, data of a request, and plain assignments."""

from __future__ import annotations

import re

from tree_sitter import Node

from gaebot.finding import Severity
from gaebot.rules.python27.shared.races.accesses import How, Read, Write, accesses
from gaebot.rules.python27.shared.races.case import Case, is_around_all, values_of_writes
from gaebot.rules.python27.shared.races.effects import stores
from gaebot.rules.python27.shared.races.instances import shared_instances
from gaebot.rules.python27.shared.races.race import Problem, Race
from gaebot.rules.python27.shared.races.request_values import request_values
from gaebot.rules.python27.shared.races.state import Kind, State, is_container
from gaebot.rules.python27.shared.reach.callers import constant_argument
from gaebot.rules.python27.shared.reach.calls import mentions
from gaebot.rules.python27.shared.reach.code import FunctionCode, app_code
from gaebot.rules.python27.shared.reach.constants import is_constant
from gaebot.rules.python27.shared.scripts.applications import find_origin
from gaebot.rules.python27.shared.scripts.request_data import request_reads
from gaebot.syntax.imports import is_name
from gaebot.syntax.nodes import scope_node, text

_EMPTY = frozenset({"list", "dictionary", "set"})
_CONDITIONAL = frozenset({"boolean_operator", "conditional_expression", "lambda"})
_OF_VISITOR = re.compile(
    r"is_current_user|current_user\b|\.(?:login_)?user\b|session|(?i:cookie)|, the handler|USER_"
)
LAST_COUNTS = (
    "The last request that sets it counts, as it did when requests came one after the other: harmless where "
    "each of the values will do."
)
IN_PART = "It is one object for all requests, and they see it while it is only changed in part."


def is_counter(case: Case, write: Write) -> bool:
    """Whether a write puts back what it has read: `x += 1`, `d[k] = d.get(k, 0) + 1`; not `x = x or y`."""
    if write.how in {How.AUGMENT, How.ITEM_AUGMENT}:
        return True
    value = write.value
    if value is None or write.how not in {How.REBIND, How.ITEM} or value.type in _CONDITIONAL:
        return False
    return bool(case.mentions.within(value))


def judge_counter(case: Case, write: Write) -> Race:
    """What a read, a change and a write back come to."""
    what = "an item of it" if write.is_container else "it"
    why = f"Two requests can both read {what} and then both write: one of the changes is lost."
    if case.state in accesses(case.app).elsewhere and not _is_read_otherwise(case):
        return case.made(write, Problem.COUNTER, Severity.NOTE, f"{why} No request reads it, though.")
    check = case.check(write)
    return case.made(write, Problem.COUNTER, Severity.WARNING, why, blocks=True, check=check)


def _is_read_otherwise(case: Case) -> bool:
    """Whether request code reads the state in other statements than those that write it."""
    return not all(any(write.holds(read) for write in case.everywhere) for read in case.reads)


def source_of(case: Case, write: Write) -> str | None:
    """What of the request is put there, under a name that all requests use; None for other writes."""
    if write.how is How.REBIND or (write.how is How.ITEM and case.has_one_key(write)):
        return case.source(write, write.value)
    if write.method == "update" and write.value is not None and not _is_keyed(case, write.value):
        return case.source(write, write.value)
    return None


def _is_keyed(case: Case, value: Node) -> bool:
    """Whether what `update` takes has keys that differ: `{key: …}`."""
    pairs = [node for node in value.named_children if node.type == "pair"]
    keys = [pair.child_by_field_name("key") for pair in pairs]
    return any(key is not None and not is_constant(case.file, key) for key in keys)


def judge_request_data(case: Case, write: Write, source: str) -> Race:
    """What it comes to that data of a request is kept.

    It is a leak where the same request reads it back: then it gets that of another one. So it is where any
    request reads who the visitor is. An attribute of an object that is not read back is a setting that one
    request makes for all, on purpose.
    """
    check = case.check(write)
    if check is not None and write.how is How.REBIND:
        why = f"It comes from {source} of the first request, and all later ones get that."
        return case.made(write, Problem.REQUEST_DATA, Severity.WARNING, why, blocks=True, check=check)
    is_setting = case.state.kind is Kind.INSTANCE and stores(write)
    why = f"It comes from {source}; requests that run at the same time read each other's."
    is_visitor = _OF_VISITOR.search(source) is not None
    if not is_setting and (case.reads_back(write) or (is_visitor and case.reads)):
        return case.made(write, Problem.REQUEST_DATA, Severity.ERROR, why, blocks=True)
    if case.state.kind is Kind.INSTANCE and (is_setting or not _is_of_library(case)):
        return case.made(write, Problem.REBOUND, Severity.NOTE, LAST_COUNTS)
    if case.state.kind is Kind.INSTANCE:  # the library reads it in its own code
        return case.made(write, Problem.REQUEST_DATA, Severity.WARNING, why, blocks=True)
    if not case.reads and not is_visitor and not _is_said_elsewhere(case):
        why = f"It comes from {source}. Nothing in the app reads it."
        return case.made(write, Problem.REQUEST_DATA, Severity.NOTE, why)
    why = f"It comes from {source}; whoever reads it gets that of any request."
    is_read = bool(case.reads)
    return case.made(write, Problem.REQUEST_DATA, Severity.WARNING, why, blocks=is_read)


def _is_of_library(case: Case) -> bool:
    """Whether a shared object is made by what comes from outside of the app: `app = Flask(__name__)`."""
    file, binding = case.state.file, case.state.binding
    value = binding.value if binding is not None else None
    function = value.child_by_field_name("function") if value is not None and value.type == "call" else None
    origins = file.origins(function) if function is not None else frozenset()
    return bool(origins) and all(
        "." in origin and find_origin(case.app, origin, file) is None and not origin.startswith(file.module)
        for origin in origins
    )


def _is_said_elsewhere(case: Case) -> bool:
    """Whether anything in the app's code or pages has the name, besides the assignments."""
    if any(each.how not in {How.REBIND, How.ITEM} for each in case.everywhere):
        return True
    word = re.compile(rb"\b%s\b" % re.escape(case.state.name.encode()))
    written = {write.file.source.path: write.file for write in case.everywhere}
    for path, source in case.app.files.items():
        if not word.search(source.data) or (path.endswith(".py") and case.app.is_vendored(path)):
            continue
        if path not in written:
            return True
        file = written[path]
        known = [case.state.binding.statement] if case.state.binding is not None else []
        spans = [*known, *(write.statement for write in case.everywhere if write.file is file)]
        for name in file.identifiers(case.state.name):
            is_written = any(span.start_byte <= name.start_byte < span.end_byte for span in spans)
            if not is_written and (name.parent is None or name.parent.type != "global_statement"):
                return True
    return False


def judge_rebound(case: Case, write: Write) -> Race:
    """What a plain assignment comes to."""
    problem = Problem.REBOUND
    value = write.value
    is_new = value is not None and (value.type in _EMPTY or is_container(write.file, value))
    if is_new and any(each.is_container for each in case.everywhere):
        why = "What other requests put into the old one, or look for in it, is lost."
        return case.made(write, problem, Severity.WARNING, why, blocks=True)
    if value is not None and _resets_counter(case, write, value):
        why = "Requests that are counting at that moment lose what they have counted."
        return case.made(write, problem, Severity.WARNING, why, blocks=True)
    if _takes_away(case, write):
        why = "A request that has found it set, and is about to use it, finds None then, and fails."
        return case.made(write, problem, Severity.WARNING, why, blocks=True)
    if not is_new and value is not None and _is_same_everywhere(case, write):
        why = "All requests set the same value, so it does not matter which of them does so last."
        return case.made(write, problem, Severity.NOTE, why)
    if not _is_used(case):
        why = "No request reads it by this name; if something else does, it gets the value of any request."
        return case.made(write, problem, Severity.NOTE, why)
    is_own = value is not None and _is_changed_later(case, write, value)
    if (
        value is not None
        and not is_own
        and not is_constant(write.file, value)
        and _is_anyones(case, write, value)
    ):
        why = "All requests would set it to about the same, so it does not matter which one does so last."
        return case.made(write, problem, Severity.NOTE, why)
    if case.relies_on(write) or case.state.name == "*":
        why = "Another request may set it before this one, or one that relies on this value, has read it."
        return case.made(write, problem, Severity.WARNING, why, blocks=True)
    return case.made(write, problem, Severity.NOTE, LAST_COUNTS)


def _resets_counter(case: Case, write: Write, value: Node) -> bool:
    """Whether a constant is put where requests count: `hits = 0` beside `hits += 1`."""
    is_counted = any(each.how is How.AUGMENT for each in case.everywhere)
    return is_counted and is_constant(write.file, value) and value.type != "none"


def _takes_away(case: Case, write: Write) -> bool:
    """Whether a request sets to None what others have just found to be more: `service.get()` fails then.

    Requests must put something else there, and use a member of it under the same name.
    """
    if write.value is None or write.value.type != "none" or case.state.kind not in {Kind.GLOBAL, Kind.CLASS}:
        return False
    is_filled = any(
        each.how is How.REBIND and each.value is not None and each.value.type != "none"
        for each in case.everywhere
    )
    return is_filled and any(map(_uses_member, case.reads))


def _uses_member(read: Read) -> bool:
    """Whether a read goes on to a part of the value, which None has not: an attribute, an item, a call."""
    parent = read.node.parent
    if parent is None or parent.type not in {"attribute", "subscript", "call"}:
        return False
    return parent.named_children[0] == read.node


def _is_used(case: Case) -> bool:
    """Whether requests may use the value, as far as its name tells.

    What goes through its container uses it, and for an object its name alone tells little.
    """
    is_open = case.state.kind is Kind.INSTANCE or case.state.name == "*"
    return bool(case.reads) or is_open or any(write.is_container for write in case.everywhere)


def _is_same_everywhere(case: Case, write: Write) -> bool:
    """Whether each request gives the state the same constant value, also by way of an argument."""
    values = [each for each in case.everywhere if each.how is not How.METHOD]
    if write.value is None or (write.value.parent is not None and write.value.parent.type == "for_statement"):
        return False
    if len(values_of_writes(values)) != 1:
        return False
    if write.value.type == "identifier" and text(write.value) in write.function.parameters:
        return constant_argument(case.app, write.function, text(write.value)) is not None
    return is_constant(write.file, write.value)


def _is_anyones(case: Case, write: Write, value: Node) -> bool:
    """Whether a value is worked out of what is the same for all requests: globals, and the shared object.

    A local name or an argument may differ from request to request, and so may the time.
    """
    if is_around_all(case.app, write.function) or case.state.name == "*":
        return False
    if request_reads(write.file, value) or _gives_moment(case, write, value):
        return False  # the time, chance: each request has its own
    is_shared = shared_instances(case.app).of(write.function) is not None
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if node.type == "identifier" and is_name(node):
            known = write.file.lookup(text(node), node)
            if (
                known
                and not (is_shared and text(node) == write.function.receiver)
                and scope_node(known[0].name).type != "module"
            ):
                return False
        waiting += node.named_children
    return True


def _is_changed_later(case: Case, write: Write, value: Node) -> bool:
    """Whether a value is a new object that its own methods change: each request fills one of its own.

    Where such objects are taken to be shared, that is told where they are changed.
    """
    instances = shared_instances(case.app)
    classes = app_code(case.app).instance_of(write.file, value)
    return any(instances.is_changed_later(cls) for cls in classes)


def _gives_moment(case: Case, write: Write, value: Node) -> bool:
    """Whether a function of the app that a value is asked of returns the time or chance: `def now(): …`."""
    for mention in mentions(case.app).in_function(write.function):
        if mention.call is None or not value.start_byte <= mention.node.start_byte < value.end_byte:
            continue
        for target in mention.sure:
            if isinstance(target, FunctionCode):
                returned = target.file.nodes("(return_statement (_) @value)", target.node)
                if any(request_reads(target.file, each) for each in returned):
                    return True
    return False


def is_made_for_a_request(case: Case) -> bool:
    """Whether the object whose attribute is written is itself put there by each request: that is the race."""
    around: State | None = case.state.around
    while around is not None:
        for write in accesses(case.app).writes.get(around, ()):
            if write.how is How.REBIND and _is_of_the_request(case, around, write):
                return True
        around = around.around
    return False


def _is_of_the_request(case: Case, around: State, write: Write) -> bool:
    """Whether a request puts something of its own there: data of it, or an object that it makes."""
    if request_values(case.app).source(write.function, write.value or write.target):
        return True
    is_made = write.value is not None and bool(app_code(case.app).instance_of(write.file, write.value))
    return around.kind is Kind.INSTANCE and is_made
