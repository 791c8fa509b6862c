"""Tags of Django's templates that keep in `self` what belongs to one page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.scripts.loading import may_load
from gaebot.rules.python27.shared.webapp.handler_classes import class_functions
from gaebot.rules.python27.shared.webapp.templates import template_uses
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import PythonFile

_NODE = re.compile(r"django[\w.]*\.template\.(?:base\.)?(?:\w+\.)?\w*Node$|webapp\.template\.(?:\w+\.)*Node$")
_MUTATORS = frozenset(
    {"append", "extend", "insert", "remove", "pop", "sort", "reverse", "update", "add", "clear", "setdefault"}
)
_MOST_BASES = 20


class NodeState(NamedTuple):
    """An attribute that a class of template nodes, `title`, assigns to while it renders.

    `nodes` are the places, in order; `is_shared` says whether several requests surely use one node.
    """

    file: PythonFile
    title: str
    name: str
    nodes: tuple[Node, ...]
    is_shared: bool


@once_per_app
def node_states(app: App) -> tuple[NodeState, ...]:
    """The state that template nodes keep, by file and position."""
    found: list[NodeState] = []
    for file in app.python_files(b"Node"):
        if b"render" in file.source.data and may_load(app, file.source.path):
            for cls in file.keyword_nodes("class"):
                if cls.type == "class_definition" and _is_node(file, cls):
                    found += _states(app, file, cls)
    return tuple(found)


def _states(app: App, file: PythonFile, cls: Node) -> Iterator[NodeState]:
    writes: dict[str, list[Node]] = {}
    for method in _rendering(cls):
        for name, node in _writes(file, method):
            writes.setdefault(name, []).append(node)
    for name, nodes in writes.items():
        is_kept = any(_asks_first(node, name) for node in nodes)
        title = text(cls.child_by_field_name("name"))
        yield NodeState(file, title, name, tuple(nodes), _shares_templates(app) and not is_kept)


@once_per_app
def _shares_templates(app: App) -> bool:
    """Whether compiled templates are kept: by webapp, or by Django's cached loader."""
    if any(use.member in {"render", "load"} for use in template_uses(app)):
        return True
    return any(b"loaders.cached" in file.source.data for file in app.python_files(b"loaders.cached"))


def _is_node(file: PythonFile, cls: Node) -> bool:
    """Whether a class stands below Django's `Node`, directly or by other classes of the file."""
    waiting, seen = [cls], set[int]()
    while waiting and len(seen) < _MOST_BASES:
        current = waiting.pop()
        if current.id in seen:
            continue
        seen.add(current.id)
        holder = current.child_by_field_name("superclasses")
        for base in holder.named_children if holder is not None else ():
            if any(_NODE.search(origin) for origin in file.origins(base)):
                return True
            if base.type == "identifier":
                known = file.lookup(text(base), base)
                waiting += [found.statement for found in known if found.statement.type == "class_definition"]
    return False


def _rendering(cls: Node) -> list[Node]:
    """`render` of a class, and its methods that this calls by `self`, directly or not."""
    methods = {text(node.child_by_field_name("name")): node for node in class_functions(cls)}
    found: dict[str, Node] = {}
    waiting = ["render"]
    while waiting:
        name = waiting.pop()
        if name in methods and name not in found:
            found[name] = methods[name]
            receiver = re.escape(_receiver(methods[name]))
            body = text(methods[name].child_by_field_name("body"))
            waiting += re.findall(rf"\b{receiver}\.(\w+)\s*\(", body) if receiver else []
    return list(found.values())


def _receiver(method: Node) -> str:
    """The name of a method's first parameter."""
    holder = method.child_by_field_name("parameters")
    first = next((child for child in holder.named_children), None) if holder is not None else None
    return text(first) if first is not None and first.type == "identifier" else ""


def _writes(file: PythonFile, method: Node) -> Iterator[tuple[str, Node]]:
    """The attributes of `self` that a method assigns to or changes, each with the place."""
    receiver = _receiver(method)
    body = method.child_by_field_name("body")
    for name in file.identifiers(receiver, within=body) if receiver and body is not None else ():
        chain = name.parent
        if chain is None or chain.type != "attribute" or chain.child_by_field_name("object") != name:
            continue
        attribute = text(chain.child_by_field_name("attribute"))
        if _is_locked(name):
            continue
        target, outer = chain, chain.parent
        if outer is not None and outer.type == "subscript" and outer.child_by_field_name("value") == chain:
            target, outer = outer, outer.parent
        if outer is not None and outer.type in {"assignment", "augmented_assignment"}:
            if outer.child_by_field_name("left") == target:
                yield attribute, outer
        elif target is chain and outer is not None and outer.type == "attribute" and outer.parent is not None:
            is_call = outer.parent.type == "call" and outer.parent.child_by_field_name("function") == outer
            if is_call and text(outer.child_by_field_name("attribute")) in _MUTATORS:
                yield attribute, outer.parent


def _is_locked(node: Node) -> bool:
    return any(
        outer.type == "with_statement" and b"lock" in (outer.text or b"").partition(b":")[0].lower()
        for outer in ancestors(node)
    )


def _asks_first(node: Node, name: str) -> bool:
    """Whether an `if` that speaks of the attribute stands around a node."""
    for outer in ancestors(node):
        if outer.type == "if_statement":
            condition = text(outer.child_by_field_name("condition"))
            if re.search(rf"\b{re.escape(name)}\b", condition):
                return True
        if outer.type == "function_definition":
            break
    return False
