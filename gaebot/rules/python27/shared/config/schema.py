"""What App Engine's parser accepts where: the kinds of values, and the faults that they find.

The tables of keys are in `app_yaml`. Like the SDK's google/appengine/api/validation.py this knows
texts, choices, numbers, switches, lists and mappings. Every fault is something that the parser
refuses; the few that it lets through by accident are named where they are found.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import NamedTuple, Protocol

from gaebot.syntax.yaml import (
    MappingNode,
    Node,
    Pair,
    ScalarNode,
    SequenceNode,
    YamlFile,
    as_text,
    is_null,
    scalar,
)

# What both Python 2.7 and our own Python find wrong with a regular expression. On escapes, flags in
# the middle and possessive repeats they disagree.
_WRONG_IN_BOTH = ("unterminated", "unbalanced", "nothing to repeat", "multiple repeat", "bad character range")
_LONGEST_EXPRESSION = 1000


class Kind(Enum):
    """What is wrong: a key that is not known, a key that stands there twice, or a value."""

    UNKNOWN_KEY = "unknown key"
    DUPLICATE_KEY = "duplicate key"
    VALUE = "value"


class Fault(NamedTuple):
    """Something that App Engine's parser refuses.

    `path` holds the keys that lead there from the top, without places in lists. `message` is a
    sentence. `holder` and `pair` are the mapping and the entry concerned, where there is one;
    `first` is the entry that `pair` repeats; `known` are the keys that `holder` may have.
    """

    kind: Kind
    path: tuple[str, ...]
    node: Node
    message: str
    holder: MappingNode | None = None
    pair: Pair | None = None
    first: Pair | None = None
    known: frozenset[str] = frozenset()


class Value(Protocol):
    """What may stand behind a key."""

    def faults(self, node: Node, path: tuple[str, ...]) -> Iterator[Fault]:
        """What is wrong with a value that is not empty."""


def _fault(node: Node, path: tuple[str, ...], message: str) -> Fault:
    return Fault(Kind.VALUE, path, node, message)


class Text(NamedTuple):
    """One value that, read as text, matches a regular expression as a whole; `wanted` is that in words.

    A list is a fault, although the SDK quietly takes it for the text '[]' where that matches.
    """

    pattern: str = r"(?s:.*)"
    wanted: str = ""
    ascii_only: bool = True

    def faults(self, node: Node, path: tuple[str, ...]) -> Iterator[Fault]:
        """Lists, mappings, letters beyond ASCII, texts that don't match."""
        name = path[-1]
        text = as_text(node)
        if text is None:
            yield _fault(node, path, f"`{name}` takes one value, not {_shape(node)}.")
        elif self.ascii_only and not text.isascii():
            yield _fault(
                node, path, f"`{name}` may hold only ASCII letters; App Engine refuses `{_short(text)}`."
            )
        elif not re.fullmatch(self.pattern, text):
            yield _fault(node, path, f"{self._complaint(name, text, node)}")

    def _complaint(self, name: str, text: str, node: Node) -> str:
        written = scalar(node) or ""
        read_as = f", which YAML reads as `{_short(text)}`" if text != written.removesuffix("\n") else ""
        what = f"`{_short(written)}`{read_as}" if written else "an empty text"
        return f"App Engine refuses {what} for `{name}`: it must be {self.wanted}."


class Choice(NamedTuple):
    """One of a few words; `accepted` are further spellings that count too."""

    words: tuple[str, ...]
    accepted: tuple[str, ...] = ()

    def faults(self, node: Node, path: tuple[str, ...]) -> Iterator[Fault]:
        """Anything else."""
        text = as_text(node)
        if text is None:
            yield _fault(node, path, f"`{path[-1]}` takes one value, not {_shape(node)}.")
        elif text not in self.words and text not in self.accepted:
            yield _fault(node, path, not_one_of(path[-1], scalar(node) or "", self.words))


def not_one_of(name: str, written: str, words: tuple[str, ...]) -> str:
    """The sentence for a word that is none of those allowed."""
    return f"App Engine refuses `{_short(written)}` for `{name}`: it must be one of {listed(words)}."


