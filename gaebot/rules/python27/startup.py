"""What a CGI run of a handler script does, sorted: building the application, set-up, and the rest."""

from __future__ import annotations

from functools import cached_property

from tree_sitter import Node

from gaebot.rules.python27.adapters import AdapterCall
from gaebot.rules.python27.entry import (
    Entry,
    calls_function,
    function_name,
    is_guard,
    statements,
    top_level,
)
from gaebot.rules.python27.hoist import bound_in, is_setup, names_in, why_not, within
from gaebot.syntax.python import PythonFile, ancestors, text

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
        """Whether importing the module runs the adapter call itself."""
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
    def global_name(self) -> str | None:
        """The name of the application when it is bound at module level already."""
        return None if len(self.calls) > 1 and self.is_choice else global_name(self.file, self.adapter)

    @cached_property
    def local_name(self) -> str | None:
        """The name of the application when it is a local of the body."""
        name = plain_name(self.adapter)
        bound = {known for statement in self.slice for known in bound_in(self.file, statement)}
        return name if name in bound and not self.is_choice else None

    @cached_property
    def parameters(self) -> list[str]:
        """The names of the function's parameters."""
        if self.function is None:
            return []
        scope = self.file.scope_at(self.statement)
        return [name for name, known in scope.bindings.items() if any(b.kind == "parameter" for b in known)]

    @cached_property
    def before(self) -> list[Node]:
        """The statements of the body in front of the adapter's, docstring and `pass` left out."""
        if self.is_at_module_level:
            return []
        return [s for s in self.body[: self.body.index(self.statement)] if not _says_nothing(s)]

    @cached_property
    def slice(self) -> list[Node]:
        """The statements that build the application, in order: those in front of the adapter call
        that bind a name it needs or do something with it. A choice is one of them itself."""
        if self.global_name is not None or self.is_at_module_level:
            return []
        chosen = [self.statement] if self.is_choice else []
        node = self.statement if self.is_choice else self.adapter.application or self.adapter.call
        bound = {id(s): set(bound_in(self.file, s)) for s in self.before}
        local = set().union(*bound.values()) if bound else set()
        needed = names_in(self.file, node) & local
        taken: list[Node] = []
        while True:
            more = [
                s for s in self.before if s not in taken and needed & (bound[id(s)] | names_in(self.file, s))
            ]
            if not more:
                return sorted([*taken, *chosen], key=_position)
            taken += more
            for statement in more:
                needed |= (names_in(self.file, statement) | bound[id(statement)]) & local

    @cached_property
    def helpers(self) -> list[Node]:
        """The statements in front of the adapter call that only the call itself needs, such as
        `handler = wsgiref.handlers.CGIHandler()` or an import of the adapter."""
        called: set[str] = set()
        for adapter in self.calls:
            function = adapter.call.child_by_field_name("function")
            called |= names_in(self.file, function) if function is not None else set()
        rest = [s for s in self.before if s not in self.slice]
        return [s for s in rest if called.issuperset(bound_in(self.file, s) or {""})]

    @cached_property
    def others(self) -> list[Node]:
        """What a run executes beside building the application and calling the adapter."""
        rest = [s for s in self.before if s not in self.slice and s not in self.helpers]
        if not self.is_at_module_level:
            after = self.body[self.body.index(self.statement) + 1 :]
            rest += [s for s in after if not _says_nothing(s)]
        if self.is_nested and not self.is_choice:
            rest.append(self.statement)
        for guard in self.entry.guards:
            if guard != self.guard:
                rest += [s for s in statements(guard) if not _says_nothing(s) and not self._starts(s)]
        rest += [s for s in self.entry.starters if s != self.statement and not self._starts(s)]
        return sorted(rest, key=_position)

    def _starts(self, statement: Node) -> bool:
        return self.function is not None and calls_function(statement, function_name(self.function))

    @cached_property
    def setup(self) -> list[Node]:
        """Of the others, those that belong at module level anyway."""
        return [
            s for s in self.others if is_setup(self.file, s) and not why_not(self.file, s, self.parameters)
        ]

    @cached_property
    def lost(self) -> list[Node]:
        """Of the others, those that a WSGI module would not run and that can't just be moved."""
        return [s for s in self.others if s not in self.setup]


def global_name(file: PythonFile, call: AdapterCall) -> str | None:
    """The name of an application that the module binds outside any function and guard."""
    name, node = plain_name(call), call.application
    if name is None or node is None:
        return None
    for binding in file.lookup(name, node):
        around = [outer for outer in ancestors(binding.name) if outer != binding.statement]
        if binding.kind != "parameter" and not any(
            outer.type in {"function_definition", "lambda"} or is_guard(outer) for outer in around
        ):
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
    for alternative in alternatives:
        blocks.append(
            alternative.child_by_field_name("body") or alternative.child_by_field_name("consequence")
        )
    has_else = any(alternative.type == "else_clause" for alternative in alternatives)
    return has_else and all(block is not None and _block_ends_in(block, ends) for block in blocks)


def _block_ends_in(block: Node, ends: set[int]) -> bool:
    inner = [node for node in block.named_children if node.type != "comment"]
    return bool(inner) and _ends_in(inner[-1], ends)


def _says_nothing(statement: Node) -> bool:
    """Docstrings, `pass`, `global` and bare `return`: nothing is lost with them."""
    if statement.type in {"pass_statement", "global_statement"}:
        return True
    if statement.type == "return_statement":
        return not statement.named_children
    children = statement.named_children
    return statement.type == "expression_statement" and len(children) == 1 and children[0].type == "string"


def _position(node: Node) -> int:
    return node.start_byte
