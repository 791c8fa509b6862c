"""What gaebot does for a caller: check apps and fix them. `import gaebot` offers all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from gaebot import disk, engine
from gaebot.app import App
from gaebot.baseline import BaselineError
from gaebot.config import Config, ConfigError
from gaebot.engine import Change, FixResult
from gaebot.finding import Failure, Finding
from gaebot.known import compare, write_known
from gaebot.paths import full_path
from gaebot.process import one_by_one
from gaebot.report import Report
from gaebot.runs import Names, Options, Path, Run, runs
from gaebot.select import UnknownRuleError
from gaebot.suppression.add import BadReasonError, ignore_edits
from gaebot.survey import survey

USAGE_ERRORS = (disk.NoAppError, UnknownRuleError, ConfigError, BaselineError, BadReasonError)
"""What is raised for something that the caller can mend; the text is a sentence for people."""


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
    report of its app, and nothing of that app counts as fixed. `report` is what remains. `completed` are the
    files, as the caller would name them, that an earlier run was killed before it wrote.
    """

    results: tuple[FixResult, ...]
    report: Report
    completed: tuple[str, ...] = ()

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


class IgnoreReport(NamedTuple):
    """What writing comments came to: the findings that they silence, and the report of what is left."""

    silenced: tuple[Finding, ...]
    report: Report


class BaselineReport(NamedTuple):
    """What writing a baseline came to: how many findings it lists, and how many were added and taken out."""

    path: str
    known: int
    added: int
    removed: int
    failures: tuple[Failure, ...]


