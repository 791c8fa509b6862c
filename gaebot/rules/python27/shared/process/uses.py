"""Where requests use an object that a module keeps, without a lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.locks.guards import guard_at, held_by_callers
from gaebot.rules.python27.shared.reach.code import FunctionCode
from gaebot.rules.python27.shared.reach.globals import uses_of_global
from gaebot.rules.python27.shared.reach.placing import request_function
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.syntax.nodes import text
from gaebot.syntax.python import Binding


class Use(NamedTuple):
    """A place where a request uses an object that a module keeps, and the function it stands in."""

    file: RequestFile
    node: Node
    function: FunctionCode


def unlocked_uses(
    app: App, file: RequestFile, binding: Binding, used: Callable[[Node], Node | None]
) -> tuple[Use, ...]:
    """The uses of what a module-level name is bound to, by file and position, without those under a lock.

    `used` gives for the name, where it stands, the expression that uses the object; None where none does.
    """
    return tuple(use for use in _uses(app, file, binding, used) if not _is_locked(app, use))


def _uses(
    app: App, file: RequestFile, binding: Binding, used: Callable[[Node], Node | None]
) -> Iterator[Use]:
    for user, node in uses_of_global(app, file.file, binding):
        expression = used(node)
        function = request_function(app, user, node) if expression is not None else None
        if expression is not None and function is not None:
            yield Use(user, expression, function)


def _is_locked(app: App, use: Use) -> bool:
    """Whether a use runs under a lock that the requests share."""
    guard = guard_at(app, use.file.file, use.node) or held_by_callers(app, use.function)
    return guard is not None


def called_method(node: Node) -> tuple[str, Node] | None:
    """The name and the call of a method that is called on what stands at `node`: `rows.next()`; or None."""
    member = node.parent
    if member is None or member.type != "attribute" or member.child_by_field_name("object") != node:
        return None
    call = member.parent
    if call is None or call.type != "call" or call.child_by_field_name("function") != member:
        return None
    return text(member.child_by_field_name("attribute")), call
