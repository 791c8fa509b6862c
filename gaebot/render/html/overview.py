"""The numbers of the page: how far each app is, by family and severity, and what comes first."""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gaebot.finding import Finding, Severity
from gaebot.render.html.findings import AppView, GroupView, family_of
from gaebot.render.html.words import MENDING, Words, mending
from gaebot.report import Report
from gaebot.rule import Rule


@dataclass(frozen=True)
class Tally:
    """How many findings there are of each severity, and how many are mended in which way."""

    severities: Mapping[str, int]
    ways: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.severities.values())

    @property
    def patched(self) -> int:
        """Those that have a patch which can be applied."""
        return self.total - self.ways["hand"]


@dataclass(frozen=True)
class FamilyRow:
    """A family, what it is about, and its numbers."""

    family: str
    about: str
    tally: Tally


@dataclass(frozen=True)
class ServiceVerdict:
    """A service and whether it may serve several requests at once."""

    path: str
    is_safe: bool


@dataclass(frozen=True)
class AppOverview:
    """How far an app is: its numbers, also by family, and the verdicts on its services."""

    app: str
    tally: Tally
    families: tuple[FamilyRow, ...]
    verdicts: tuple[ServiceVerdict, ...]


@dataclass(frozen=True)
class Blocker:
    """A kind of error: its title, how often it comes up, in how many apps, and how often with a patch.

    `anchor` is the name on the page of the first group of such findings.
    """

    anchor: str
    title: tuple[Words, ...]
    count: int
    apps: int
    patched: int


def tally(findings: Iterable[Finding]) -> Tally:
    """Count findings."""
    severities = {severity.value: 0 for severity in Severity}
    ways = dict.fromkeys(MENDING, 0)
    for finding in findings:
        severities[finding.severity.value] += 1
        ways[mending(finding)] += 1
    return Tally(severities, ways)


def overviews(report: Report, rules: Sequence[Rule]) -> tuple[AppOverview, ...]:
    """How far each app is, in the order of the apps."""
    known = {rule.id: rule for rule in rules}
    return tuple(_overview(app, report, known) for app in report.apps)


def _overview(app: str, report: Report, rules: Mapping[str, Rule]) -> AppOverview:
    found = [finding for finding in report.findings if finding.app == app]
    families: dict[str, list[Finding]] = {}
    for finding in found:
        families.setdefault(family_of(finding.rule, rules), []).append(finding)
    rows = [FamilyRow(name, _about(name, rules), tally(group)) for name, group in families.items()]
    # Families with the most errors first, then with the most warnings: blockers come before the rest.
    rows.sort(key=lambda row: ([-count for count in row.tally.severities.values()], row.family))
    verdicts = [ServiceVerdict(e.path, e.is_safe) for e in report.thread_safety if e.app == app]
    return AppOverview(app, tally(found), tuple(rows), tuple(verdicts))


def _about(family: str, rules: Mapping[str, Rule]) -> str:
    """What a family is about: the first line of its package's docstring."""
    rule = next((rule for rule in rules.values() if rule.family == family), None)
    package = importlib.import_module(rule.module.rpartition(".")[0]) if rule is not None else None
    text = (package.__doc__ or "").strip() if package is not None else ""
    return text.partition("\n")[0]


def blockers(apps: Iterable[AppView]) -> tuple[Blocker, ...]:
    """The kinds of errors: first what is in the way of the most apps, then what comes up most often."""
    groups: dict[str, list[GroupView]] = defaultdict(list)
    for app in apps:
        for level in app.severities:
            for group in level.groups if level.severity is Severity.ERROR else ():
                groups[group.rule].append(group)
    found = [_blocker(group) for group in groups.values()]
    return tuple(sorted(found, key=lambda blocker: (-blocker.apps, -blocker.count)))


def _blocker(groups: Sequence[GroupView]) -> Blocker:
    findings = [finding for group in groups for finding in group.findings]
    patched = sum(finding.mending != "hand" for finding in findings)
    return Blocker(groups[0].anchor, groups[0].title, len(findings), len(groups), patched)