class Switch:
    """true or false. The SDK takes any word for true; only a list or a mapping is a fault."""

    def faults(self, node: Node, path: tuple[str, ...]) -> Iterator[Fault]:
        """Lists and mappings."""
        if not isinstance(node, ScalarNode):
            yield _fault(node, path, f"`{path[-1]}` must be `true` or `false`, not {_shape(node)}.")


class Number(NamedTuple):
    """A number, within bounds that belong to it. Quoted digits count."""

    least: float | None = None
    most: float | None = None
    whole: bool = True

    def faults(self, node: Node, path: tuple[str, ...]) -> Iterator[Fault]:
        """What is no number, and what is out of bounds."""
        name = path[-1]
        text = as_text(node)
        if text is None:
            yield _fault(node, path, f"`{name}` takes one number, not {_shape(node)}.")
            return
        value = self._read(text, node)
        if value is None:
            wanted = "a whole number" if self.whole else "a number"
            yield _fault(
                node, path, f"App Engine refuses `{_short(text)}` for `{name}`: it must be {wanted}."
            )
        elif self.least is not None and value < self.least:
            yield _fault(
                node, path, f"App Engine refuses `{_short(text)}` for `{name}`: the least is {self.least:g}."
            )
        elif self.most is not None and value > self.most:
            yield _fault(
                node, path, f"App Engine refuses `{_short(text)}` for `{name}`: the most is {self.most:g}."
            )

    def _read(self, text: str, node: Node) -> float | None:
        if isinstance(node, ScalarNode) and node.style is None and text in {"True", "False"}:
            return float(text == "True")
        try:
            if self.whole and isinstance(node, ScalarNode) and node.style is not None:
                return int(text)
            return float(text)
        except ValueError:
            return None


class Expressions:
    """Regular expressions that have a meaning together: a text or a list of them (`skip_files`).

    The SDK compiles a list only when it uses it, and fails then; a broken one is a fault here.
    """

    def faults(self, node: Node, path: tuple[str, ...]) -> Iterator[Fault]:
        """Mappings, and expressions that don't compile."""
        if isinstance(node, MappingNode):
            yield _fault(node, path, f"`{path[-1]}` must be a list of regular expressions, not a mapping.")
            return
        for item in node.value if isinstance(node, SequenceNode) else [node]:
            if not isinstance(item, ScalarNode):
                message = f"Each entry of `{path[-1]}` must be a regular expression, not {_shape(item)}."
                yield _fault(item, path, message)
                continue
            text = "".join(str(item.value).splitlines())
            if not text.isascii():
                message = f"`{path[-1]}` may hold only ASCII letters; App Engine refuses `{_short(text)}`."
                yield _fault(item, path, message)
            elif error := expression_error(text):
                hint = " In a regular expression `.*` stands for any text." if text.startswith("*") else ""
                yield _fault(item, path, f"`{_short(text)}` is no regular expression: {error}.{hint}")


def expression_error(text: str) -> str | None:
    """Why Python 2.7 can't compile a regular expression; None when it can, and when in doubt."""
    if len(text) > _LONGEST_EXPRESSION:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what Python 3 may come to mean by it
            re.compile(text)
    except re.error as error:
        return error.msg if any(words in error.msg for words in _WRONG_IN_BOTH) else None
    except (OverflowError, RecursionError):
        return None
    return None


class Items(NamedTuple):
    """A list whose items are all of one kind; none may be empty."""

    value: Value

    def faults(self, node: Node, path: tuple[str, ...]) -> Iterator[Fault]:
        """What is no list, empty items, and what is wrong with the others."""
        if not isinstance(node, SequenceNode):
            message = f"`{path[-1]}` must be a list: put `- ` before each entry."
            yield _fault(node, path, message)
            return
        for item in node.value:
            if is_null(item):
                yield _fault(item, path, f"An entry of `{path[-1]}` is empty: fill it in or remove its dash.")
            else:
                yield from self.value.faults(item, path)


