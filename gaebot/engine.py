"""The engine: run rules over an app, and make their fixes until nothing changes."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gaebot import limits
from gaebot.app import App
from gaebot.finding import Failure, Finding, Fix, Safety, Severity
from gaebot.report import Report
from gaebot.rule import Rule
from gaebot.sharing import ThreadSafety
from gaebot.suppression.silence import silence
from gaebot.text import Edit, OverlappingEditsError, SourceFile, Span, StaleEditError

Progress = Callable[[str], None]
"""Told the id of each rule before it runs."""

Keep = Callable[[Finding], bool]
"""Whether a finding is asked for. Others are neither reported nor fixed."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a check, beyond the rules.

    Only findings that `keep` takes are reported and fixed. `severities` grades the findings of some rules, by
    their ids, otherwise than they do themselves. `known` are the ids of all rules that there are, chosen or
    not, which comments may name; nothing stands for those that run.
    """

    keep: Keep | None = None
    severities: Mapping[str, Severity] = field(default_factory=dict)
    known: frozenset[str] = frozenset()


def check(
    app: App, rules: Iterable[Rule], progress: Progress | None = None, asked: Asked | None = None
) -> Report:
    """Run rules over an app. A rule that raises becomes a failure; the others go on."""
    asked = asked or Asked()
    findings: dict[Finding, None] = {}
    thread_safety: list[ThreadSafety] = []
    failures: list[Failure] = list(app.failures)
    ran: list[Rule] = []
    silent: list[Rule] = []  # that have nothing to find in what is asked for, which is known without a run
    for rule in rules:
        if rule.only_in is not None and not rule.only_in.is_asked_for(app):
            silent.append(rule)
            continue
        if progress is not None:
            progress(rule.id)
        try:
            found = list(rule.check(app))
            thread_safety += rule.thread_safety(app)
        except Exception as error:  # noqa: BLE001 - whatever a rule does wrong must not end the run
            message = f"rule {rule.id} failed with {type(error).__name__}: {error}"
            failures.append(Failure(message, rule=rule.id, internal=True))
            continue
        ran.append(rule)
        findings |= dict.fromkeys(f for f in found if rule.vendored or not app.is_vendored(f.place.path))
    failures += app.unread()
    done = _ids([*ran, *silent])
    silenced = silence(app, list(findings), ran=done, known=asked.known | done)
    kept = [*silenced.kept, *(finding for rule in ran for finding in rule.check_comments(silenced))]
    unique = sorted(filter(asked.keep, kept), key=lambda finding: finding.sort_key)
    graded = (replace(f, severity=asked.severities.get(f.rule, f.severity)) for f in unique)
    unique = list(graded) if asked.severities else unique
    vendored = tuple(f"{folder} ({name})" for folder, name in sorted(app.vendored.items()))
    fixes = {finding.fix for finding in unique if finding.fix is not None}
    edited = {edit.path for fix in fixes for edit in fix.edits}
    sources = {path: app.files[path] for path in sorted(edited & app.files.keys())}
    report = Report(
        tuple(unique),
        tuple(failures),
        vendored=vendored,
        sources=sources,
        thread_safety=tuple(thread_safety),
        silenced=sum(asked.keep is None or asked.keep(finding) for finding in silenced.silenced),
    )
    return report.for_app(app.root)


def _ids(rules: Iterable[Rule]) -> frozenset[str]:
    return frozenset(rule.id for rule in rules)


@dataclass(frozen=True)
class Change:
    """A file before and after; `old` is None for a new one. The path is relative to the app root."""

    path: str
    old: bytes | None
    new: bytes


@dataclass(frozen=True)
class FixResult:
    """What fixing an app comes to.

    `fixed` are the findings whose fix was made, in order; `report` is what remains in the patched
    `app`; `changes` are the files to write.
    """

    app: App
    changes: tuple[Change, ...]
    fixed: tuple[Finding, ...]
    report: Report


def fix(
    app: App,
    rules: Sequence[Rule],
    *,
    unsafe: bool = False,
    progress: Progress | None = None,
    asked: Asked | None = None,
) -> FixResult:
    """Make the safe fixes of all findings, with `unsafe` also those that a human should read.

    Passes are repeated until nothing changes. A fix that would break a file that could be read
    before is left out and reported.
    """
    allowed = {Safety.SAFE, Safety.REVIEW} if unsafe else {Safety.SAFE}
    current = app
    fixed: list[Finding] = []
    refused: set[Fix] = set()
    failures: dict[Failure, None] = {}
    report = check(current, rules, progress, asked)
    for _ in range(limits.MAX_FIX_PASSES):
        wanted = [f for f in report.findings if f.fix and f.fix.safety in allowed and f.fix not in refused]
        batch = _Batch(current)
        taken = [finding for finding in wanted if finding.fix and batch.take(finding.fix)]
        result = batch.result()
        if result is None:  # one of them does harm: find out which
            batch = _Batch(current)
            batch.take_harmless(list(dict.fromkeys(finding.fix for finding in wanted if finding.fix)))
            taken = [finding for finding in wanted if finding.fix and batch.take(finding.fix)]
            result = batch.result()
        for broken in batch.broken:
            refused.add(broken)
            rule = next(finding.rule for finding in wanted if finding.fix == broken)
            message = f"the fix '{broken.title}' would have broken a file and was left out"
            failures[Failure(message, rule=rule, app=app.root, internal=True)] = None
        if not taken or result is None:
            break
        fixed += taken
        current = result
        report = check(current, rules, progress, asked)
    else:
        rest = sorted({f.rule for f in report.findings if f.fix and f.fix.safety in allowed})
        if rest:
            message = f"fixes did not come to rest after {limits.MAX_FIX_PASSES} passes: {', '.join(rest)}"
            failures[Failure(message, app=app.root, internal=True)] = None
    remaining = replace(report, failures=(*report.failures, *failures))
    return FixResult(current, _changes(app, current), tuple(fixed), remaining)


class _Edits:
    """The edits of one file, none in another's way, and their spans in order: there can be thousands."""

    def __init__(self) -> None:
        self.all: dict[Edit, None] = {}
        self._spans: list[Span] = []

    def copy(self) -> _Edits:
        """The same, to try more."""
        new = _Edits()
        new.all, new._spans = dict(self.all), [*self._spans]
        return new

    def add(self, edit: Edit) -> None:
        """Take an edit; one that is there already counts once."""
        if edit not in self.all:
            self.all[edit] = None
            insort(self._spans, edit.span)

    def fits(self, edit: Edit) -> bool:
        """Whether an edit is in the way of no other."""
        if edit in self.all:
            return True
        start, end = edit.span
        # Of those that begin before it, only the last one can reach into it.
        for number in range(max(0, bisect_left(self._spans, (start,)) - 1), len(self._spans)):
            other = self._spans[number]
            if other.start > end:
                break
            if edit.span.overlaps(other):
                return False
        return True


