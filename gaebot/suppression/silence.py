"""Leave out the findings that comments silence, and count what each comment has done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from gaebot.app import App
from gaebot.finding import Finding
from gaebot.suppression.comments import IgnoreComment, IgnoredRule, ignore_comments


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
    kept: list[Finding] = []
    silenced: list[Finding] = []
    used: Counter[tuple[int, str]] = Counter()
    for finding in findings:
        about = [each for each in comments.get(finding.place.path, ()) if each.silences(finding)]
        used.update((id(comment), finding.rule) for comment in about)
        (silenced if about else kept).append(finding)
    everything = tuple(comment for found in comments.values() for comment in found)
    uses = tuple(
        IgnoreUse(
            comment,
            ignored,
            ignored.rule in known,
            bool(used[id(comment), ignored.rule]) or (ignored.rule in known and ignored.rule not in ran),
        )
        for comment in everything
        for ignored in comment.ids
    )
    return Silenced(tuple(kept), tuple(silenced), uses, everything, frozenset(known))


def superfluous(uses: Iterable[IgnoreUse], comment: IgnoreComment) -> frozenset[str]:
    """The ids in a comment that do nothing."""
    return frozenset(
        use.ignored.rule for use in uses if use.comment is comment and not (use.is_known and use.is_needed)
    )
