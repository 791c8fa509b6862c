"""What the calls of a function give it."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.threads.calls import Mention, mentions
from gaebot.rules.python27.shared.threads.code import FunctionCode
from gaebot.rules.python27.shared.threads.constants import is_constant
from gaebot.rules.python27.shared.threads.requests import request_code
from gaebot.syntax.python import arguments, text


def argument(call: Node, function: FunctionCode, name: str) -> Node | None:
    """What a call gives for a parameter; None where it leaves it out, or hands on a list of arguments."""
    positional, named = arguments(call)
    if name in named:
        return named[name]
    position = function.parameters.index(name) - bool(function.receiver)
    return positional[position] if 0 <= position < len(positional) else None


def leaves_out(app: App, function: FunctionCode, name: str) -> bool | None:
    """Whether a call may leave a parameter out, so that its default counts; None where no call is known."""
    calls = [mention.call for mention in _calls(app, function) if mention.call is not None]
    if not calls:
        return None
    return any(argument(call, function, name) is None for call in calls)


def constant_argument(app: App, function: FunctionCode, name: str) -> str | None:
    """The text of the constant that all calls of requests give for a parameter; None where they differ."""
    found: set[str] = set()
    for mention in _calls(app, function):
        if mention.function is None or not request_code(app).runs(mention.function):
            continue
        given = argument(mention.call, function, name) if mention.call is not None else None
        if given is None or not is_constant(mention.file, given):
            return None
        found.add(text(given))
    return found.pop() if len(found) == 1 else None


def _calls(app: App, function: FunctionCode) -> Iterator[Mention]:
    """The places that call a function, or may by its name; for `__init__` those that make an object."""
    known = mentions(app).of
    yield from (mention for mention in known.get(id(function), ()) if mention.call is not None)
    if function.owner is not None and function.name == "__init__":
        yield from (mention for mention in known.get(id(function.owner), ()) if mention.call is not None)
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
