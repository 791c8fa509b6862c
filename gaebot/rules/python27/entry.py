"""How a handler script starts when it is run as a CGI script: the guard, `main()`, the adapter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from gaebot.rules.python27.adapters import AdapterCall, adapter_calls
from gaebot.syntax.python import PythonFile, ancestors, text

_NAMES = "(identifier) @name"


@dataclass(frozen=True, eq=False)
class Entry:
    """The parts of a handler script that only a CGI run executes.

    `guards` are the `if __name__ == '__main__':` statements; `starters` the statements at module
    level, outside the guards, that hold an adapter call or call a function that does; `functions`
    the module-level functions that hold one; `calls` every adapter call that such a run can reach.
    """

    file: PythonFile
    calls: tuple[AdapterCall, ...]
    guards: tuple[Node, ...]
    starters: tuple[Node, ...]
    functions: tuple[Node, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        """Whether nothing in the file runs an application."""
        return not self.calls


def find_entry(file: PythonFile) -> Entry:
    """Read the entry of a handler script."""
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
    guards = tuple(guard for guard in top_level(file) if is_guard(guard))
    names = {function_name(function) for function in functions}
    starters = tuple(
        statement
        for statement in top_level(file)
        if statement not in guards
        and statement.type != "function_definition"
        and (_called_name(statement) in names or any(_inside(call.call, statement) for call in calls))
    )
    return Entry(file, tuple(calls), guards, starters, tuple(functions))


def top_level(file: PythonFile) -> list[Node]:
    """The statements of the module, comments left out."""
    return [node for node in file.root.named_children if node.type != "comment"]


def statements(holder: Node) -> list[Node]:
    """The statements in the body of a function or of an `if`, comments left out."""
    body = holder.child_by_field_name("body") or holder.child_by_field_name("consequence")
    return [node for node in body.named_children if node.type != "comment"] if body is not None else []


def is_guard(statement: Node) -> bool:
    """Whether a statement is `if __name__ == '__main__':`, either way round, without `else`."""
    if statement.type != "if_statement" or statement.child_by_field_name("alternative") is not None:
        return False
    condition = statement.child_by_field_name("condition")
    while condition is not None and condition.type == "parenthesized_expression" and condition.named_children:
        condition = condition.named_children[0]
    if condition is None or condition.type != "comparison_operator":
        return False
    operators = [text(node) for node in condition.children_by_field_name("operators")]
    operands = {text(node).strip("'\"") for node in condition.named_children}
    return operators == ["=="] and operands == {"__name__", "__main__"}


def function_name(function: Node) -> str:
    """The name of a function definition."""
    return text(function.child_by_field_name("name"))


def calls_function(statement: Node, name: str) -> bool:
    """Whether a statement is nothing but a call of a function by name: `main()`, `return main()`,
    `sys.exit(main())`."""
    return _called_name(statement) == name


def _called_name(statement: Node) -> str:
    node: Node | None = statement
    while node is not None and node.type in {
        "expression_statement",
        "return_statement",
        "assignment",
        "call",
    }:
        if node.type == "call":
            function = node.child_by_field_name("function")
            if text(function) in {"sys.exit", "exit", "raise SystemExit"}:
                holder = node.child_by_field_name("arguments")
                node = holder.named_children[0] if holder is not None and holder.named_children else None
                continue
            return text(function) if function is not None and function.type == "identifier" else ""
        if node.type == "assignment":
            node = node.child_by_field_name("right")
        else:
            node = node.named_children[0] if node.named_children else None
    return ""


def _inside(node: Node, outer: Node) -> bool:
    return outer.start_byte <= node.start_byte and node.end_byte <= outer.end_byte


def uses(file: PythonFile, name: str) -> Iterator[Node]:
    """Every identifier of the file with this spelling, attribute names left out."""
    for node in file.nodes(_NAMES):
        if node.text == name.encode() and not is_member_name(node):
            yield node


def is_member_name(node: Node) -> bool:
    """Whether an identifier is the `b` of `a.b`, or of `f(b=1)`: a name of something else's."""
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "attribute":
        return parent.child_by_field_name("attribute") == node
    return parent.type == "keyword_argument" and parent.child_by_field_name("name") == node
