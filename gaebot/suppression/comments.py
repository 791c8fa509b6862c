"""The comments that silence findings: `# gaebot: ignore[rule-id] reason`, and which lines each is for.

Behind code it is for the line that it stands on. On a line of its own it is for what begins on the next line:
a statement with all its lines, the head of an `if`, `def` or `class`, a value in YAML with all its lines.
`# gaebot: ignore-file[rule-id] reason` is for the whole file. Pages have `{# gaebot: ignore[rule-id] #}`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from gaebot import limits
from gaebot.app import App
from gaebot.finding import Finding, Place
from gaebot.suppression.units import Units, units_of
from gaebot.text import SourceFile, Span

MARK = b"gaebot:"
"""What such a comment begins with, behind the `#`."""

_COMMENT = (
    rb"#[ \t]*gaebot:[ \t]*(?P<form>ignore-file|ignore)\b(?:[ \t]*\[(?P<ids>[^\]\r\n]*)\])?"
    rb"(?P<reason>[^\r\n]*)"
)
_PAGE_COMMENT = (
    rb"\{#[ \t]*gaebot:[ \t]*(?P<form>ignore-file|ignore)\b(?:[ \t]*\[(?P<ids>[^\]\r\n]*)\])?"
    rb"(?P<reason>[^\r\n]*?)#\}"
)
_ID = re.compile(rb"[^,\s]+")


class IgnoredRule(NamedTuple):
    """One rule id that a comment names, and where."""

    rule: str
    place: Place


@dataclass(frozen=True, eq=False)
class IgnoreComment:
    """A comment that silences findings.

    `place` is the comment with its `#`. `ids` is empty where it names no rule, or is too long to be read:
    then it silences nothing. `lines` are those (1-based) that it is for, None where that is the whole file.
    """

    place: Place
    ids: tuple[IgnoredRule, ...]
    ids_span: Span
    reason: str
    lines: range | None
    is_alone: bool

    @property
    def is_too_long(self) -> bool:
        """Whether it was not read."""
        return self.place.span.end - self.place.span.start > limits.MAX_IGNORE_BYTES

    @property
    def path(self) -> str:
        """Path of the file, relative to the app root."""
        return self.place.path

    @cached_property
    def rules(self) -> frozenset[str]:
        """The ids that it names."""
        return frozenset(ignored.rule for ignored in self.ids)


def covered(
    comments: Iterable[IgnoreComment], findings: Iterable[Finding], *, once: bool = False
) -> Iterator[tuple[IgnoreComment, Finding]]:
    """Each comment with each finding of the same file that stands where it is for, comment after comment.

    It is for what begins on one of its lines. A comment behind code is also for what ends there. With
    `once`, each finding comes with the first of its comments only. Findings are looked up by their lines:
    there may be thousands of both.
    """
    numbered = list(dict.fromkeys(findings))
    starts = sorted((finding.place.start.line, number) for number, finding in enumerate(numbered))
    ends = sorted((finding.place.end.line, number) for number, finding in enumerate(numbered))
    done: set[int] = set()
    for comment in comments:
        found: set[int] = set()
        for places in (starts,) if comment.is_alone else (starts, ends):
            first, last = 0, len(places)
            if comment.lines is not None:
                first = bisect_left(places, (comment.lines.start,))
                last = bisect_left(places, (comment.lines.stop,))
            found.update(number for _, number in places[first:last])
            if once:
                del places[first:last]
        yield from ((comment, numbered[number]) for number in sorted(found - done))
        if once:
            done |= found


def ignore_comments(app: App) -> dict[str, tuple[IgnoreComment, ...]]:
    """The comments of the app's own files, by path, in the order of the source."""
    return app.remember(ignore_comments, lambda: dict(_all(app)))


def _all(app: App) -> Iterator[tuple[str, tuple[IgnoreComment, ...]]]:
    for path, source in app.files.items():
        if MARK in source.data and not app.is_vendored(path):
            units = units_of(app, path)
            found = tuple(_comments(source, units)) if units is not None else ()
            if found:
                yield path, found


def _comments(source: SourceFile, units: Units) -> Iterator[IgnoreComment]:
    pattern = _PAGE_COMMENT if units.is_page else _COMMENT
    for match in re.finditer(pattern, source.data):
        if not units.is_comment(match.start()):
            continue
        line = source.position(match.start()).line
        is_alone = (
            not source.data[source.line_starts[line - 1] : match.start()].removeprefix(source.bom).strip()
        )
        is_read = match["ids"] is not None and len(match.group().rstrip()) <= limits.MAX_IGNORE_BYTES
        ids = tuple(_ids(source, Span(*match.span("ids")))) if is_read else ()
        lines = None if match["form"] == b"ignore-file" else units.lines(line, is_alone=is_alone)
        place = Place(source, Span(match.start(), match.start() + len(match.group().rstrip())))
        reason = source.decode(Span(*match.span("reason"))).strip()
        yield IgnoreComment(place, ids, Span(*match.span("ids")), reason, lines, is_alone)


def _ids(source: SourceFile, span: Span) -> Iterator[IgnoredRule]:
    for match in _ID.finditer(source.data, span.start, span.end):
        name = source.decode(Span(*match.span()))
        yield IgnoredRule(name, Place(source, Span(*match.span())))
