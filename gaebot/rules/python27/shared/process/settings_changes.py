"""Where requests change Django's settings, or configure them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.reach.code import FunctionCode, app_code
from gaebot.rules.python27.shared.reach.constants import is_constant
from gaebot.rules.python27.shared.reach.outside import assigned_attributes, assigned_value, assignment_of
from gaebot.rules.python27.shared.reach.placing import request_function
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.syntax.nodes import ancestors, arguments, string_value, text

_SETTINGS = "django.conf.settings"
_OLD = frozenset({"_target"})  # lib-django-hacks speaks of it


class SettingChange(NamedTuple):
    """A place that sets a setting. `does` says to what, `is_same` whether that is always the same."""

    file: RequestFile
    node: Node
    function: FunctionCode
    name: str
    does: str
    is_same: bool


class ChangedSetting(NamedTuple):
    """One setting with all places that set it; `is_same` says whether each sets it to the same."""

    name: str
    changes: tuple[SettingChange, ...]
    is_same: bool


class Configuration(NamedTuple):
    """A call of `settings.configure(…)`; `is_asked` says whether an `if` or a `try` stands around it."""

    file: RequestFile
    call: Node
    function: FunctionCode
    is_asked: bool


@once_per_app
def changed_settings(app: App) -> tuple[ChangedSetting, ...]:
    """The settings that requests set, by file and position."""
    changes: list[SettingChange] = []
    for file in _files(app):
        found = [*_assigned(app, file), *_set_by_name(app, file)]
        changes += sorted(found, key=lambda change: change.node.start_byte)
    settings = []
    for name in dict.fromkeys(change.name for change in changes):
        alike = tuple(change for change in changes if change.name == name)
        is_same = all(change.is_same for change in alike) and len({change.does for change in alike}) == 1
        settings.append(ChangedSetting(name, alike, is_same))
    return tuple(settings)


@once_per_app
def configurations(app: App) -> tuple[Configuration, ...]:
    """The places where requests configure Django's settings, by file and position."""
    found = []
    for file in _files(app):
        for call in file.file.calls(f"{_SETTINGS}.configure"):
            function = request_function(app, file, call)
            if function is not None:
                found.append(Configuration(file, call, function, _is_asked(call)))
    return tuple(found)


def _files(app: App) -> Iterator[RequestFile]:
    for file in app_code(app).files.values():
        if b"django" in file.file.source.data and b"settings" in file.file.source.data:
            yield file


def _assigned(app: App, file: RequestFile) -> Iterator[SettingChange]:
    for target in assigned_attributes(file.file):
        owner = target.child_by_field_name("object")
        name = text(target.child_by_field_name("attribute"))
        if owner is None or name in _OLD or not file.file.refers_to(owner, _SETTINGS):
            continue
        function = request_function(app, file, target)
        if function is not None:
            value = assigned_value(target)
            node = assignment_of(target) or target
            yield SettingChange(file, node, function, name, text(value), is_constant(file.file, value))


def _set_by_name(app: App, file: RequestFile) -> Iterator[SettingChange]:
    """`setattr(settings, 'DEBUG', True)`."""
    for call in file.file.calls("setattr"):
        positional, _ = arguments(call)
        if len(positional) != 3 or not file.file.refers_to(positional[0], _SETTINGS):
            continue
        function = request_function(app, file, call)
        name = string_value(positional[1])
        if function is not None and name not in _OLD:
            is_same = name is not None and is_constant(file.file, positional[2])
            yield SettingChange(file, call, function, name or "setting", text(positional[2]), is_same)


def _is_asked(call: Node) -> bool:
    """Whether an `if` or a `try` stands around a call within its function."""
    for outer in ancestors(call):
        if outer.type in {"if_statement", "try_statement"}:
            return True
        if outer.type == "function_definition":
            break
    return False
