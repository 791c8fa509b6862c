"""What becomes of a group of fixes: a decision from what it holds and what the host shows. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from gaebot.bot.fixups.commits import is_ours
from gaebot.bot.forge import Commit, PullRequest
from gaebot.bot.marker import marks

FIX_UP, SUPERSEDED, HANDS_OFF = "fix-up", "superseded", "hands-off"
"""Kinds of marks: a pull request of the bot, one that it has closed, and what it has said of somebody's
commits.
"""


class Step(Enum):
    """What is done about a group, and half a sentence about why."""

    OPEN = "its pull request is opened"
    RENEW = "its pull request is kept up to date"
    CLOSE = "nothing is left of it, so its pull request is closed"
    CLEAN = "nothing is left of it, so its branch goes"
    HANDS_OFF = "somebody else has committed to its branch"
    REFUSED = "its pull request was closed, which is respected: reopen that to have it kept up to date again"
    ELSEWHERE = "its pull request goes to another branch, and is left alone"
    WAIT = "it waits until `prepare` is merged or closed"
    NO_ROOM = "it waits until another pull request of gaebot is merged or closed (`max-pull-requests`)"
    NOTHING = "there is nothing to do"


@dataclass(frozen=True)
class Shown:
    """What the host shows of a group: its branch, what is on it, and the pull requests from it, newest first.

    `head` is the commit that the branch points at, None where there is no branch; `commits` are those that
    the base does not have.
    """

    branch: str
    head: str | None
    commits: tuple[Commit, ...]
    pulls: tuple[PullRequest, ...]

    @property
    def pull(self) -> PullRequest | None:
        """The open pull request."""
        return next((pull for pull in self.pulls if pull.is_open), None)


@dataclass(frozen=True)
class Decision:
    """What is done about a group. `who` is somebody else who has committed to its branch."""

    step: Step
    who: str = ""


def decide(shown: Shown, *, me: str, base: str, is_empty: bool, waits: bool, has_room: bool) -> Decision:
    """What is done about a group.

    `is_empty` says that there is nothing (more) to fix, or that fixes are grouped otherwise now; `waits` that
    another group comes first, `has_room` that one more pull request may be opened.
    """
    who = stranger(shown.commits, me)
    pull = shown.pull
    if pull is not None:
        if pull.base_ref != base:
            return Decision(Step.ELSEWHERE)
        if who:
            return Decision(Step.HANDS_OFF, who)
        if is_empty:
            return Decision(Step.CLOSE if pull.author == me else Step.NOTHING)
        return Decision(Step.RENEW)
    last = shown.pulls[0] if shown.pulls else None
    refused = last is not None and not last.is_merged and not was_closed_by_us(last, me)
    if is_empty:
        left_over = shown.head is not None and shown.commits and not who and not refused
        return Decision(Step.CLEAN if left_over else Step.NOTHING)
    if refused:
        return Decision(Step.REFUSED)
    if who:
        return Decision(Step.HANDS_OFF, who)
    if waits:
        return Decision(Step.WAIT)
    return Decision(Step.OPEN if has_room else Step.NO_ROOM)


def stranger(commits: Iterable[Commit], me: str) -> str:
    """Somebody else than the bot who has made one of some commits; nothing where nobody has."""
    for commit in commits:
        if not is_ours(commit, me):
            return commit.author if commit.author != me else commit.committer
    return ""


def was_closed_by_us(pull: PullRequest, me: str) -> bool:
    """Whether the bot has closed a pull request of its own: it says so in its text first."""
    return pull.author == me and bool(marks(pull.body, SUPERSEDED))


def is_fix_up(pull: PullRequest, me: str) -> bool:
    """Whether a pull request was opened by the bot, as a fix-up."""
    return pull.author == me and bool(marks(pull.body, FIX_UP))
