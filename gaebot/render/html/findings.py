"""The findings as the page shows them: by app, then the worst first, then by rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gaebot.finding import Finding, Fix, Severity
from gaebot.render.html.excerpt import Excerpt, excerpt
from gaebot.render.html.patch import PatchText, patch_text
from gaebot.render.html.words import Words, mending, place_text, prose
from gaebot.report import Report
from gaebot.rule import Rule


@dataclass(frozen=True)
class RelatedView:
    """A second place: where it is, and what it has to do with the finding."""

    place: str
    message: tuple[Words, ...]


@dataclass(frozen=True)
class PatchView:
    """A patch: its name on the page, what it does, how far it can be trusted, and its lines.

    `findings` are the names of the findings that it settles, with their places.
    """

    anchor: str
    title: tuple[Words, ...]
    safety: str
    runs_on: str
    text: PatchText
    findings: tuple[tuple[str, str], ...]

    @property
    def is_shared(self) -> bool:
        """Whether it settles several findings, and so stands in a section of its own."""
        return len(self.findings) > 1


@dataclass(frozen=True)
class FindingView:
    """A finding: its name on the page and what is shown of it."""

    anchor: str
    place: str
    severity: str
    mending: str
    is_template: bool
    message: tuple[Words, ...]
    excerpt: Excerpt
    related: tuple[RelatedView, ...]
    patch: PatchView | None


@dataclass(frozen=True)
class GroupView:
    """The findings of one rule, with one severity, in one app."""

    anchor: str
    rule: str
    family: str
    severity: str
    app: str
    title: tuple[Words, ...]
    has_page: bool
    findings: tuple[FindingView, ...]


@dataclass(frozen=True)
class SeverityView:
    """The groups of one severity in one app."""

    severity: Severity
    count: int
    groups: tuple[GroupView, ...]


@dataclass(frozen=True)
class AppView:
    """The findings of one app, the worst first."""

    app: str
    severities: tuple[SeverityView, ...]

    @property
    def count(self) -> int:
        """How many findings it has."""
        return sum(level.count for level in self.severities)


Anchors = Mapping[Finding, str]
"""The name on the page of each finding."""


def anchors(report: Report) -> dict[Finding, str]:
    """A name for each finding that stays the same when code moves around it."""
    return {finding: f"f-{name}" for finding, name in zip(report.findings, report.fingerprints, strict=True)}


def patches(report: Report, names: Anchors) -> dict[tuple[str, Fix], PatchView]:
    """The patch of each fix of each app, in the order of the findings."""
    users: dict[tuple[str, Fix], list[Finding]] = defaultdict(list)
    for finding in report.findings:
        if finding.fix is not None:
            users[finding.app, finding.fix].append(finding)
    return {
        (app, fix): PatchView(
            f"p-{number}",
            prose(fix.title),
            fix.safety.value,
            fix.runs_on.value,
            patch_text(fix, app, report.sources),
            tuple((names[finding], place_text(finding.place, finding.in_app)) for finding in found),
        )
        for number, ((app, fix), found) in enumerate(users.items(), start=1)
    }


@dataclass(frozen=True)
class Known:
    """What is known when findings are laid out: the rules by id, the findings' names, and the patches."""

    rules: Mapping[str, Rule]
    names: Anchors
    patches: Mapping[tuple[str, Fix], PatchView]


def app_views(report: Report, known: Known) -> tuple[AppView, ...]:
    """The findings of each app that has some, in the order of the apps."""
    by_app: dict[str, list[Finding]] = {app: [] for app in report.apps}
    for finding in report.findings:
        by_app.setdefault(finding.app, []).append(finding)
    return tuple(
        AppView(app, tuple(_severities(number, found, known)))
        for number, (app, found) in enumerate(by_app.items(), start=1)
        if found
    )


def _severities(number: int, findings: Sequence[Finding], known: Known) -> Iterator[SeverityView]:
    """The findings of the app with a number, the worst first."""
    for severity in Severity:
        groups: dict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            if finding.severity is severity:
                groups[finding.rule].append(finding)
        if groups:
            # What comes up most often first: that is where a move makes the most headway.
            order = sorted(groups.values(), key=lambda group: (-len(group), group[0].rule))
            views = tuple(_group(number, found, known) for found in order)
            yield SeverityView(severity, sum(len(view.findings) for view in views), views)


def _group(number: int, findings: Sequence[Finding], known: Known) -> GroupView:
    first = findings[0]
    rule = known.rules.get(first.rule)
    title = rule.page.title if rule is not None else ""
    return GroupView(
        f"g-{number}-{first.severity.value}-{first.rule}",
        first.rule,
        family_of(first.rule, known.rules),
        first.severity.value,
        first.app,
        prose(title or first.rule),
        bool(title),
        tuple(_finding(finding, known) for finding in findings),
    )


def _finding(finding: Finding, known: Known) -> FindingView:
    related = tuple(
        RelatedView(place_text(other.place, finding.in_app), prose(other.message))
        for other in finding.related
    )
    return FindingView(
        known.names[finding],
        place_text(finding.place, finding.in_app),
        finding.severity.value,
        mending(finding),
        finding.in_template,
        prose(finding.message),
        excerpt(finding.place),
        related,
        known.patches[finding.app, finding.fix] if finding.fix is not None else None,
    )


def family_of(rule: str, rules: Mapping[str, Rule]) -> str:
    """The family of a rule; 'other' for one that is not known."""
    return rules[rule].family if rule in rules else "other"


def by_count(words: Iterable[str]) -> list[tuple[str, int]]:
    """Each word with how often it comes up, the most frequent first, then in order of the alphabet."""
    return sorted(Counter(words).items(), key=lambda entry: (-entry[1], entry[0]))
