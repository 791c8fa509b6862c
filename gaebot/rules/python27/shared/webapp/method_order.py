"""The order in which Python 2 looks through a class and the classes above it for a method."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.scripts.definitions import definitions
from gaebot.rules.python27.shared.webapp.handler_classes import (
    REQUEST_HANDLER,
    SDK_HANDLERS,
    class_functions,
)
from gaebot.syntax.nodes import text
from gaebot.syntax.python import PythonFile

FRAMEWORK = "webapp2.RequestHandler"
"""How the framework's own class is named in an order, be it webapp's or webapp2's."""

_OBJECT = "object"
_MOST = 40  # how many classes above a class are looked at


class OrderedClass(NamedTuple):
    """A class in such an order: one of the app by `file` and `node`, any other by its dotted name alone."""

    origin: str
    file: PythonFile | None = None
    node: Node | None = None

    def function(self, name: str) -> Node | None:
        """The function of that name that its body defines, of several the last one, or None."""
        found = None
        for each in class_functions(self.node) if self.node is not None else ():
            if text(each.child_by_field_name("name")) == name:
                found = each
        return found


def method_order(app: App, file: PythonFile, node: Node) -> tuple[OrderedClass, ...] | None:
    """A class of the app and the classes above it in that order, without `object`.

    None where what a base means can't be told, or where Python would refuse the bases. What is above a class
    that is not the app's is not known, but for handlers of the SDK.
    """
    found = _Orders(app).order(OrderedClass("", file, node))
    return None if found is None else tuple(found.classes)


class _Order(NamedTuple):
    """The order for a class, and whether that is below `object`: one that is not is searched depth first."""

    classes: list[OrderedClass]
    is_new: bool


class _Orders:
    """Finds the order for a class, for each class above it once."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.known: dict[OrderedClass, _Order | None] = {}

    def order(self, cls: OrderedClass) -> _Order | None:
        """The order for one class, or None."""
        if cls not in self.known and len(self.known) <= _MOST:
            self.known[cls] = None  # a class that derives from itself has none
            self.known[cls] = self._find(cls)
        return self.known.get(cls)

    def _find(self, cls: OrderedClass) -> _Order | None:
        if cls.file is None or cls.node is None:
            above = [OrderedClass(FRAMEWORK)] if cls.origin in SDK_HANDLERS else []
            return _Order([] if cls.origin == _OBJECT else [cls, *above], is_new=True)
        holder = cls.node.child_by_field_name("superclasses")
        expressions = holder.named_children if holder is not None else []
        bases, orders = [], []
        for expression in [node for node in expressions if node.type != "comment"]:
            base = meaning(self.app, cls.file, expression)
            order = self.order(base) if base is not None else None
            if base is None or order is None:
                return None
            orders.append(order)
            bases += [base] if order.classes else []
        if not any(order.is_new for order in orders):
            found = dict.fromkeys([cls, *(each for order in orders for each in order.classes)])
            return _Order(list(found), is_new=False)
        rest = _merged([*(order.classes for order in orders), bases])
        return None if rest is None else _Order([cls, *rest], is_new=True)


def meaning(app: App, file: PythonFile, expression: Node) -> OrderedClass | None:
    """The one class that a name can stand for, or None."""
    if expression.type not in {"identifier", "attribute"}:
        return None
    found = set()
    known = definitions(app, file, expression)
    plain = {each.origin for each in known if each.file is None and "." not in each.origin}
    if _OBJECT in plain:
        return OrderedClass(_OBJECT)
    for each in known:
        if each.file is None:
            # What a star import may bring stands there as a plain name, too.
            if each.origin not in plain or len(known) == 1:
                found.add(OrderedClass(FRAMEWORK if each.origin in REQUEST_HANDLER else each.origin))
        elif each.node is None or each.node.type != "class_definition":
            return None
        else:
            found.add(OrderedClass("", each.file, each.node))
    return found.pop() if len(found) == 1 else None


def _merged(orders: Iterable[list[OrderedClass]]) -> list[OrderedClass] | None:
    """The orders of the bases made into one, a class always before those above it (Python's `mro`)."""
    left = [order for order in orders if order]
    merged = []
    while left:
        heads = (order[0] for order in left)
        head = next((each for each in heads if not any(each in order[1:] for order in left)), None)
        if head is None:
            return None
        merged.append(head)
        left = [rest for order in left if (rest := order[1:] if order[0] == head else order)]
    return merged