class Table(NamedTuple):
    """A mapping with keys of the app's own (`env_variables`). An empty value counts as text."""

    key: str
    wanted: str
    value: Value

    def faults(self, node: Node, path: tuple[str, ...]) -> Iterator[Fault]:
        """What is no mapping, keys that don't match, keys that repeat, values."""
        if not isinstance(node, MappingNode):
            yield _fault(node, path, f"`{path[-1]}` must hold lines of `name: value`, not {_shape(node)}.")
            return
        yield from _duplicates(node, path)
        for pair in YamlFile.pairs(node):
            name = scalar(pair.key) or ""
            if not re.fullmatch(self.key, name):
                message = (
                    f"App Engine refuses the name `{_short(name)}` in `{path[-1]}`: it must be {self.wanted}."
                )
                yield _fault(pair.key, path, message)
            elif not is_null(pair.value):
                yield from self.value.faults(pair.value, (*path, name))


class Fields(NamedTuple):
    """A mapping with fixed keys; None stands for a value that a rule of its own looks at.

    An empty value counts as a missing one, which those in `required` refuse. Those in `filled` may
    be left out but not be empty. Of each group in `exclusive` only one may be given. `more` finds
    what concerns several keys at once.
    """

    keys: Mapping[str, Value | None]
    required: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    exclusive: tuple[tuple[str, ...], ...] = ()
    more: Callable[[MappingNode, tuple[str, ...]], Iterator[Fault]] | None = None

    def faults(self, node: Node, path: tuple[str, ...]) -> Iterator[Fault]:
        """What is no mapping, unknown, repeated and missing keys, and what is wrong with the values."""
        if not isinstance(node, MappingNode):
            where = f"An entry of `{path[-1]}`" if path else "The file"
            yield _fault(node, path, f"{where} must hold lines of `key: value`, not {_shape(node)}.")
            return
        yield from _duplicates(node, path)
        for pair in YamlFile.pairs(node):
            name = scalar(pair.key)
            if name is None or name not in self.keys:
                message = (
                    f"App Engine does not know the key `{_short(name or '')}` here and refuses the file."
                )
                known = frozenset(self.keys)
                yield Fault(Kind.UNKNOWN_KEY, (*path, name or ""), pair.key, message, node, pair, known=known)
                continue
            value = self.keys[name]
            if value is not None and not is_null(pair.value):
                yield from value.faults(pair.value, (*path, name))
            elif name in self.filled and is_null(pair.value):
                message = f"`{name}` has no value: give it one or remove the line."
                yield Fault(Kind.VALUE, (*path, name), pair.key, message, node, pair)
        yield from self._combinations(node, path)

    def _combinations(self, node: MappingNode, path: tuple[str, ...]) -> Iterator[Fault]:
        given = {scalar(pair.key): pair for pair in YamlFile.pairs(node) if not is_null(pair.value)}
        for name in self.required:
            if name not in given:
                empty = YamlFile.get(node, name)
                message = f"`{name}` is missing" + (f" in an entry of `{path[-1]}`." if path else ".")
                yield Fault(Kind.VALUE, (*path, name), empty.key if empty else node, message, node, empty)
        for group in self.exclusive:
            both = [name for name in group if name in given]
            if len(both) > 1:
                message = f"Only one of {listed(tuple(both))} may be given: keep one."
                yield Fault(Kind.VALUE, (*path, both[1]), given[both[1]].key, message, node, given[both[1]])
        if self.more is not None:
            yield from self.more(node, path)


def _duplicates(node: MappingNode, path: tuple[str, ...]) -> Iterator[Fault]:
    seen: dict[str, Pair] = {}
    for pair in YamlFile.pairs(node):
        name = scalar(pair.key)
        if name is None:
            continue
        if name in seen:
            message = f"`{_short(name)}` is given twice."
            yield Fault(Kind.DUPLICATE_KEY, (*path, name), pair.key, message, node, pair, seen[name])
        seen.setdefault(name, pair)


def listed(words: tuple[str, ...]) -> str:
    """Words in backticks, with commas."""
    return ", ".join(f"`{word}`" for word in words)


def _shape(node: Node) -> str:
    if isinstance(node, SequenceNode):
        return "a list"
    return "a mapping" if isinstance(node, MappingNode) else "a single value"


def _short(text: str) -> str:
    """A text of the app that fits into a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
