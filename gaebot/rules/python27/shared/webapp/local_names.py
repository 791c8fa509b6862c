"""What a local name may hold at a place: the assignments that reach it, in the order of the code."""

from __future__ import annotations

from tree_sitter import Node

from gaebot.syntax.nodes import ancestors, arguments, scope_node, text
from gaebot.syntax.python import Binding, PythonFile

_LOOPS = frozenset({"for_statement", "while_statement"})


def values_of(file: PythonFile, node: Node) -> list[Node] | None:
    """What a local name may have been bound to when a use of it is reached; None when that is not known.

    An assignment that is made in any case hides the earlier ones.
    """
    bindings = reaching(file, node)
    if bindings is None or any(binding.kind != "assign" or binding.value is None for binding in bindings):
        return None
    return [binding.value for binding in bindings if binding.value is not None]


def reaching(file: PythonFile, node: Node) -> list[Binding] | None:
    """The bindings of a name that a use of it may see; None when they are not all known."""
    known = file.lookup(text(node), node)
    scope = scope_node(node)
    if not known:
        return None
    if any(scope_node(binding.name) != scope for binding in known):
        # A constant of the module.
        is_constant = len(known) == 1 and scope_node(known[0].name).type == "module"
        return known if is_constant else None
    loops = [outer for outer in ancestors(node) if outer.type in _LOOPS and scope_node(outer) == scope]
    seen = [
        binding
        for binding in known
        if (binding.name.start_byte < node.start_byte and not _is_value_of(binding, node))
        or any(_holds(loop, binding.name) for loop in loops)
    ]
    hiding = [
        start
        for binding in seen
        if binding.name.end_byte < node.start_byte
        and binding.kind != "augment"
        and (start := _sure_start(known, binding, node)) is not None
    ]
    first = max(hiding, default=0)
    return [binding for binding in seen if binding.name.start_byte >= first] or None


def _sure_start(known: list[Binding], binding: Binding, node: Node) -> int | None:
    """Where a statement begins that binds a name in any case before a node is reached, or None.

    What is assigned in a `try` counts: an error in it is another matter. So does an `if` that
    assigns in all its branches.
    """
    if _is_value_of(binding, node):
        return None
    start, inner = binding.name.start_byte, binding.statement
    if binding.kind == "parameter":
        return start
    while inner.parent is not None and not _holds(inner.parent, node):
        outer = inner.parent
        if outer.type in {"if_statement", "for_statement", "while_statement", "function_definition"}:
            if outer.type != "if_statement" or not _assigns_always(known, outer):
                return None
            start = outer.start_byte
        elif outer.type in {"except_clause", "lambda", "class_definition"}:
            return None
        inner = outer
    is_other_branch = inner.type in {"else_clause", "elif_clause", "except_clause"} or (
        inner.type == "block"
        and inner.parent is not None
        and inner.parent.type in {"if_statement", "try_statement"}
    )
    return None if is_other_branch else start


def _assigns_always(known: list[Binding], statement: Node) -> bool:
    """Whether each branch of an `if`, with an `else` among them, binds the name directly."""
    branches = [statement.child_by_field_name("consequence")]
    clauses = statement.children_by_field_name("alternative")
    if not clauses or clauses[-1].type != "else_clause":
        return False
    branches += [
        clause.child_by_field_name("consequence") or clause.child_by_field_name("body") for clause in clauses
    ]
    return all(
        branch is not None
        and any(
            binding.kind == "assign"
            and binding.statement.parent is not None
            and branch in (binding.statement.parent, binding.statement.parent.parent)
            for binding in known
        )
        for branch in branches
    )


def _is_value_of(binding: Binding, node: Node) -> bool:
    """Whether a node stands in what is bound: `x = x.strip()` sees what was before."""
    statement = binding.name.parent if binding.kind == "augment" else binding.statement
    return binding.kind in {"assign", "augment"} and statement is not None and _holds(statement, node)


def _holds(outer: Node, inner: Node) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte


def without_brackets(node: Node) -> Node:
    """The expression inside round brackets."""
    while node.type == "parenthesized_expression" and without_comments(node):
        node = without_comments(node)[0]
    return node


def without_comments(node: Node) -> list[Node]:
    """The named nodes directly inside a node that are no comments."""
    return [child for child in node.named_children if child.type != "comment"]


def is_type_asked(file: PythonFile, node: Node) -> bool:
    """Whether the function around asks of which type a name's value is."""
    scope, name = scope_node(node), text(node)
    for question in file.identifiers("isinstance", "type", within=scope):
        call = question.parent
        if call is not None and call.type == "call" and [text(n) for n in arguments(call)[0]][:1] == [name]:
            return True
    return False
