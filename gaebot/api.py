"""What gaebot does for a caller: check apps and fix them. `import gaebot` offers all of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from gaebot import disk, engine
from gaebot.app import App
from gaebot.disk import Target
from gaebot.engine import Asked, Change, FixResult
from gaebot.finding import Failure, Finding
from gaebot.paths import full_path
from gaebot.report import Report
from gaebot.rule import Rule, discover
from gaebot.select import choose, findings_in, in_focus

Path = str | os.PathLike[str]
Names = str | Iterable[str]
"""Rule ids and families: a list of them, or one text with commas between."""


@dataclass(frozen=True)
class Step:
    """How far a run is: before each app is read (`rule` is empty then) and before each rule runs.

    `number` of `total` steps are done. A fix repeats the rules of an app, so numbers come again.
    """

    app: str
    rule: str
    number: int
    total: int


Progress = Callable[[Step], None]


@dataclass(frozen=True)
class FixReport:
    """What fixing some apps came to.

    `results` holds one entry for each app, in order. What could not be written is a failure in the
    report of its app, and nothing of that app counts as fixed.
    """

    results: tuple[FixResult, ...]

    @cached_property
    def fixed(self) -> tuple[Finding, ...]:
        """The findings whose fix was made; their lines are those of the moment before."""
        return tuple(finding for result in self.results for finding in result.fixed)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The files that changed, with paths as the caller would name them."""
        return tuple(
            replace(change, path=full_path(result.app.root, change.path))
            for result in self.results
            for change in result.changes
        )

    @cached_property
    def report(self) -> Report:
        """What remains."""
        return Report.merge(result.report for result in self.results)


def check(
    *paths: Path,
    to: str = "python27",
    select: Names = (),
    ignore: Names = (),
    progress: Progress | None = None,
) -> Report:
    """Say what keeps the apps below some paths from running on the runtime `to`. Writes nothing.

    `paths` are folders or files, the current folder when there is none. For a file, or a folder
    inside an app, the whole app is read and only what lies there is reported. `select` and `ignore`
    hold rule ids and families. Raises `NoAppError` for a path without an app, `UnknownRuleError`
    for an unknown rule and `KeyError` for an unknown runtime; everything else that goes wrong is
    in the report's `failures`.
    """
    rules = choose(discover(to), select, ignore)
    reports = []
    targets = _targets(paths)
    for number, target in enumerate(targets):
        teller = _Teller(progress, target.root, rules, number, len(targets))
        app = _read(target, teller)
        report = engine.check(app, rules, teller.rule, Asked(findings_in(target.focus)))
        # What requests share is told of whole apps only: a single file is not the place to look for it.
        reports.append(replace(report, thread_safety=()) if target.focus else report)
    return Report.merge(reports)


def fix(
    *paths: Path,
    to: str = "python27",
    unsafe: bool = False,
    write: bool = True,
    select: Names = (),
    ignore: Names = (),
    progress: Progress | None = None,
) -> FixReport:
    """Patch the apps below some paths: make the safe fixes, with `unsafe` also those to be reviewed.

    The files of an app are all written or, when one can't be, none. With `write=False` nothing is
    written; the result is the same. Otherwise as `check`.
    """
    rules = choose(discover(to), select, ignore)
    results = []
    targets = _targets(paths)
    for number, target in enumerate(targets):
        teller = _Teller(progress, target.root, rules, number, len(targets))
        app = _read(target, teller)
        asked = Asked(findings_in(target.focus))
        result = engine.fix(app, rules, unsafe=unsafe, progress=teller.rule, asked=asked)
        try:
            if write and result.changes:
                disk.write_changes(target.root, result.changes)
        except disk.WriteRefusedError as error:
            report = engine.check(app, rules, teller.rule, asked)
            failure = Failure(str(error), app=app.root)
            result = FixResult(app, (), (), replace(report, failures=(*report.failures, failure)))
        results.append(result)
    return FixReport(tuple(results))


def _targets(paths: tuple[Path, ...]) -> tuple[Target, ...]:
    return disk.find_targets([os.fspath(path) for path in paths] or ["."])


def _read(target: Target, teller: _Teller) -> App:
    teller.rule("")
    app = disk.read_app(target.root)
    is_asked_for = in_focus(target.focus)
    app.failures = tuple(f for f in app.failures if not f.path or is_asked_for(f.path))
    return app


class _Teller:
    """Turns what the engine tells about one app into steps of the whole run."""

    def __init__(
        self, progress: Progress | None, app: str, rules: tuple[Rule, ...], number: int, apps: int
    ) -> None:
        self._progress = progress
        self._app = app
        self._numbers = {rule.id: place for place, rule in enumerate(rules)}
        self._first = number * len(rules)
        self._total = apps * len(rules)

    def rule(self, rule_id: str) -> None:
        """A rule is about to run; with an empty id, the app is about to be read."""
        if self._progress is not None:
            number = self._first + self._numbers.get(rule_id, 0)
            self._progress(Step(self._app, rule_id, number, self._total))
