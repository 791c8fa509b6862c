"""Where findings point and what fixes change, in lines and columns: what several formats need.

Paths are those that the caller would use, as they are: each format escapes them in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gaebot.finding import Fix, Place
from gaebot.paths import full_path
from gaebot.report import Report
from gaebot.rule import Rule
from gaebot.text import Position, SourceFile

_LINK = re.compile(r"https://[^\s)`>\"']+[^\s)`>\"'.,;]")


class Region(NamedTuple):
    """A stretch of a file: `end` is the place just behind its last character."""

    path: str
    start: Position
    end: Position


class Replacement(NamedTuple):
    r"""An edit of a fix: `old`, which stands in the region, becomes `new`.

    The texts are decoded with the encoding of the file; bytes that it does not know are written as `\xe9`.
    """

    region: Region
    old: str
    new: str


class Creation(NamedTuple):
    """A file that a fix makes, with its text."""

    path: str
    text: str


def region(place: Place, app: str) -> Region:
    """Where a place of an app is."""
    return Region(full_path(app, place.path), place.start, place.end)


def replacements(fix: Fix, app: str, report: Report) -> Iterator[Replacement]:
    """The edits of a fix in their order; all places are those before any edit."""
    for edit in fix.edits:
        path = full_path(app, edit.path)
        source = report.sources[path]
        where = Region(path, source.position(edit.span.start), source.position(edit.span.end))
        old, new = (part.decode(source.encoding, "backslashreplace") for part in (edit.old, edit.new))
        yield Replacement(where, old, new)


def creations(fix: Fix, app: str) -> Iterator[Creation]:
    """The files that a fix makes."""
    for new in fix.new_files:
        yield Creation(full_path(app, new.path), SourceFile(new.path, new.data).decode())


def best_first(report: Report) -> list[int]:
    """The indices of the findings, those first that must not be left out where there is no room for all.

    Errors come before warnings before notes; among equals, what has to be mended before a service may serve
    several requests at once; then the order of the report.
    """
    blocking = {
        (entry.in_app(place.path), place.span) for entry in report.thread_safety for place in entry.to_mend
    }

    def rank(index: int) -> tuple[int, bool, int]:
        finding = report.findings[index]
        severity = ("error", "warning", "note").index(finding.severity.value)
        return (severity, (finding.path, finding.place.span) not in blocking, index)

    return sorted(range(len(report.findings)), key=rank)


def app_roots(report: Report) -> list[str]:
    """The apps that a report is about, in its order: those that were checked, and those it names besides."""
    found = (finding.app for finding in report.findings)
    failed = (failure.app for failure in report.failures)
    shared = (entry.app for entry in report.thread_safety)
    return list(dict.fromkeys((*report.apps, *found, *failed, *shared)))


def rules_by_id(rules: Iterable[Rule]) -> dict[str, Rule]:
    """The rules of the hop, by the word that findings call them by."""
    return {rule.id: rule for rule in rules}


def rule_link(rule: Rule | None) -> str:
    """The address that a rule's page gives as its source; empty where it gives none."""
    found = _LINK.search(rule.page.sections.get("Source", "")) if rule is not None else None
    return found.group() if found else ""
