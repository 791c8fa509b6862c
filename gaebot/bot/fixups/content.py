"""What a fix-up pull request changes: patches made by the engine, one for each rule.

Pure: apps go in, patches come out. Nothing of an app is executed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gaebot import limits
from gaebot.app import App
from gaebot.bot.settings import Grouping
from gaebot.engine import Asked, Change, FixResult, Keep, check, fix
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.paths import full_path
from gaebot.rule import Rule

WORKFLOWS = ".github/workflows/"
"""The folder that no fix-up touches: a change there needs a right of its own."""

PREPARE, SWITCH = "prepare", "switch"
"""The two groups of `Grouping.STAGE`: what runs on both runtimes, and what runs on the new one only."""


@dataclass(frozen=True)
class Subject:
    """An app of the repository, and what is asked of it. `path` is its folder there, empty for the top."""

    app: App
    path: str
    rules: tuple[Rule, ...]
    asked: Asked

    def in_repository(self, path: str) -> str:
        """The path in the repository of a file of the app."""
        return full_path(self.path, path)


@dataclass(frozen=True)
class Patch:
    """What becomes one commit: what was found by rules that are fixed together, and the changes for that.

    The first rule gives the commit its name. Paths are those in the repository.
    """

    rules: tuple[Rule, ...]
    fixed: tuple[Finding, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Content:
    """What one group of fixes comes to: the patches in order, and the apps with all of them made.

    `before` are the apps as they were. `rest` is what a second run would still try to fix: nothing, unless
    a fix was left out because it would break a file. `left_out` are the titles of fixes that would change
    workflows.
    """

    name: str
    patches: tuple[Patch, ...]
    before: tuple[Subject, ...]
    after: tuple[Subject, ...]
    rest: tuple[Finding, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def fixed(self) -> tuple[Finding, ...]:
        """All findings that are fixed, in the order of the patches."""
        return tuple(finding for patch in self.patches for finding in patch.fixed)

    @property
    def changes(self) -> tuple[Change, ...]:
        """The files that change, each once: before all patches, and after them."""
        whole: dict[str, Change] = {}
        for patch in self.patches:
            for change in patch.changes:
                first = whole.get(change.path)
                whole[change.path] = change if first is None else replace(first, new=change.new)
        return tuple(whole[path] for path in sorted(whole))

    @property
    def runs_on_both(self) -> bool:
        """Whether the apps run on the old runtime, too, with the patches made."""
        return all(finding.fix is None or finding.fix.runs_on is RunsOn.BOTH for finding in self.fixed)


_RANK = {severity: place for place, severity in enumerate(sorted(Severity, reverse=True))}

Wanted = Keep
"""Which findings are to be fixed."""


def groups(subjects: Sequence[Subject], grouping: Grouping, *, unsafe: bool) -> list[tuple[str, Wanted]]:
    """The groups that fixes fall into, by name, with the findings of each; also groups that are empty.

    What the switch makes possible belongs to it, whatever it runs on; but not what is to be prepared now.
    """
    if grouping is Grouping.STAGE:
        prepares, switches = _runs_on(RunsOn.BOTH), _runs_on(RunsOn.TARGET)
        prepared = {finding.rule for finding in _fixable(subjects, prepares, unsafe=unsafe)}
        return [(PREPARE, prepares), (SWITCH, lambda f: switches(f) or f.rule not in prepared)]
    found = _fixable(subjects, lambda _: True, unsafe=unsafe)
    return [(together[0].id, _of(together)) for together in _together(subjects, found)]


def make(name: str, subjects: Sequence[Subject], wanted: Wanted, *, unsafe: bool) -> Content:
    """Fix what is wanted: the safe fixes, with `unsafe` also those to be reviewed; one patch for each rule.

    Rules that share a fix share a patch. This is repeated until nothing changes, as a fix may show what
    another can do; so a second run over the result finds nothing to do.
    """
    before, current = tuple(subjects), tuple(subjects)
    patches: list[Patch] = []
    for _ in range(limits.MAX_FIX_PASSES):
        made = len(patches)
        for rules in _together(current, _fixable(current, wanted, unsafe=unsafe)):
            patch, current = _patch(current, rules, wanted, unsafe=unsafe)
            if patch is not None:
                patches.append(patch)
        if len(patches) == made:
            break
    rest = tuple(_fixable(current, wanted, unsafe=unsafe))
    return Content(name, tuple(patches), before, current, rest, _workflow_fixes(current, wanted))


def both(*keeps: Keep | None) -> Keep:
    """Whether a finding is asked for by all of some."""
    return lambda finding: all(keep is None or keep(finding) for keep in keeps)


# -- which findings -----------------------------------------------------------------------


def _runs_on(runtimes: RunsOn) -> Wanted:
    return lambda finding: finding.fix is not None and finding.fix.runs_on is runtimes


def _of(rules: Iterable[Rule]) -> Wanted:
    ids = frozenset(rule.id for rule in rules)
    return lambda finding: finding.rule in ids


def _allowed(subject: Subject, wanted: Wanted) -> Keep:
    """What is asked for of an app: the wanted findings whose fix changes no workflow."""

    def keep(finding: Finding) -> bool:
        return finding.fix is not None and wanted(finding) and not _touches_workflows(subject, finding.fix)

    return both(subject.asked.keep, keep)


def _touches_workflows(subject: Subject, fix: Fix) -> bool:
    return any(is_workflow(subject.in_repository(path)) for path in fix.paths)


def _workflow_fixes(subjects: Iterable[Subject], wanted: Wanted) -> tuple[str, ...]:
    """The titles of the fixes that would change a workflow."""
    titles = set()
    for subject in subjects:
        if not any(is_workflow(subject.in_repository(path)) for path in subject.app.files):
            continue
        asked = replace(subject.asked, keep=both(subject.asked.keep, wanted))
        fixes = [finding.fix for finding in check(subject.app, subject.rules, asked=asked).findings]
        titles |= {fix.title for fix in fixes if fix is not None and _touches_workflows(subject, fix)}
    return tuple(sorted(titles))


def is_workflow(path: str) -> bool:
    """Whether a file of the repository is one of its workflows, also where case does not count."""
    return path.lower().startswith(WORKFLOWS)


def _fixable(subjects: Iterable[Subject], wanted: Wanted, *, unsafe: bool) -> list[Finding]:
    """What is found of that and has a fix that is made."""
    allowed = {Safety.SAFE, Safety.REVIEW} if unsafe else {Safety.SAFE}
    found = []
    for subject in subjects:
        asked = replace(subject.asked, keep=_allowed(subject, wanted))
        report = check(subject.app, subject.rules, asked=asked)
        found += [f for f in report.findings if f.fix is not None and f.fix.safety in allowed]
    return found


def _together(subjects: Iterable[Subject], findings: Iterable[Finding]) -> list[tuple[Rule, ...]]:
    """The rules that have findings, those together that share a fix; the first of each gives the name.

    That is the gravest, of those the first by its id. They are in the order of these ids.
    """
    rules = {rule.id: rule for subject in subjects for rule in subject.rules}
    sets: dict[str, set[str]] = {}
    by_fix: dict[tuple[str, Fix], str] = {}
    for finding in findings:
        mine = sets.setdefault(finding.rule, {finding.rule})
        if finding.fix is None:
            continue
        other = sets[by_fix.setdefault((finding.app, finding.fix), finding.rule)]
        if other is not mine:
            other |= mine
            sets |= dict.fromkeys(mine, other)
    distinct = {id(ids): ids for ids in sets.values()}.values()
    sorted_sets = [sorted(ids, key=lambda each: (_RANK[rules[each].severity], each)) for ids in distinct]
    return [tuple(rules[each] for each in ids) for ids in sorted(sorted_sets)]


# -- patches ------------------------------------------------------------------------------


def _patch(
    subjects: Sequence[Subject], rules: tuple[Rule, ...], wanted: Wanted, *, unsafe: bool
) -> tuple[Patch | None, tuple[Subject, ...]]:
    """The patch that some rules come to, None where nothing changes, and the apps with it made."""
    keep = both(wanted, _of(rules))
    fixed: list[Finding] = []
    changes: list[Change] = []
    after = []
    for subject in subjects:
        result = _fix(subject, rules, keep, unsafe=unsafe)
        fixed += result.fixed
        changes += (replace(change, path=subject.in_repository(change.path)) for change in result.changes)
        after.append(replace(subject, app=result.app))
    if not changes:
        return None, tuple(subjects)
    return Patch(rules, tuple(fixed), tuple(sorted(changes, key=lambda change: change.path))), tuple(after)


def _fix(subject: Subject, rules: tuple[Rule, ...], keep: Keep, *, unsafe: bool) -> FixResult:
    """Fix what some rules of an app find.

    Only those are run. One that looks at comments needs all others, and finds nothing alone: then all are.
    """
    known = subject.asked.known | {rule.id for rule in subject.rules}
    asked = replace(subject.asked, keep=_allowed(subject, keep), known=known)
    chosen = [rule for rule in subject.rules if rule in rules]
    result = fix(subject.app, chosen, unsafe=unsafe, asked=asked)
    if result.fixed or not any(rule.looks_at_comments for rule in chosen):
        return result
    return fix(subject.app, subject.rules, unsafe=unsafe, asked=asked)
