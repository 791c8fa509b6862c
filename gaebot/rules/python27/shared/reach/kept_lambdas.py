"""Lambdas that modules and classes keep: `_ = lambda x: …`, in a table, in `property(…)`.

They are made while modules are loaded, and run when a request calls them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.reach.code import ClassCode, FunctionCode, app_code
from gaebot.rules.python27.shared.reach.dead_code import never_runs
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import PythonFile, Scope

_USED_AT_ONCE = frozenset(
    {
        "sorted", "sort", "map", "filter", "reduce", "min", "max", "sum", "any", "all", "apply", "sub",
        "subn", "imap", "ifilter", "ifilterfalse", "groupby", "takewhile", "dropwhile", "nlargest",
        "nsmallest", "next",
    }
)  # fmt: skip
"""Functions and methods that have done with a function that they are given when they return."""
_PARAMETERS = frozenset({"default_parameter", "parameters"})


@dataclass(frozen=True, eq=False)
class LambdaCode(FunctionCode):
    """A lambda that a module or a class keeps."""

    @cached_property
    def name(self) -> str:
        """The name that leads to it: what it, or the table that holds it, is assigned to; '' without one."""
        outer = next((each for each in ancestors(self.node) if each.type == "assignment"), None)
        left = text(outer.child_by_field_name("left")) if outer is not None else ""
        return left.rpartition(".")[2] if left.replace(".", "").isidentifier() else ""

    @cached_property
    def title(self) -> str:
        """What to call it: '_', 'Page.name', "SHOW['user']"."""
        pair = self.node.parent
        key = pair.child_by_field_name("key") if pair is not None and pair.type == "pair" else None
        where = f"{self.owner.name}.{self.name}" if self.owner is not None and self.name else self.name
        return (f"{where}[{text(key)}]" if key is not None else where) if where else "lambda"


def kept_lambda(app: App, file: PythonFile, node: Node) -> LambdaCode | None:
    """The lambda in whose body a node stands, outside of functions; None where nothing keeps that lambda."""
    found: Node | None = None
    scope: Scope | None = file.scope_at(node)
    while scope is not None and scope.node.type != "function_definition":
        if scope.node.type == "lambda":
            found = scope.node
        scope = scope.parent
    if found is None or scope is not None:
        return None
    made = found
    return app.remember((kept_lambda, file.source.path, made.start_byte), lambda: _made(app, file, made))


def _made(app: App, file: PythonFile, node: Node) -> LambdaCode | None:
    request_file = app_code(app).file(file.source.path)
    if (
        request_file is None
        or not request_file.runs(node)
        or never_runs(app, file, node)
        or not _is_kept(node)
    ):
        return None
    holder = file.holder(node.start_byte)
    owner = app_code(app).at(file, holder) if holder.type == "class_definition" else None
    return LambdaCode(file, node, owner if isinstance(owner, ClassCode) else None, None)


def _is_kept(node: Node) -> bool:
    """Whether a lambda is bound to a name, or handed to what may keep it: not to `sorted`, and not called."""
    child, is_handed_on = node, False
    for outer in ancestors(node):
        if outer.type == "call":
            called = outer.child_by_field_name("function")
            if child == called or text(called).rpartition(".")[2] in _USED_AT_ONCE:
                return False
            is_handed_on = True
        elif outer.type == "assignment":
            return child == outer.child_by_field_name("right")
        elif outer.type in _PARAMETERS or outer.type == "decorator":
            return True
        elif outer.type.endswith("_statement") or outer.type in {"block", "module"}:
            return outer.type == "expression_statement" and is_handed_on
        child = outer
    return False
