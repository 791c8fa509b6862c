"""A plan for a group of fixes: operations on the code host, in order. Pure.

Each operation may be the last one that is carried out before a connection is cut; what the host shows then
leads to a plan that does the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gaebot.bot.fixups.commits import content_mark
from gaebot.bot.fixups.content import PREPARE, SWITCH
from gaebot.bot.fixups.decide import HANDS_OFF, SUPERSEDED, Decision, Shown, Step, is_fix_up
from gaebot.bot.fixups.words import (
    SET_UP,
    Text,
    closing,
    hands_off_words,
    says_the_same,
    superseded_words,
)
from gaebot.bot.forge import NewCommit, PullRequest
from gaebot.bot.marker import marks
from gaebot.bot.settings import Grouping, Settings


@dataclass(frozen=True)
class Push:
    """Make commits on top of `parent`, and let a branch point at them.

    It must point at `expected` before, or not be there where that is None.
    """

    branch: str
    parent: str
    commits: tuple[NewCommit, ...]
    expected: str | None


@dataclass(frozen=True)
class Open:
    """Open a pull request; the operations behind this one are about it."""

    branch: str
    base: str
    text: Text
    draft: bool


@dataclass(frozen=True)
class Describe:
    """Give the pull request a title and a text."""

    title: str
    body: str


@dataclass(frozen=True)
class Label:
    """Label the pull request."""

    labels: tuple[str, ...]


@dataclass(frozen=True)
class Ask:
    """Ask people for a review of the pull request."""

    reviewers: tuple[str, ...]


@dataclass(frozen=True)
class Say:
    """Comment on the pull request, once for each kind and value."""

    kind: str
    value: str
    words: str


@dataclass(frozen=True)
class Close:
    """Close the pull request."""


@dataclass(frozen=True)
class Drop:
    """Take a branch away that points at `expected`."""

    branch: str
    expected: str


Operation = Push | Open | Describe | Label | Ask | Say | Close | Drop


@dataclass(frozen=True)
class Plan:
    """What is done for a group. `pull` is its open pull request, where there is one."""

    group: str
    step: Step
    operations: tuple[Operation, ...]
    pull: PullRequest | None = None


@dataclass(frozen=True)
class Offer:
    """What a group is to show: its commits on top of `parent`, for a branch, with a text."""

    parent: str
    base: str
    commits: tuple[NewCommit, ...]
    text: Text


def plan(
    group: str, shown: Shown, decision: Decision, *, settings: Settings, me: str, offer: Offer | None
) -> Plan:
    """The plan for a group. `offer` is what it has to show, None where that is nothing or does not matter."""
    operations: list[Operation] = []
    pull = shown.pull
    if decision.step in {Step.OPEN, Step.RENEW} and offer is not None:
        operations += _pushed(shown, offer)
        if pull is None:
            operations.append(Open(shown.branch, offer.base, offer.text, settings.draft))
            operations += _set_up(settings, offer.text.title, offer.text)
        elif is_fix_up(pull, me):
            operations += _described(pull, settings, offer.text)
    elif decision.step is Step.HANDS_OFF and pull is not None:
        operations.append(Say(HANDS_OFF, group, hands_off_words(decision.who)))
    elif decision.step is Step.CLOSE and pull is not None:
        operations += _closed(group, pull, shown, settings)
    elif decision.step is Step.CLEAN and shown.head is not None:
        operations.append(Drop(shown.branch, shown.head))
    return Plan(group, decision.step, tuple(operations), pull)


def _pushed(shown: Shown, offer: Offer) -> Sequence[Operation]:
    """Nothing when the branch makes the same change already, be it to an older base."""
    held = content_mark(shown.commits[-1].message) if shown.commits else ""
    if held == content_mark(offer.commits[-1].message):
        return ()
    return (Push(shown.branch, offer.parent, offer.commits, shown.head),)


def _set_up(settings: Settings, title: str, text: Text) -> Sequence[Operation]:
    asked: list[Operation] = []
    if settings.labels:
        asked.append(Label(settings.labels))
    if settings.reviewers:
        asked.append(Ask(settings.reviewers))
    return (*asked, Describe(title, text.finished))


def _described(pull: PullRequest, settings: Settings, text: Text) -> Sequence[Operation]:
    """What an open pull request lacks. A title, and a text that still fits, stay as people have them."""
    if not marks(pull.body, SET_UP):
        return _set_up(settings, pull.title, text)
    if says_the_same(pull.body, text):
        return ()
    return (Describe(pull.title, text.finished),)


def _closed(group: str, pull: PullRequest, shown: Shown, settings: Settings) -> Sequence[Operation]:
    operations: list[Operation] = []
    body = closing(pull.body, group)
    if body != pull.body:
        operations.append(Describe(pull.title, body))
    regrouped = (group in {PREPARE, SWITCH}) is not (settings.group_by is Grouping.STAGE)
    operations += (Say(SUPERSEDED, group, superseded_words(is_regrouped=regrouped)), Close())
    if shown.head is not None:
        operations.append(Drop(shown.branch, shown.head))
    return operations
