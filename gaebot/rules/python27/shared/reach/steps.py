"""Which code of the app leads to which: calls, names that are handed on, and methods by name.

More is followed than is called: a name that code mentions may be called by whoever gets it, and a method
of an object that nothing is known of may be any method of that name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from gaebot.app import App
from gaebot.rules.python27.shared.reach.calls import MAKING, Mention, mentions
from gaebot.rules.python27.shared.reach.code import AppCode, ClassCode, Code, FunctionCode, app_code
from gaebot.syntax.nodes import text

_MODELS = ("Model", "Expando", "Query", "Exception", "Error")
_HOOK = re.compile(
    r"_?(?:pre|post)_|"
    r"(?:put|save|delete|kind|key|properties|from_entity|entity_type|is_saved|validate|clean\w*)$"
)
"""The methods of entities that the datastore's library calls, or that forms and templates know of."""
_LOOKED_UP = frozenset({"property", "cached_property"})


class ByName(NamedTuple):
    """Any method of this name: what a call on an unknown object may reach."""

    name: str


class Kept(NamedTuple):
    """An object of a class that is made when modules are loaded, and is there when requests come."""

    cls: ClassCode


Step = FunctionCode | ClassCode | ByName | Kept


def next_steps(app: App, step: Step) -> Iterator[tuple[Step, bool]]:
    """Where code leads: each step with whether it is sure, or only possible."""
    code, known = app_code(app), mentions(app)
    if isinstance(step, ByName):
        yield from ((method, True) for method in code.methods_by_name.get(step.name, ()))
        return
    if isinstance(step, ClassCode):
        yield from _steps_of_class(code, step)
        return
    if isinstance(step, Kept):
        yield from _steps_of_class(code, step.cls, is_made=True)
        return
    for mention in known.in_function(step):
        yield from ((target, True) for target in mention.sure if not _is_only_named(code, target, mention))
        if mention.method:
            yield ByName(mention.method), False
    yield from _wrappers(code, step)


def _is_only_named(code: AppCode, target: Code, mention: Mention) -> bool:
    """Whether a class is named and no object of it made: `isinstance(page, Page)`, `Settings.colours`.

    Where a value that it keeps is read, its methods may make some, and the framework below whose class
    it stands.
    """
    member = mention.node.parent
    if not isinstance(target, ClassCode) or member is None or mention.is_only_asked_for:
        return isinstance(target, ClassCode)
    if member.type != "attribute":
        return False
    if member.child_by_field_name("object") != mention.node or code.outside_bases(target):
        return False
    return code.method(target, text(member.child_by_field_name("attribute"))) is None


def _steps_of_class(code: AppCode, cls: ClassCode, *, is_made: bool = False) -> Iterator[tuple[Step, bool]]:
    """What making an instance of a class, and handing it on, may run.

    Python calls the methods with double underscores and the properties; the framework below whose class it
    stands may call any method. What makes the instance is left out where it is made before; a metaclass
    makes its classes when modules are loaded.
    """
    yield from ((Kept(base) if is_made else base, True) for base in code.bases(cls))
    outside = [base for base in code.outside_bases(cls) if base != "type"]
    is_model = all(base.endswith(_MODELS) for base in outside)
    for name, node in cls.methods.items():
        method = code.at(cls.file, node)
        if not isinstance(method, FunctionCode) or ((is_made or cls.is_metaclass) and name in MAKING):
            continue
        is_called = (name.startswith("__") and name.endswith("__")) or any(
            text(decorator).rpartition(".")[2] in _LOOKED_UP for decorator in method.decorators
        )
        is_hook = bool(outside) and (not is_model or _HOOK.match(name) is not None)
        if is_called or (is_hook and not is_setup_only(code.app, method)):
            yield method, is_called


def is_setup_only(app: App, method: FunctionCode) -> bool:
    """Whether a method is named in code that runs on import, and nowhere else: `Page.register(menu)`."""
    found = mentions(app).of(method)
    return bool(found) and all(mention.function is None for mention in found)


def _wrappers(code: AppCode, function: FunctionCode) -> Iterator[tuple[Step, bool]]:
    """The functions that the app's own decorators put in the place of a function.

    A decorator that is written with a call, `@route('/')`, gives what decorates: that runs when the module
    is loaded, and only what it makes in turn comes into the function's place.
    """
    for decorator in function.decorators:
        is_called = decorator.parent is not None and decorator.parent.type == "call"
        for found in code.meanings(function.file, decorator):
            if isinstance(found, FunctionCode):
                first = _returned_functions(code, found) if is_called else frozenset()
                yield from ((inner, True) for inner in inner_functions(code, found) if inner not in first)
            elif not is_called:
                yield Kept(found), True
            else:
                decorating = code.method(found, "__call__")
                inner_made = inner_functions(code, decorating) if decorating is not None else ()
                yield from ((inner, True) for inner in inner_made)


def _returned_functions(code: AppCode, function: FunctionCode) -> frozenset[FunctionCode]:
    """The functions made directly in a function that it returns by their names."""
    made = {inner.name: inner for inner in _by_outer(code).get(id(function), ())}
    values = function.file.nodes("(return_statement (identifier) @name)", function.node)
    return frozenset(
        made[text(name)]
        for name in values
        if text(name) in made and code.around(function.file, name) is function
    )


def inner_functions(code: AppCode, function: FunctionCode) -> list[FunctionCode]:
    """The functions that are made inside a function, at any depth."""
    found = _by_outer(code)
    waiting, inner = [function], []
    while waiting:
        made = found.get(id(waiting.pop()), [])
        inner += made
        waiting += made
    return inner


def _by_outer(code: AppCode) -> dict[int, list[FunctionCode]]:
    """The functions that each function makes, by its id."""
    return code.app.remember((_by_outer,), lambda: _find_by_outer(code))


def _find_by_outer(code: AppCode) -> dict[int, list[FunctionCode]]:
    found = defaultdict(list)
    for function in code.functions:
        if function.outer is not None:
            found[id(function.outer)].append(function)
    return dict(found)
