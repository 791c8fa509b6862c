"""What a node of a Python tree says and where it stands, told from the tree alone."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

_FUNCTIONS = frozenset({"function_definition", "lambda"})
_SCOPES = _FUNCTIONS | {"class_definition", "module"}


def text(node: Node | None) -> str:
    """The source text of a node. Python 2 names are ASCII; other bytes come out as Latin-1."""
    return ((node.text if node is not None else None) or b"").decode("latin-1")


def string_value(node: Node | None) -> str | None:
    """What a string literal holds. Bytes that are not ASCII come out as Latin-1.

    None for other nodes, and where escapes or several literals in a row would have to be worked out.
    """
    if node is None or node.type != "string":
        return None
    start = next((child for child in node.children if child.type == "string_start"), None)
    end = next((child for child in node.children if child.type == "string_end"), None)
    if start is None or end is None:
        return None
    whole = text(node)
    content = whole[start.end_byte - node.start_byte : end.start_byte - node.start_byte]
    is_raw = "r" in text(start).lower()
    return None if "\\" in content and not is_raw else content


def ancestors(node: Node) -> Iterator[Node]:
    """The nodes around a node, innermost first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def scope_node(node: Node) -> Node:
    """The node of the function, class, lambda or module in whose scope `node` stands.

    The name, the decorators, the default values and the bases of a definition belong outside it.
    """
    child, parent = node, node.parent
    while parent is not None:
        if parent.type == "module":
            return parent
        if parent.type in _SCOPES:
            body = parent.child_by_field_name("body")
            if (body is not None and body.id == child.id) or child.type == "comment":
                return parent
            # Default values are evaluated outside, the names are bound inside.
            is_list = parent.type in _FUNCTIONS and child.type in {"parameters", "lambda_parameters"}
            if is_list and _is_parameter_name(node, child):
                return parent
        child, parent = parent, parent.parent
    return child


def _is_parameter_name(node: Node, parameters: Node) -> bool:
    child, parent = node, node.parent
    while parent is not None and child.id != parameters.id:
        if parent.type == "default_parameter":
            value = parent.child_by_field_name("value")
            return value is None or value.id != child.id
        child, parent = parent, parent.parent
    return True


def is_called(node: Node) -> bool:
    """Whether a node is what a call calls."""
    call = node.parent
    return call is not None and call.type == "call" and call.child_by_field_name("function") == node


def is_target(node: Node) -> bool:
    """Whether something is assigned to a node or deleted there, rather than read."""
    parent = node.parent
    if parent is not None and parent.type == "assignment":
        return parent.child_by_field_name("left") == node
    return parent is not None and parent.type == "delete_statement"


def bound_names(node: Node) -> Iterator[Node]:
    """The identifiers that an assignment target binds: not `x.a`, not `x[0]`."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if current.type == "identifier":
            yield current
        elif current.type not in {"attribute", "subscript", "call", "string"}:
            waiting += reversed(current.named_children)


def arguments(call: Node) -> tuple[list[Node], dict[str, Node]]:
    """Positional and keyword arguments of a call. Star arguments count as positional."""
    positional: list[Node] = []
    named: dict[str, Node] = {}
    holder = call.child_by_field_name("arguments")
    for child in holder.named_children if holder is not None else []:
        if child.type == "keyword_argument":
            name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
            if name is not None and value is not None:
                named[text(name)] = value
        elif child.type != "comment":
            positional.append(child)
    return positional, named
