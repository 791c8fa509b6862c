"""What the calls of a function give it."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.reach.calls import Mention, mentions
from gaebot.rules.python27.shared.reach.code import ClassCode, FunctionCode, app_code
from gaebot.rules.python27.shared.reach.constants import is_constant
from gaebot.rules.python27.shared.reach.requests import request_code
from gaebot.syntax.nodes import arguments, text


def leaves_out(app: App, function: FunctionCode, name: str) -> bool | None:
    """Whether a call may leave a parameter out, so that its default counts; None where no call is known."""
    calls = [_argument(app, mention, function, name) for mention in _calls(app, function)]
    return any(given is None for given in calls) if calls else None


def constant_argument(app: App, function: FunctionCode, name: str) -> str | None:
    """The text of the constant that all calls of requests give for a parameter; None where they differ."""
    found: set[str] = set()
    for mention in _calls(app, function):
        if mention.function is None or not request_code(app).runs(mention.function):
            continue
        given = _argument(app, mention, function, name)
        if given is None or not is_constant(mention.file, given):
            return None
        found.add(text(given))
    return found.pop() if len(found) == 1 else None


def _argument(app: App, mention: Mention, function: FunctionCode, name: str) -> Node | None:
    """What a call gives for a parameter; None where it leaves it out, or hands on a list of arguments."""
    if mention.call is None:
        return None
    positional, named = arguments(mention.call)
    if name in named:
        return named[name]
    position = (
        function.parameters.index(name) - bool(function.receiver) + _hands_on_self(app, mention, function)
    )
    given = positional[: position + 1] if position >= 0 else []
    is_list = any(node.type in {"list_splat", "dictionary_splat"} for node in given)
    return given[position] if len(given) > position >= 0 and not is_list else None


def _hands_on_self(app: App, mention: Mention, function: FunctionCode) -> bool:
    """Whether a call gives the object as its first argument: `Base.__init__(self, values)`."""
    owner = mention.node.child_by_field_name("object")
    if owner is None or not function.receiver or function.is_class_method:
        return False
    return any(isinstance(code, ClassCode) for code in app_code(app).meanings(mention.file, owner))


def _calls(app: App, function: FunctionCode) -> Iterator[Mention]:
    """The places that call a function, or may by its name; for `__init__` those that make an object."""
    known = mentions(app).of
    yield from (mention for mention in known(function) if mention.call is not None)
    if function.owner is not None and function.name == "__init__":
        for cls in app_code(app).family(function.owner):
            if app_code(app).method(cls, "__init__") is function:
                yield from (mention for mention in known(cls) if mention.call is not None)
    elif function.owner is not None:
        yield from _by_name(app).get(function.name, ())


@once_per_app
def _by_name(app: App) -> dict[str, list[Mention]]:
    """The calls of methods whose object is not known, by the method's name."""
    found: dict[str, list[Mention]] = {}
    for mention in mentions(app).all:
        if mention.method and mention.call is not None:
            found.setdefault(mention.method, []).append(mention)
    return found
