"""The reports of some runs against the baselines that are theirs."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from gaebot import disk
from gaebot.baseline import BaselineError, Entries, against, entries_of, render_baseline, updated
from gaebot.paths import is_below
from gaebot.report import Report
from gaebot.runs import Run
from gaebot.select import in_focus


class _Scope(NamedTuple):
    """What some runs have looked at, seen from the folder of a baseline."""

    folder: str
    runs: tuple[Run, ...]

    def path_of(self, path: str) -> str:
        """The path relative to the folder for one as the caller would name it."""
        return disk.relative_path(path, self.folder)

    def looked_at(self, path: str, rule: str) -> bool:
        """Whether a run has looked for a rule in a file. A rule that there is no more counts."""
        return any(self._is_asked(run, path, rule) for run in self.runs)

    def _is_asked(self, run: Run, path: str, rule: str) -> bool:
        root = self.path_of(run.root or ".")
        if not is_below(path, root) or (rule in run.known and all(each.id != rule for each in run.rules)):
            return False
        return in_focus(run.target.focus)(posixpath.relpath(path, root or "."))

    def exists(self, path: str) -> bool:
        """Whether a file of the baseline is there."""
        return disk.exists(posixpath.join(self.folder, path))


def compare(todo: Sequence[Run], reports: Sequence[Report], baseline: str | None) -> Report:
    """One report of all runs, each without what its baseline knows.

    `baseline` is the file of the caller's, None where the settings decide, empty where there is none. Raises
    `BaselineError`.
    """
    groups: dict[str, list[tuple[Run, Report]]] = defaultdict(list)
    for run, report in zip(todo, reports, strict=True):
        path = _configured(run) if baseline is None else baseline
        groups[path or ""].append((run, report))
    merged = []
    for path, group in groups.items():
        report = Report.merge(report for _, report in group)
        if path:
            known = disk.read_baseline(path)
            scope = _Scope(posixpath.dirname(path), tuple(run for run, _ in group))
            report = against(report, known, scope.path_of, scope.looked_at)
        merged.append(report)
    return Report.merge(merged)


def write_known(
    todo: Sequence[Run], reports: Sequence[Report], file: str | None, *, prune: bool
) -> tuple[str, frozenset[tuple[str, str, str]], frozenset[tuple[str, str, str]]]:
    """Write the findings of some runs into a baseline; its path, and its entries before and after.

    An entry is a path, a rule and a fingerprint. Raises `BaselineError`.
    """
    paths = {file or _configured(run) or disk.baseline_path(run.root) for run in todo}
    if len(paths) > 1:
        names = ", ".join(sorted(paths))
        raise BaselineError(f"These apps have baselines of their own ({names}): name one app at a time.")
    (path,) = paths
    scope = _Scope(posixpath.dirname(path), tuple(todo))
    old: Entries = disk.read_baseline(path).entries if disk.exists(path) else {}
    new = entries_of([finding for report in reports for finding in report.findings], scope.path_of)
    entries = updated(old, new, scope.looked_at, scope.exists, prune=prune)
    disk.write_baseline(path, render_baseline(entries))
    return path, _flat(old), _flat(entries)


def _configured(run: Run) -> str | None:
    """The baseline that the settings of an app name, as the caller would name it."""
    config = run.config
    return posixpath.join(posixpath.dirname(config.path), config.baseline) if config.baseline else None


def _flat(entries: Entries) -> frozenset[tuple[str, str, str]]:
    return frozenset((path, *entry) for path, known in entries.items() for entry in known)
