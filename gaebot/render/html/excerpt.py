"""Some lines of a file with a place marked in them."""

from __future__ import annotations

from dataclasses import dataclass

from gaebot.finding import Place

_AROUND = 2  # lines that are shown before a place and behind it
_MARKED = 8  # lines of a long place that are shown
_BEFORE, _WITHIN, _BEHIND = 100, 240, 100  # characters of a long line around a mark, in it, behind it


@dataclass(frozen=True)
class ExcerptLine:
    """A line: its number and the text before, in and behind the mark.

    `is_marked` says that the place reaches into the line; `marked` is empty for a place without width.
    """

    number: int
    before: str
    marked: str = ""
    behind: str = ""
    is_marked: bool = False


@dataclass(frozen=True)
class Excerpt:
    """The lines that are shown, and how many lines of the place are not."""

    lines: tuple[ExcerptLine, ...]
    left_out: int = 0


def excerpt(place: Place) -> Excerpt:
    """The lines of a place and those around it; long places and long lines are cut."""
    first, last = place.start.line, place.end.line
    if last > first and place.end.column == 1:  # it ends with the line feed before
        last -= 1
    shown = min(last, first + _MARKED - 1)
    total = len(place.source.line_starts)
    if place.source.line_starts[-1] == len(place.source.data):  # behind the last line feed is no line
        total = max(total - 1, last)
    behind = min(total, shown + _AROUND) if shown == last else shown
    lines = tuple(_line(place, line, last) for line in range(max(1, first - _AROUND), behind + 1))
    return Excerpt(lines, last - shown)


def _line(place: Place, number: int, last: int) -> ExcerptLine:
    text = place.source.line_text(number)
    first = place.start.line
    if not first <= number <= last:
        return ExcerptLine(number, _cut_end(text, _BEFORE + _WITHIN))
    begin = place.start.column - 1 if number == first else len(text) - len(text.lstrip())
    end = place.end.column - 1 if number == place.end.line else len(text.rstrip())
    end = max(begin, end)
    before = text[:begin] if begin <= _BEFORE else "…" + text[begin - _BEFORE : begin]
    return ExcerptLine(
        number, before, _cut_end(text[begin:end], _WITHIN), _cut_end(text[end:], _BEHIND), is_marked=True
    )


def _cut_end(text: str, room: int) -> str:
    return text if len(text) <= room else text[:room] + "…"
