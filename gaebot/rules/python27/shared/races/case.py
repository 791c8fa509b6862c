"""One function, one piece of shared state, and what is known of how they meet: `Case`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Severity
from gaebot.rules.python27.shared.races.accesses import How, Read, Write, accesses
from gaebot.rules.python27.shared.races.checks import Check, Mentions, find_check
from gaebot.rules.python27.shared.races.effects import STORING
from gaebot.rules.python27.shared.races.instances import shared_instances
from gaebot.rules.python27.shared.races.race import Problem, Race
from gaebot.rules.python27.shared.races.request_values import request_values
from gaebot.rules.python27.shared.races.state import Kind, State
from gaebot.rules.python27.shared.reach.calls import mentions
from gaebot.rules.python27.shared.reach.code import FunctionCode
from gaebot.rules.python27.shared.reach.constants import is_constant
from gaebot.rules.python27.shared.reach.kept_lambdas import LambdaCode
from gaebot.rules.python27.shared.reach.requests import request_code
from gaebot.syntax.nodes import ancestors, text

_BEGINNINGS = frozenset(
    {"initialize", "dispatch", "prepare", "__init__", "process_request", "process_view", "before_request"}
)
"""What frameworks call before the method that answers: what it keeps is for the rest of the request."""

_LOOPS = frozenset({"for_statement", "while_statement"})


@dataclass(eq=False)
class Case:
    """What a function writes to a state: `writes` are its own, `everywhere` those of all request code."""

    app: App
    state: State
    writes: list[Write]
    everywhere: list[Write]

    def __post_init__(self) -> None:
        self.reads: list[Read] = accesses(self.app).reads.get(self.state, [])
        self.file = self.writes[0].file
        self.mentions = Mentions(self.file, self.writes[0], self.reads)
        self.checks = {id(write): find_check(write, self.mentions) for write in self.writes}

    # -- tests -------------------------------------------------------------------------------

    def check(self, write: Write) -> Check | None:
        """The test on which a write depends."""
        return self.checks[id(write)]

    def own_checks(self) -> list[Check]:
        """The tests of the state on which its own writes depend."""
        return [
            check
            for write in self.writes
            if (check := self.check(write)) is not None and write.how in {How.REBIND, How.ITEM}
        ]

    def take_over(self, checks: list[Check]) -> None:
        """Let writes depend on the test of what is set with them: `if old(time): data = …; time = …`.

        What only empties the state makes nothing that could be made twice.
        """
        for write in self.writes:
            if self.check(write) is None and write.how is How.REBIND and not _empties(write):
                self.checks[id(write)] = next((check for check in checks if check.decides(write)), None)

    # -- values ------------------------------------------------------------------------------

    def source(self, write: Write, value: Node | None) -> str | None:
        """What of the request a value comes from; None for other values."""
        return request_values(self.app).source(write.function, value) if value is not None else None

    def has_one_key(self, write: Write) -> bool:
        """Whether all requests write to the same item."""
        return write.key is not None and is_constant(self.file, write.key)

    def reads_back(self, write: Write) -> bool:
        """Whether the request that writes may read the state again: a second way to hand something on.

        That is so further on in the same function, and in functions to which the same root leads. What a
        middleware or an application keeps is for the rest of the request.
        """
        code = request_code(self.app)
        root = code.chain(write.function).root
        if is_around_all(self.app, write.function) or _is_beginning(root):
            return bool(self.reads) or self.state.kind is Kind.INSTANCE
        near = code.sure_from(write.function) | code.sure_from(root)
        callers = near | {root, write.function}
        near |= {read.function for read in self.reads if _say(callers, read.function)}
        for read in self.reads:
            if read.function is write.function:
                if read.node.start_byte > write.statement.end_byte or _share_loop(read.node, write.statement):
                    return True
            elif read.function in near or self._is_asked_beside(write, read, near | {root}):
                return True
        return False

    def _is_asked_beside(self, write: Write, read: Read, near: frozenset[FunctionCode]) -> bool:
        """Whether one of some functions calls both methods on the same: `site.box.put(x); site.box.get()`.

        That counts for objects whose class is not plain to see where the calls stand.
        """
        owner = write.function.owner
        if self.state.kind is not Kind.INSTANCE or owner is None or read.function.owner is not owner:
            return False
        wanted = {write.function.name, read.function.name}
        for function in near:
            called: dict[str, set[str]] = defaultdict(set)
            for mention in mentions(self.app).in_function(function):
                if mention.method in wanted and mention.call is not None:
                    called[text(mention.node.child_by_field_name("object"))].add(mention.method)
            if wanted in called.values():
                return True
        return False

    def relies_on(self, write: Write) -> bool:
        """Whether the function counts on what it has set: reads it back, or goes on to use the object."""
        return self._is_swapped(write) or self._is_used_behind(write) or self.reads_back(write)

    def _is_swapped(self, write: Write) -> bool:
        """Whether the function gives the state one value and later another: it counts on the first."""
        assigned = [each for each in self.writes if each.how is How.REBIND and each.value is not None]
        return any(
            text(each.value) != text(write.value) and not are_alternatives(each.statement, write.statement)
            for each in assigned
            if each is not write and write.value is not None
        )

    def _is_used_behind(self, write: Write) -> bool:
        """Whether the function goes on to use the object: `queue.name = name`, and then `queue.add(task)`."""
        owner = write.target.child_by_field_name("object") if write.target.type == "attribute" else None
        if self.state.kind is not Kind.INSTANCE or owner is None:
            return False
        for member in self.file.nodes("(call function: (attribute) @member)", write.function.node):
            used = member.child_by_field_name("object")
            is_behind = member.start_byte > write.statement.end_byte
            is_stored = text(member.child_by_field_name("attribute")) in STORING
            if used is not None and is_behind and not is_stored and text(used) == text(owner):
                return True
        return False

    def made(
        self,
        write: Write,
        problem: Problem,
        severity: Severity,
        why: str,
        *,
        blocks: bool = False,
        check: Check | None = None,
    ) -> Race:
        """A race of this case. Whatever blocks is at least a warning."""
        return Race(self.state, problem, write, severity, why, blocks, check)


def is_around_all(app: App, function: FunctionCode) -> bool:
    """Whether a function is a method of what stands around all requests: a middleware, an application."""
    return shared_instances(app).is_around_all(function)


def _say(functions: frozenset[FunctionCode], kept: FunctionCode) -> bool:
    """Whether one of some functions says the name that leads to a lambda which a module keeps."""
    if not isinstance(kept, LambdaCode) or not kept.name:
        return False
    return any(function.file.identifiers(kept.name, within=function.node) for function in functions)


def _is_beginning(function: FunctionCode) -> bool:
    """Whether frameworks call a function first, by its name or its decorator: `@app.before_request`."""
    names = {function.name, *(text(each).rpartition(".")[2] for each in function.decorators)}
    return not names.isdisjoint(_BEGINNINGS)


def are_alternatives(one: Node, other: Node) -> bool:
    """Whether two statements stand in different branches of one `if` or `try`."""
    around = list(ancestors(one))
    branches = {outer.id: inner for inner, outer in zip([one, *around], around, strict=False)}
    inner = other
    for outer in ancestors(other):
        if outer.id in branches:
            return outer.type == "if_statement" or "except_clause" in {inner.type, branches[outer.id].type}
        inner = outer
    return False


def _empties(write: Write) -> bool:
    value = write.value
    return value is not None and value.type in {"list", "dictionary", "none"} and not value.named_children


def _share_loop(one: Node, other: Node) -> bool:
    """Whether a loop stands around both of two nodes."""
    loops = {outer.id for outer in ancestors(one) if outer.type in _LOOPS}
    return any(outer.id in loops for outer in ancestors(other))


def values_of_writes(writes: list[Write]) -> set[str]:
    """The texts of what is assigned by some writes."""
    return {text(write.value) if write.value is not None else "" for write in writes}
