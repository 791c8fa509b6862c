"""What a CGI run of a handler script does, sorted: building the application, set-up, and the rest."""

from __future__ import annotations

from functools import cached_property

from tree_sitter import Node

from gaebot.rules.python27.shared.conversion.hoist import bound_in, clashes, is_provable, names_in, why_not
from gaebot.rules.python27.shared.conversion.setup_statements import is_idle, is_setup
from gaebot.rules.python27.shared.scripts.adapters import AdapterCall
from gaebot.rules.python27.shared.scripts.entry import (
    Entry,
    called_name,
    definition,
    is_guard,
    statements,
    top_level,
)
from gaebot.syntax.lines import is_docstring, within
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import PythonFile

_TRANSPARENT = frozenset(
    {
        "expression_statement",
        "return_statement",
        "assignment",
        "call",
        "argument_list",
        "parenthesized_expression",
    }
)


class Startup:
    """One entry, and the adapter calls of it that count.

    There is one call, or several in the branches of one `if`, of which a run executes one.
    """

    def __init__(self, entry: Entry, calls: list[AdapterCall]) -> None:
        self.entry = entry
        self.file = entry.file
        self.calls = calls
        self.adapter = calls[0]

    # -- where the adapter call stands -----------------------------------------------------

    @cached_property
    def function(self) -> Node | None:
        """The function that holds the adapter call."""
        return next((f for f in self.entry.functions if within(self.adapter.call, [f])), None)

    @cached_property
    def guard(self) -> Node | None:
        """The guard that holds the adapter call itself."""
        return next((g for g in self.entry.guards if within(self.adapter.call, [g])), None)

    @cached_property
    def holder(self) -> Node:
        """What the adapter call's statement stands in: function, guard or module."""
        return self.function or self.guard or self.file.root

    @cached_property
    def is_at_module_level(self) -> bool:
        """Whether the adapter call stands in no function and in no guard."""
        return self.holder == self.file.root

    @cached_property
    def body(self) -> list[Node]:
        """The statements around the adapter call."""
        return top_level(self.file) if self.is_at_module_level else statements(self.holder)

    @cached_property
    def statement(self) -> Node:
        """The statement of the body that the adapter call is in."""
        return next(s for s in self.body if within(self.adapter.call, [s]))

    @cached_property
    def is_nested(self) -> bool:
        """Whether the adapter call stands in an `if`, a `try` or a loop of the body."""
        return statement_of(self.adapter.call) != self.statement

    @cached_property
    def is_choice(self) -> bool:
        """Whether the statement is an `if` each branch of which ends with an adapter call."""
        ends = {statement_of(call.call).id for call in self.calls if call.application is not None}
        return self.is_nested and _ends_in(self.statement, ends) and len(ends) == len(self.calls)

    @cached_property
    def parameters(self) -> list[str]:
        """The names of the function's parameters."""
        if self.function is None:
            return []
        scope = self.file.scope_at(self.statement)
        return [name for name, known in scope.bindings.items() if any(b.kind == "parameter" for b in known)]

    # -- the application -------------------------------------------------------------------

    @cached_property
    def expression(self) -> Node:
        """The node that the application comes from: it itself, of `app.cgirun()` the `app`."""
        receiver = self.adapter.function.child_by_field_name("object")
        return self.adapter.application or receiver or self.adapter.function

    @cached_property
    def global_name(self) -> str | None:
        """The name of the application when it is bound at module level already."""
        if len(self.calls) > 1 and self.is_choice:
            return None
        name = global_name(self.file, self.adapter)
        return None if name is not None and self._is_set_here(name) else name

    def _is_set_here(self, name: str) -> bool:
        return any(name in bound_in(self.file, statement) for statement in self.before)

    @cached_property
    def sets_global(self) -> bool:
        """Whether the body sets the application's name as a global of the module."""
        name, node = plain_name(self.adapter), self.adapter.application
        if name is None or node is None or self.function is None or not self._is_set_here(name):
            return False
        return self.file.lookup(name, node) is self.file.scope.bindings.get(name)

    @cached_property
    def local_name(self) -> str | None:
        """The name of the application when the body binds it."""
        name = plain_name(self.adapter)
        bound = {known for statement in self.slice for known in bound_in(self.file, statement)}
        return name if name in bound and not self.is_choice else None

    # -- the statements around it ----------------------------------------------------------

    @cached_property
    def before(self) -> list[Node]:
        """The statements of the body in front of the adapter's, those left out that say nothing."""
        if self.is_at_module_level:
            return []
        return [s for s in self.body[: self.body.index(self.statement)] if not self._says_nothing(s)]

    @cached_property
    def slice(self) -> list[Node]:
        """The statements that build the application, in order.

        They stand in front of the adapter call and bind a name that it needs, or do something with
        it. A choice is one of them itself.
        """
        if self.global_name is not None or self.is_at_module_level:
            return []
        chosen = [self.statement] if self.is_choice else []
        node = self.statement if self.is_choice else self.expression
        bound = {s.id: set(bound_in(self.file, s)) for s in self.before}
        local = set().union(*bound.values()) if bound else set()
        needed = names_in(self.file, node) & local
        taken: list[Node] = []
        while True:
            more = [
                s for s in self.before if s not in taken and needed & (bound[s.id] | names_in(self.file, s))
            ]
            if not more:
                return sorted([*taken, *chosen], key=_position)
            taken += more
            for statement in more:
                needed |= (names_in(self.file, statement) | bound[statement.id]) & local

    @cached_property
    def helpers(self) -> list[Node]:
        """The statements in front of the adapter call that only the call itself needs.

        Such as `handler = wsgiref.handlers.CGIHandler()`, or an import of the adapter.
        """
        called: set[str] = set()
        for adapter in self.calls:
            called |= names_in(self.file, adapter.function)
        rest = [s for s in self.before if s not in self.slice]
        return [s for s in rest if called.issuperset(bound_in(self.file, s) or {""})]

    @cached_property
    def is_provable(self) -> bool:
        """Whether building the application at import is provably the same as in `main()`."""
        if self.is_choice or self.adapter.application is None:
            return False
        return is_provable(self.file, [*self.slice, self.adapter.application])

    @cached_property
    def ahead(self) -> list[Node]:
        """What a run executes before the application gets the request, beside building it, in its order.

        The last is the statement around the adapter call, if that is an `if`, a `try` or a loop.
        """
        first = [s for guard in self._starting_guards for s in self._around_start(guard)[0]]
        rest = [s for s in self.before if s not in self.slice and s not in self.helpers]
        if self.is_nested and not self.is_choice and not self._is_half:
            rest.append(self.statement)
        return [*first, *rest]

    @cached_property
    def others(self) -> list[Node]:
        """What a run executes beside building the application and calling the adapter, in its order."""
        rest = list(self.ahead)
        if not self.is_at_module_level:
            after = self.body[self.body.index(self.statement) + 1 :]
            rest += [s for s in after if not self._says_nothing(s)]
        starters = [s for s in self.entry.starters if s != self.statement and not self._starts(s)]
        last = [s for guard in self._starting_guards for s in self._around_start(guard)[1]]
        aside = [s for guard in self.side_guards for s in statements(guard) if not self._says_nothing(s)]
        return [*rest, *starters, *last, *aside]

    @cached_property
    def side_guards(self) -> list[Node]:
        """The guards that have nothing to do with starting the application."""
        return [g for g in self.entry.guards if g != self.guard and g not in self._starting_guards]

    @cached_property
    def _starting_guards(self) -> list[Node]:
        return [
            guard
            for guard in self.entry.guards
            if guard != self.guard and any(self._starts(s) for s in statements(guard))
        ]

    def _around_start(self, guard: Node) -> tuple[list[Node], list[Node]]:
        """What a guard does before it starts the function, and behind."""
        inner = [s for s in statements(guard) if not self._says_nothing(s)]
        start = next(s for s in inner if self._starts(s))
        position = inner.index(start)
        return inner[:position], [s for s in inner[position:] if not self._starts(s)]

    def _starts(self, statement: Node) -> bool:
        return self.function is not None and called_name(statement) in self.entry.names(self.function)

    @property
    def _is_half(self) -> bool:
        return self.statement in self.entry.halves

    def _says_nothing(self, statement: Node) -> bool:
        """Whether nothing is lost with a statement.

        It is a docstring, `pass`, `global`, a bare `return`, or gives a value that nobody reads.
        """
        if statement.type in {"pass_statement", "global_statement"} or is_docstring(statement):
            return True
        if statement.type == "return_statement":
            return not statement.named_children
        return self.function is not None and is_idle(self.file, statement, self.function)

    @cached_property
    def setup(self) -> list[Node]:
        """Of the others, those that belong at module level anyway."""
        return [s for s in self.others if self._may_move(s)]

    def _may_move(self, statement: Node) -> bool:
        if not is_setup(self.file, statement) or why_not(self.file, statement, self.parameters):
            return False
        return not clashes(self.file, statement, outside=self.own)

    @cached_property
    def own(self) -> list[Node]:
        """The nodes that go or move: names bound in them take no name from the module."""
        return [node for node in (self.function, self.guard) if node is not None]

    @cached_property
    def lost(self) -> list[Node]:
        """What a WSGI module would not run and that can't just be moved."""
        lost = [s for s in self.others if s not in self.setup]
        if self.function is not None:
            decorated = definition(self.function)
            lost += [node for node in decorated.named_children if node.type == "decorator"]
        handlers = (call.handler for call in self.calls if call.handler is not None)
        return [*lost, *(handler.child_by_field_name("name") or handler for handler in handlers)]

    @cached_property
    def moved(self) -> list[Node]:
        """What moves to module level with the application, in the order of a run.

        Where something is imported, or a function of the app's own is called, the set-up in front of
        it may matter and comes along.
        """
        order = {node.id: index for index, node in enumerate(self._in_order)}
        along: list[Node] = []
        if self.slice and not self.is_provable:
            last = order[self.slice[-1].id]
            along = [s for s in self.setup if order[s.id] < last]
        return sorted([*self.slice, *along], key=lambda node: order[node.id])

    @cached_property
    def moved_with_setup(self) -> list[Node]:
        """What moves to module level when nothing of the entry remains, in the order of a run."""
        aside = [s for guard in self.side_guards for s in statements(guard)]
        return [s for s in self._in_order if s in self.slice or (s in self.setup and s not in aside)]

    @cached_property
    def _in_order(self) -> list[Node]:
        """The slice and the set-up in the order in which a run executes them."""
        inner = {s.id for s in self.body}
        first = [s for guard in self._starting_guards for s in self._around_start(guard)[0]]
        own = sorted([*self.slice, *(s for s in self.setup if s.id in inner)], key=_position)
        rest = [s for s in self.setup if s not in first and s not in own]
        return [*(s for s in first if s in self.setup), *own, *rest]


