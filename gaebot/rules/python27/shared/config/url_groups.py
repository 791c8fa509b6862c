"""The groups of a handler's URL pattern, and what the pattern becomes when one is filled in."""

from __future__ import annotations

import re
from typing import NamedTuple

_CAPTURING = re.compile(r"\((?!\?)|\(\?P<\w+>")
_SPECIAL = re.compile(r"[\\.^$*+?{}\[\]|()]")
_QUANTIFIERS = "*+?{"


class UrlGroup(NamedTuple):
    """A capturing group of a pattern: character offsets of the whole group, and its inner pattern.

    `is_fixed` says that the group takes part exactly once in every match: it stands in no other
    group, no alternative and under no quantifier.
    """

    start: int
    end: int
    inner: str
    is_fixed: bool


def url_groups(pattern: str) -> list[UrlGroup]:
    """The capturing groups of a pattern in the order of their numbers."""
    groups: dict[int, UrlGroup] = {}
    waiting: list[tuple[int, int | None, int]] = []  # start, number, start of the inner pattern
    has_alternatives = _has_alternatives(pattern)
    position, number = 0, 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            position += 1
        elif character == "[":
            position = _class_end(pattern, position)
        elif character == "(":
            opening = _CAPTURING.match(pattern, position)
            waiting.append((position, number if opening else None, opening.end() if opening else 0))
            number += 1 if opening else 0
        elif character == ")" and waiting:
            start, own, inner = waiting.pop()
            if own is not None:
                repeated = pattern[position + 1 : position + 2] in _QUANTIFIERS and position + 1 < len(
                    pattern
                )
                fixed = not (waiting or repeated or has_alternatives)
                groups[own] = UrlGroup(start, position + 1, pattern[inner:position], fixed)
        position += 1
    return [groups[own] for own in sorted(groups)] if len(groups) == number else []


def fill_in(pattern: str, values: dict[int, str]) -> str:
    """The pattern with groups (numbers from 1) replaced by texts, taken literally."""
    groups = url_groups(pattern)
    for number in sorted(values, key=lambda number: groups[number - 1].start, reverse=True):
        group = groups[number - 1]
        pattern = pattern[: group.start] + escape(values[number]) + pattern[group.end :]
    return pattern


def escape(literal: str) -> str:
    """A text as a pattern that matches nothing else, with no more backslashes than it takes."""
    return _SPECIAL.sub(r"\\\g<0>", literal)


def rest(pattern: str) -> str:
    """What remains of a pattern without its capturing groups, which must all be fixed."""
    for group in reversed(url_groups(pattern)):
        pattern = pattern[: group.start] + pattern[group.end :]
    return pattern


def is_literal(pattern: str) -> bool:
    """Whether a pattern matches one text only."""
    return _SPECIAL.search(re.sub(r"\\[^\w]", "", pattern)) is None


def _has_alternatives(pattern: str) -> bool:
    """Whether the pattern as a whole is a choice (`a|b`)."""
    depth, position = 0, 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            position += 1
        elif character == "[":
            position = _class_end(pattern, position)
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "|" and depth == 0:
            return True
        position += 1
    return False


def _class_end(pattern: str, start: int) -> int:
    """Where the character class that begins at `start` ends: its closing bracket."""
    position = start + 2 if pattern[start + 1 : start + 2] == "^" else start + 1
    position += 1 if pattern[position : position + 1] == "]" else 0
    while position < len(pattern) and pattern[position] != "]":
        position += 2 if pattern[position] == "\\" else 1
    return position