@dataclass
class _Batch:
    """The fixes of one pass: each whole, none in another's way. Those that do harm end in `broken`."""

    app: App
    edits: dict[str, _Edits] = field(default_factory=dict)
    created: dict[str, bytes] = field(default_factory=dict)
    broken: list[Fix] = field(default_factory=list)
    _taken: set[Fix] = field(default_factory=set)

    def take(self, fix: Fix) -> bool:
        """Take a fix if it fits beside those taken; equal edits count once."""
        if fix in self._taken:
            return True
        if fix in self.broken or not self._fits(fix):
            return False
        self._add(fix)
        return True

    def take_harmless(self, fixes: list[Fix]) -> None:
        """Take fixes, but for those with which less can be read: tried together, then in halves."""
        edits = {path: known.copy() for path, known in self.edits.items()}
        trial = _Batch(self.app, edits, dict(self.created), _taken=set(self._taken))
        for fix in fixes:
            trial.take(fix)
        if trial.result() is not None:
            self.edits, self.created, self._taken = trial.edits, trial.created, trial._taken
        elif len(fixes) == 1:
            self.broken += fixes
        else:
            self.take_harmless(fixes[: len(fixes) // 2])
            self.take_harmless(fixes[len(fixes) // 2 :])

    def _add(self, fix: Fix) -> None:
        for edit in fix.edits:
            self.edits.setdefault(edit.path, _Edits()).add(edit)
        self.created.update((new.path, new.data) for new in fix.new_files)
        self._taken.add(fix)

    def _fits(self, fix: Fix) -> bool:
        for edit in fix.edits:
            if edit.path in self.app.read_only:
                return False
            if edit.path in self.edits and not self.edits[edit.path].fits(edit):
                return False
        for new in fix.new_files:
            if new.path in self.app.paths or self.created.get(new.path, new.data) != new.data:
                return False
        return bool(fix.edits or fix.new_files)

    def result(self) -> App | None:
        """The app with everything taken made.

        None when a file that could be read could not be any more, or an edit is no edit of its file.
        """
        try:
            changed = {path: self.app.files[path].apply(edits.all) for path, edits in self.edits.items()}
        except (KeyError, StaleEditError, OverlappingEditsError):
            return None
        new = {path: SourceFile(path, data) for path, data in self.created.items()}
        result = self.app.with_files({**changed, **new})
        return None if any(_is_worse(self.app, result, path) for path in changed) else result


def _is_worse(before: App, after: App, path: str) -> bool:
    """Whether less of a file can be parsed than before."""
    old_python, new_python = before.python(path), after.python(path)
    if old_python is not None and new_python is not None:
        return len(new_python.errors) > len(old_python.errors)
    old_yaml, new_yaml = before.yaml(path), after.yaml(path)
    if old_yaml is not None and new_yaml is not None:
        return new_yaml.problem is not None and old_yaml.problem is None
    return False


def _changes(before: App, after: App) -> tuple[Change, ...]:
    changes = []
    for path, source in sorted(after.files.items()):
        old = before.files.get(path)
        if old is None or old.data != source.data:
            changes.append(Change(path, old.data if old else None, source.data))
    return tuple(changes)
