"""The entries of `builtins:`: handlers that the SDK brings along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gaebot.app import App
from gaebot.rules.python27.shared.config.app_yaml import BUILTINS
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.syntax.yaml import MappingNode, Node, Pair, YamlFile, as_text, is_null, scalar

_ON = frozenset({"on", "yes", "y", "True", "t", "1", "true"})


class Builtin(NamedTuple):
    """One `- name: on` below `builtins:`. `list` is the key with the list, `item` the list's entry."""

    file: YamlFile
    list: Pair
    item: MappingNode
    pair: Pair

    @property
    def name(self) -> str:
        """The builtin's name."""
        return scalar(self.pair.key) or ""

    @property
    def is_on(self) -> bool:
        """Whether it is switched on; one with no value is not."""
        return as_text(self.pair.value) in _ON

    @property
    def has_value(self) -> bool:
        """Whether anything is said: App Engine passes over an entry that says neither on nor off."""
        return not is_null(self.pair.value)

    @property
    def adds_handler(self) -> bool:
        """Whether App Engine adds a handler for it. `default` stands for none."""
        return self.is_on and self.name in BUILTINS and self.name != "default"


def builtin_lists(app: App) -> Iterator[tuple[YamlFile, Pair]]:
    """Each `builtins:` of the services and of what they include, once, with its file."""
    seen: set[int] = set()
    for service in python_services(app):
        for file in (service.file, *service.includes):
            pair = YamlFile.get(file.mapping, "builtins")
            if pair is not None and id(file) not in seen:
                seen.add(id(file))
                yield file, pair


def builtins_in(file: YamlFile) -> Iterator[Builtin]:
    """The well-formed entries of a file's `builtins:`, in order."""
    pair = YamlFile.get(file.mapping, "builtins")
    for item in YamlFile.items(pair.value) if pair else []:
        entries = YamlFile.pairs(item)
        if pair is not None and isinstance(item, MappingNode) and len(entries) == 1:
            yield Builtin(file, pair, item, entries[0])


def items_of(pair: Pair) -> list[Node]:
    """The items below `builtins:`, whatever they are."""
    return YamlFile.items(pair.value)