def check(
    *paths: Path,
    to: str | None = None,
    select: Names = (),
    ignore: Names = (),
    config: str | Config | None = None,
    isolated: bool = False,
    baseline: str | None = None,
    written: tuple[str, bytes] | None = None,
    structure: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Say what keeps the apps below some paths from running on the runtime `to`. Writes nothing.

    `paths` are folders or files, the current folder when there is none. For a file, or a folder
    inside an app, the whole app is read and only what lies there is reported. `written` is the path of a
    file and a content for it that is not on disk (yet): only that file is asked about then. `select` and
    `ignore` hold rule ids and families. What is not given is taken from the nearest `.gaebot.yaml`; `config`
    names another one, or is what one says, and with `isolated` none is read. `baseline` is the file of a
    baseline: what it knows is left out, and counted; an empty text keeps the one of the settings from being
    used. With `structure`, the report also says which services, handlers and modules each app has.

    Raises `NoAppError` for a path without an app, `UnknownRuleError` for an unknown rule, `ConfigError` and
    `BaselineError` for such a file that can't be used, and `KeyError` for an unknown runtime; everything
    else that goes wrong is in the report's `failures`.
    """
    todo = runs(paths, Options(to, select, ignore, config, isolated), written)
    reports = []
    for run, teller in _with_tellers(todo, progress):
        app = _read(run, teller)
        report = run.finish(engine.check(app, run.rules, teller.rule, run.asked))
        reports.append(replace(report, structure=(survey(app),)) if structure else report)
    return compare(todo, reports, baseline)


def fix(
    *paths: Path,
    to: str | None = None,
    unsafe: bool = False,
    write: bool = True,
    select: Names = (),
    ignore: Names = (),
    config: str | None = None,
    isolated: bool = False,
    baseline: str | None = None,
    structure: bool = False,
    progress: Progress | None = None,
) -> FixReport:
    """Patch the apps below some paths: make the safe fixes, with `unsafe` also those to be reviewed.

    The files of an app are all written or, when one can't be, none. With `write=False` nothing is
    written; the result is the same. Where an earlier run was killed while it wrote, the rest of its files is
    written first. What a baseline knows is fixed, too, where it can be, and left out of
    what remains. Otherwise as `check`.
    """
    todo = runs(paths, Options(to, select, ignore, config, isolated))
    results, reports = [], []
    completed: list[str] = []
    for run, teller in _with_tellers(todo, progress):
        completed += (full_path(run.root, path) for path in (disk.complete(run.root) if write else ()))
        app = _read(run, teller)
        result = engine.fix(app, run.rules, unsafe=unsafe, progress=teller.rule, asked=run.asked)
        failure = _write(run, result.changes) if write else None
        if failure is not None:
            report = engine.check(app, run.rules, teller.rule, run.asked)
            result = FixResult(app, (), (), replace(report, failures=(*report.failures, failure)))
        results.append(result)
        report = run.finish(result.report)
        reports.append(replace(report, structure=(survey(result.app),)) if structure else report)
    return FixReport(tuple(results), compare(todo, reports, baseline), tuple(completed))


def add_ignores(
    *paths: Path,
    reason: str,
    to: str | None = None,
    select: Names = (),
    ignore: Names = (),
    config: str | None = None,
    isolated: bool = False,
    baseline: str | None = None,
    progress: Progress | None = None,
) -> IgnoreReport:
    """Write comments that silence what a check finds, each with a reason (which may be empty).

    What a baseline knows gets none. Raises `BadReasonError` for a reason that can't stand in a comment;
    otherwise as `check`.
    """
    todo = runs(paths, Options(to, select, ignore, config, isolated))
    silenced: list[Finding] = []
    reports = []
    for run, teller in _with_tellers(todo, progress):
        app = _read(run, teller)
        report = run.finish(engine.check(app, run.rules, teller.rule, run.asked))
        new = compare([run], [report], baseline).findings
        edits, left = ignore_edits(app, new, reason)
        made = app.with_files({path: app.files[path].apply(found) for path, found in edits.items()})
        changes = [Change(path, app.files[path].data, made.files[path].data) for path in edits]
        failure = _write(run, changes)
        if failure is not None:
            reports.append(replace(report, failures=(*report.failures, failure)))
            continue
        silenced += [finding for finding in new if finding not in left]
        reports.append(run.finish(engine.check(made, run.rules, teller.rule, run.asked)))
    return IgnoreReport(tuple(silenced), compare(todo, reports, baseline))


def write_baseline(
    *paths: Path,
    file: str | None = None,
    prune: bool = False,
    to: str | None = None,
    select: Names = (),
    ignore: Names = (),
    config: str | None = None,
    isolated: bool = False,
    progress: Progress | None = None,
) -> BaselineReport:
    """Write what a check finds into a baseline; with `prune`, only take out what is gone.

    `file` is that of the baseline: by default that of the settings, or `.gaebot-baseline.json` at the top of
    the repository. Entries of files and rules that were not looked at stay. Otherwise as `check`.
    """
    todo = runs(paths, Options(to, select, ignore, config, isolated))
    reports = []
    for run, teller in _with_tellers(todo, progress):
        reports.append(engine.check(_read(run, teller), run.rules, teller.rule, run.asked))
    path, before, after = write_known(todo, reports, file, prune=prune)
    failures = tuple(failure for report in reports for failure in report.failures)
    return BaselineReport(path, len(after), len(after - before), len(before - after), failures)


def _write(run: Run, changes: Sequence[Change]) -> Failure | None:
    """Write the changes of an app; what went wrong, then nothing is written."""
    try:
        if changes:
            disk.write_changes(run.root, changes)
    except disk.WriteRefusedError as error:
        return Failure(str(error), app=run.root)
    return None


def _read(run: Run, teller: _Teller) -> App:
    teller.rule("")
    return run.read()


class _Teller:
    """Turns what the engine tells about one app into steps of the whole run."""

    def __init__(self, progress: Progress | None, run: Run, number: int, apps: int) -> None:
        self._progress = progress
        self._app = run.root
        self._numbers = {rule.id: place for place, rule in enumerate(run.rules)}
        self._first = number * len(run.rules)
        self._total = apps * len(run.rules)

    def rule(self, rule_id: str) -> None:
        """A rule is about to run; with an empty id, the app is about to be read."""
        if self._progress is not None:
            number = self._first + self._numbers.get(rule_id, 0)
            self._progress(Step(self._app, rule_id, number, self._total))


def _with_tellers(todo: Sequence[Run], progress: Progress | None) -> Iterator[tuple[Run, _Teller]]:
    """Each run with what tells of it. What an app has taken up of memory is free before the next but one."""
    for number, run in enumerate(one_by_one(todo)):
        yield run, _Teller(progress, run, number, len(todo))
