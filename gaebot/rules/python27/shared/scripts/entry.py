"""How a handler script starts when it is run as a CGI script: the guard, `main()`, the adapter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.rules.python27.shared.scripts.adapters import AdapterCall, adapter_calls
from gaebot.syntax.lines import within
from gaebot.syntax.nodes import ancestors, is_called, text
from gaebot.syntax.python import PythonFile

_DEFINITIONS = frozenset({"function_definition", "decorated_definition", "class_definition"})
# What ends a program.
EXITS = frozenset({"sys.exit", "exit", "quit", "SystemExit"})


class Alias(NamedTuple):
    """A statement that gives a function another name: `main = real_main`."""

    name: str
    function: str
    statement: Node


class Entry(NamedTuple):
    """The parts of a handler script that only a CGI run executes.

    `calls` are the adapter calls that such a run can reach; `functions` the module-level functions
    that hold one, `aliases` the other names that these get. `guards` are the statements
    `if __name__ == '__main__':`, `halves` those that ask for more or have an `else`; `starters` the
    statements outside of both that run an application on import.
    """

    file: PythonFile
    calls: tuple[AdapterCall, ...]
    functions: tuple[Node, ...]
    aliases: tuple[Alias, ...]
    guards: tuple[Node, ...]
    halves: tuple[Node, ...]
    starters: tuple[Node, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing in the file runs an application."""
        return not self.calls

    def names(self, function: Node) -> frozenset[str]:
        """The names under which a function of the entry can be called."""
        own = function_name(function)
        return frozenset({own, *(alias.name for alias in self.aliases if alias.function == own)})


def find_entry(file: PythonFile) -> Entry:
    """Read the entry of a handler script."""
    return file.remember(find_entry, lambda: _find_entry(file))


def _find_entry(file: PythonFile) -> Entry:
    calls, functions = [], []
    for adapter in adapter_calls(file):
        outer = [node for node in ancestors(adapter.call) if node.type != "decorated_definition"]
        kinds = [node.type for node in outer]
        if "class_definition" in kinds or kinds.count("function_definition") > 1 or "lambda" in kinds:
            continue  # runs when something else calls it: none of our business
        calls.append(adapter)
        function = next((node for node in outer if node.type == "function_definition"), None)
        if function is not None and function not in functions:
            functions.append(function)
    body = top_level(file)
    names = {function_name(function) for function in functions}
    aliases = [alias for statement in body if (alias := _alias(statement)) and alias.function in names]
    names |= {alias.name for alias in aliases}
    running = [statement for statement in body if _runs(file, statement, calls, names)]
    guards = [statement for statement in body if is_guard(statement)]
    halves = [s for s in running if s not in guards and _asks_for_main(s)]
    return Entry(
        file,
        calls=tuple(calls),
        functions=tuple(functions),
        aliases=tuple(aliases),
        guards=tuple(guards),
        halves=tuple(halves),
        starters=tuple(s for s in running if s not in guards and s not in halves),
    )


def top_level(file: PythonFile) -> list[Node]:
    """The statements of the module, comments left out."""
    return [node for node in file.root.named_children if node.type != "comment"]


def statements(holder: Node) -> list[Node]:
    """The statements in the body of a function or of an `if`, comments left out."""
    body = holder.child_by_field_name("body") or holder.child_by_field_name("consequence")
    return [node for node in body.named_children if node.type != "comment"] if body is not None else []


def definition(function: Node) -> Node:
    """The statement that defines a function: with its decorators, if it has some."""
    parent = function.parent
    return parent if parent is not None and parent.type == "decorated_definition" else function


def is_guard(statement: Node) -> bool:
    """Whether a statement is `if __name__ == '__main__':`, either way round, without `else`."""
    if statement.type != "if_statement" or statement.child_by_field_name("alternative") is not None:
        return False
    return _is_main_test(statement.child_by_field_name("condition"))


def _asks_for_main(statement: Node) -> bool:
    """Whether a statement is an `if` that is never true when the module is imported."""
    condition = statement.child_by_field_name("condition") if statement.type == "if_statement" else None
    if condition is not None and condition.type == "boolean_operator":
        operator = condition.child_by_field_name("operator")
        return text(operator) == "and" and any(_is_main_test(node) for node in condition.named_children)
    return _is_main_test(condition)


def _is_main_test(condition: Node | None) -> bool:
    while condition is not None and condition.type == "parenthesized_expression" and condition.named_children:
        condition = condition.named_children[0]
    if condition is None or condition.type != "comparison_operator":
        return False
    operators = [text(node) for node in condition.children_by_field_name("operators")]
    operands = {text(node).strip("'\"") for node in condition.named_children}
    return operators == ["=="] and operands == {"__name__", "__main__"}


def _alias(statement: Node) -> Alias | None:
    inner = statement.named_children[0] if statement.type == "expression_statement" else None
    if inner is None or inner.type != "assignment":
        return None
    left, right = inner.child_by_field_name("left"), inner.child_by_field_name("right")
    if left is None or right is None or not left.type == right.type == "identifier":
        return None
    return Alias(text(left), text(right), statement)


def _runs(file: PythonFile, statement: Node, calls: list[AdapterCall], names: set[str]) -> bool:
    """Whether executing a statement of the module runs an application.

    It holds an adapter call, or calls a function that does.
    """
    if statement.type in _DEFINITIONS:
        return False
    if any(within(adapter.call, [statement]) for adapter in calls):
        return True
    return any(is_called(name) for name in file.identifiers(*names, within=statement))


def function_name(function: Node) -> str:
    """The name of a function definition."""
    return text(function.child_by_field_name("name"))


def called_name(statement: Node) -> str:
    """The name of the function that a statement does nothing but call, else an empty text.

    It is `main` for `main()`, `return main()`, `result = main()`, `sys.exit(main())` and
    `raise SystemExit(main())`.
    """
    node: Node | None = statement
    while node is not None:
        if node.type == "call":
            function = node.child_by_field_name("function")
            if text(function) not in EXITS:
                return text(function) if function is not None and function.type == "identifier" else ""
            holder = node.child_by_field_name("arguments")
            node = holder.named_children[0] if holder is not None and holder.named_children else None
        elif node.type == "assignment":
            node = node.child_by_field_name("right")
        elif node.type in {"expression_statement", "return_statement", "raise_statement"}:
            node = node.named_children[0] if node.named_children else None
        else:
            return ""
    return ""


def uses(file: PythonFile, name: str) -> Iterator[Node]:
    """Every identifier of the file that is this name, spelt out."""
    yield from (node for node in file.identifiers(name) if not is_member_name(node))


def is_member_name(node: Node) -> bool:
    """Whether an identifier names something of something else's.

    It is the `b` of `a.b`, of `f(b=1)`, of `from b import c` or of `import b as c`.
    """
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "attribute":
        return parent.child_by_field_name("attribute") == node
    if parent.type == "keyword_argument":
        return parent.child_by_field_name("name") == node
    return parent.type == "dotted_name" and not _is_imported_as(node, parent)


def _is_imported_as(node: Node, dotted: Node) -> bool:
    """Whether an identifier in a dotted name is the name that an import gives it."""
    statement = dotted.parent
    if statement is None or dotted.named_children[0] != node:
        return False
    if statement.type == "import_statement":
        return True
    return (
        statement.type == "import_from_statement" and statement.child_by_field_name("module_name") != dotted
    )
