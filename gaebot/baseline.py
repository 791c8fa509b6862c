"""The baseline: findings that a team knows of and has not mended yet, in `.gaebot-baseline.json`.

A check that is compared with it tells only what is new, and which entries can go. The file is JSON in lines
that do not depend on each other: an entry that goes takes its own line along and no comma of another one, and
the lines around a file's entries stay as long as the file does. So two people who mend findings in different
files change lines that are apart, and git merges them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from gaebot.finding import Finding
from gaebot.report import AgainstBaseline, Report, fingerprints
from gaebot.text import SourceFile

FILE = ".gaebot-baseline.json"
VERSION = 1

Entries = Mapping[str, frozenset[tuple[str, str]]]
"""For each path, relative to the baseline's folder, the known findings: rule and fingerprint."""

PathOf = Callable[[str], str]
"""Gives the path relative to the baseline's folder for one as the caller would name it."""

LookedAt = Callable[[str, str], bool]
"""Whether a check has looked for a rule (second) in the file at a path in the baseline (first)."""


class BaselineError(ValueError):
    """A baseline that can't be read. The text names the file and the way out."""


class Baseline(NamedTuple):
    """The baseline at a path, as the caller would name it."""

    path: str
    entries: Entries


def parse_baseline(source: SourceFile) -> Baseline:
    """Read a baseline. Raises `BaselineError`."""
    import json  # noqa: PLC0415 - most checks have no baseline

    try:
        whole = json.loads(source.data)
    except json.JSONDecodeError as error:
        hint = "resolve the merge conflict in it" if b"<<<<<<<" in source.data else "write it anew"
        place = f"{source.path}:{error.lineno}"
        raise BaselineError(f"{place}: this is no JSON: {hint} (gaebot baseline).") from None
    except (ValueError, RecursionError):
        raise BaselineError(f"{source.path} is no baseline: write it anew (gaebot baseline).") from None
    entries: dict[str, frozenset[tuple[str, str]]] = {}
    try:
        head, *groups = whole
        version = head["gaebot-baseline"]
        for path, *known in groups:
            pairs = [(rule, fingerprint) for rule, fingerprint in (entry.split(" ") for entry in known)]
            entries[str(path)] = entries.get(str(path), frozenset()) | frozenset(pairs)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BaselineError(f"{source.path} is no baseline: write it anew (gaebot baseline).") from None
    if version != VERSION:
        message = f"{source.path} has version {version!r}, which this gaebot does not know: update gaebot."
        raise BaselineError(message)
    return Baseline(source.path, entries)


def render_baseline(entries: Entries) -> str:
    """The text of a baseline, in an order that depends on nothing but its entries."""
    import json  # noqa: PLC0415 - most checks have no baseline

    lines = [f'[{{"gaebot-baseline": {VERSION}}}']
    for path, known in sorted(entries.items()):
        lines.append(f",[{json.dumps(path)}")
        lines += [f" ,{json.dumps(f'{rule} {fingerprint}')}" for rule, fingerprint in sorted(known)]
        lines.append(" ]")
    return "\n".join([*lines, "]"]) + "\n"


def entries_of(findings: Iterable[Finding], path_of: PathOf) -> dict[str, frozenset[tuple[str, str]]]:
    """The entries that stand for some findings."""
    found = list(findings)
    paths = [path_of(finding.path) for finding in found]
    entries: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for finding, path, fingerprint in zip(found, paths, fingerprints(found, paths), strict=True):
        entries[path].add((finding.rule, fingerprint))
    return {path: frozenset(known) for path, known in entries.items()}


def against(report: Report, baseline: Baseline, path_of: PathOf, looked_at: LookedAt) -> Report:
    """The report without what the baseline knows, and with the numbers."""
    paths = [path_of(finding.path) for finding in report.findings]
    names = fingerprints(report.findings, paths)
    kept, left = [], set()
    for finding, path, name in zip(report.findings, paths, names, strict=True):
        entry = (path, finding.rule, name)
        if entry[1:] in baseline.entries.get(path, ()):
            left.add(entry)
        else:
            kept.append(finding)
    asked = [
        (path, *entry)
        for path, known in sorted(baseline.entries.items())
        for entry in sorted(known)
        if looked_at(path, entry[0])
    ]
    gone = tuple(entry for entry in asked if entry not in left)
    numbers = AgainstBaseline(baseline.path, len(asked), len(asked) - len(gone), gone)
    return replace(report, findings=tuple(kept), baseline=numbers)


def updated(
    old: Entries,
    new: Entries,
    looked_at: LookedAt,
    exists: Callable[[str], bool],
    *,
    prune: bool,
) -> dict[str, frozenset[tuple[str, str]]]:
    """The entries after another check, whose findings are `new`.

    What was not looked at stays. With `prune`, what is not known already is left out: the baseline only
    shrinks. The group of a file stays while the file exists, with or without entries, so that the lines
    around it do.
    """
    entries = {}
    for path in dict.fromkeys((*old, *new)):
        before, now = old.get(path, frozenset()), new.get(path, frozenset())
        kept = frozenset(entry for entry in before if entry in now or not looked_at(path, entry[0]))
        known = kept if prune else kept | now
        if known or (path in old and exists(path)):
            entries[path] = known
    return entries
