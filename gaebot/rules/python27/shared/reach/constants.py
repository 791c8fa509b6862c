"""Expressions that come to the same whenever a request runs them."""

from __future__ import annotations

from tree_sitter import Node

from gaebot.syntax.nodes import ancestors, arguments, scope_node, text
from gaebot.syntax.python import PythonFile

_LITERALS = frozenset({"string", "concatenated_string", "integer", "float", "true", "false", "none"})
_HOLDERS = frozenset(
    {
        *("unary_operator", "binary_operator", "boolean_operator", "not_operator", "comparison_operator"),
        *("parenthesized_expression", "conditional_expression", "list", "tuple", "set", "dictionary", "pair"),
        *("expression_list", "list_splat", "keyword_argument"),
    }
)
_PURE = frozenset(
    {
        *("bool", "dict", "float", "frozenset", "int", "len", "list", "long", "max", "min", "range", "set"),
        *("sorted", "str", "tuple", "unicode", "xrange", "re.compile"),
    }
)
_DEEPEST = 40


def is_constant(file: PythonFile, node: Node | None, depth: int = 0) -> bool:
    """Whether an expression is made of literals, imports and module-level names that no function binds.

    Attributes of such names count as well (`logging.DEBUG`, `settings.TIMEOUT`), calls do not, but for those
    that work out paths and numbers.
    """
    if node is None or depth > _DEEPEST:
        return False
    if node.type in _LITERALS:
        return True
    if node.type == "identifier":
        return _is_fixed(file, node)
    if node.type == "attribute":
        return is_constant(file, node.child_by_field_name("object"), depth + 1)
    if node.type == "lambda":
        return all(_is_own(file, name, node) or _is_fixed(file, name) for name in _names(node))
    if node.type == "call":
        function = node.child_by_field_name("function")
        positional, named = arguments(node)
        is_pure = function is not None and any(
            origin in _PURE or origin.startswith("os.path.") for origin in file.origins(function)
        )
        return is_pure and all(is_constant(file, each, depth + 1) for each in (*positional, *named.values()))
    if node.type in _HOLDERS:
        parts = node.named_children[1:] if node.type == "keyword_argument" else node.named_children
        return all(part.type == "comment" or is_constant(file, part, depth + 1) for part in parts)
    return False


def _is_fixed(file: PythonFile, name: Node) -> bool:
    """Whether a name is bound at module level only, imported, or built in."""
    return all(
        binding.kind == "import" or scope_node(binding.name).type == "module"
        for binding in file.lookup(text(name), name)
    )


def _names(node: Node) -> list[Node]:
    """The identifiers below a node that are no attributes and no keywords."""
    found, waiting = [], [node]
    while waiting:
        current = waiting.pop()
        if current.type == "identifier":
            found.append(current)
        elif current.type == "attribute":
            waiting += current.children[:1]
        elif current.type == "keyword_argument":
            waiting += current.named_children[1:]
        else:
            waiting += current.named_children
    return found


def _is_own(file: PythonFile, name: Node, function: Node) -> bool:
    """Whether a name is a parameter of a lambda."""
    return any(
        function.id in {outer.id for outer in ancestors(binding.name)}
        for binding in file.lookup(text(name), name)
    )