def global_name(file: PythonFile, call: AdapterCall) -> str | None:
    """The name of an application that the module binds outside any function and guard."""
    name, node = plain_name(call), call.application
    if name is None or node is None:
        return None
    if not file.lookup(name, node) and "*" in file.scope.bindings:
        return name
    for binding in file.lookup(name, node):
        around = [outer for outer in ancestors(binding.name) if outer != binding.statement]
        is_none = binding.value is not None and binding.value.type == "none"
        is_inner = any(outer.type in {"function_definition", "lambda"} for outer in around)
        in_guard = any(outer.type == "if_statement" and is_guard(outer) for outer in around)
        if binding.kind != "parameter" and not (is_none or is_inner or in_guard):
            return name
    return None


def plain_name(call: AdapterCall) -> str | None:
    """The name that stands for the application in an adapter call, if it is nothing but a name."""
    node = call.application
    is_name = node is not None and node.type == "identifier" and call.expression == text(node)
    return call.expression if is_name else None


def statement_of(call: Node) -> Node:
    """The statement that a call is, or returns, or assigns; of a deeper call, the nearest around it."""
    found = call
    for node in ancestors(call):
        if node.type not in _TRANSPARENT:
            break
        found = node
    return found


def _ends_in(statement: Node, ends: set[int]) -> bool:
    """Whether every way through an `if` statement ends with one of some statements."""
    if statement.id in ends:
        return True
    if statement.type != "if_statement":
        return False
    alternatives = statement.children_by_field_name("alternative")
    blocks = [statement.child_by_field_name("consequence")]
    blocks += [a.child_by_field_name("body") or a.child_by_field_name("consequence") for a in alternatives]
    has_else = any(alternative.type == "else_clause" for alternative in alternatives)
    return has_else and all(block is not None and _block_ends_in(block, ends) for block in blocks)


def _block_ends_in(block: Node, ends: set[int]) -> bool:
    inner = [node for node in block.named_children if node.type != "comment"]
    return bool(inner) and _ends_in(inner[-1], ends)


def _position(node: Node) -> int:
    return node.start_byte
