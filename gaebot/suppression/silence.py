"""Leave out the findings that comments silence, and count what each comment has done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from gaebot.app import App
from gaebot.finding import Finding
from gaebot.suppression.comments import IgnoreComment, IgnoredRule, covered, ignore_comments


class IgnoreUse(NamedTuple):
    """One rule id in a comment, and what became of it.

    `is_known` tells whether there is such a rule, `is_needed` whether the comment silences a finding of it,
    or may do so: of a rule that did not run nobody knows.
    """

    comment: IgnoreComment
    ignored: IgnoredRule
    is_known: bool
    is_needed: bool


class Silenced(NamedTuple):
    """The findings that are left, those that are not, and how each comment was used."""

    kept: tuple[Finding, ...]
    silenced: tuple[Finding, ...]
    uses: tuple[IgnoreUse, ...]
    comments: tuple[IgnoreComment, ...]
    known: frozenset[str]


def silence(
    app: App, findings: Sequence[Finding], *, ran: Collection[str], known: Collection[str]
) -> Silenced:
    """Sort findings into those that a comment in their file silences, and the others.

    `ran` are the ids of the rules that ran, `known` those of all that there are.
    """
    comments = ignore_comments(app)
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings if comments else ():
        by_path[finding.place.path].append(finding)
    used: set[tuple[int, str]] = set()
    silent: set[Finding] = set()
    for path, about in comments.items():
        for comment, finding in covered(about, by_path.get(path, ())):
            if finding.rule in comment.rules:
                used.add((id(comment), finding.rule))
                silent.add(finding)
    kept = tuple(finding for finding in findings if not silent or finding not in silent)
    silenced = tuple(finding for finding in findings if silent and finding in silent)
    everything = tuple(comment for found in comments.values() for comment in found)
    uses = tuple(
        IgnoreUse(
            comment,
            ignored,
            ignored.rule in known,
            (id(comment), ignored.rule) in used or (ignored.rule in known and ignored.rule not in ran),
        )
        for comment in everything
        for ignored in comment.ids
    )
    return Silenced(kept, silenced, uses, everything, frozenset(known))


def superfluous(uses: Iterable[IgnoreUse]) -> dict[IgnoreComment, set[str]]:
    """The ids that do nothing, by their comment."""
    found: dict[IgnoreComment, set[str]] = defaultdict(set)
    for use in uses:
        if not (use.is_known and use.is_needed):
            found[use.comment].add(use.ignored.rule)
    return found
