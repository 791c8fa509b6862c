"""Where boxes stand that are drawn in columns, and the lines between them. Pure geometry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_WIDTH = 1064  # of the whole picture, unless its boxes would become wider than they need
_BOX_WIDTH = 248  # at most
_BOX_HEIGHT = 26
_ROW = 34
_GAP = 44  # between columns
_HEAD = 30  # above the columns, for what they are called


@dataclass(frozen=True)
class Box:
    """Where a box stands: its upper left corner, and its size."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Layout:
    """The boxes by their keys, the lines between them as SVG paths, and the size of it all."""

    boxes: Mapping[str, Box]
    lines: Mapping[tuple[str, str], str]
    columns: tuple[int, ...]  # where each begins
    width: int
    height: int


def lay_out(columns: Sequence[Sequence[str]], edges: Iterable[tuple[str, str]]) -> Layout:
    """Place keys in columns from left to right, so that few lines cross.

    The first two columns keep their order; a later one follows the mean height of what leads to it. Lines
    run from a column to one further right; other edges are not drawn.
    """
    forward = _forward(columns, dict.fromkeys(edges))
    ordered = _ordered(columns, forward)
    count = max(1, len(ordered))
    width = min(_BOX_WIDTH, (_WIDTH - _GAP * (count - 1)) // count)
    starts = tuple(number * (width + _GAP) for number in range(len(ordered)))
    boxes = {
        key: Box(start, _HEAD + row * _ROW, width, _BOX_HEIGHT)
        for start, column in zip(starts, ordered, strict=True)
        for row, key in enumerate(column)
    }
    lines = {(source, target): _line(boxes[source], boxes[target]) for source, target in forward}
    rows = max((len(column) for column in ordered), default=0)
    return Layout(boxes, lines, starts, count * (width + _GAP) - _GAP, _HEAD + max(1, rows) * _ROW)


def _forward(columns: Sequence[Sequence[str]], edges: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The edges that lead from a column to one further right."""
    column_of = {key: number for number, column in enumerate(columns) for key in column}
    return [
        (source, target)
        for source, target in edges
        if source in column_of and target in column_of and column_of[source] < column_of[target]
    ]


def _ordered(columns: Sequence[Sequence[str]], edges: Iterable[tuple[str, str]]) -> list[list[str]]:
    leading = defaultdict(list)
    for source, target in edges:
        leading[target].append(source)
    ordered: list[list[str]] = []
    height: dict[str, float] = {}
    for number, column in enumerate(columns):
        keys = list(column)
        if number >= 2:
            means = {
                key: sum(height[source] for source in leading[key]) / len(leading[key])
                for key in keys
                if leading[key]
            }
            keys.sort(key=lambda key: means.get(key, float("inf")))  # stable: equal ones keep their order
        height.update((key, row / max(1, len(keys))) for row, key in enumerate(keys))
        ordered.append(keys)
    return ordered


def _line(source: Box, target: Box) -> str:
    """A curve from the right side of one box to the left side of another."""
    left, right = source.x + source.width, target.x
    top, bottom = source.y + source.height // 2, target.y + target.height // 2
    middle = (left + right) // 2
    return f"M{left} {top}C{middle} {top} {middle} {bottom} {right} {bottom}"
