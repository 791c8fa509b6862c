"""Carry a plan out. What can't be posted is told, never raised; nothing is posted twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gaebot.bot.forge import Forge, ForgeError, LimitError, MissingError, RefusedError, UnreachableError
from gaebot.bot.review.plan import (
    Answer,
    Close,
    EditSummary,
    Operation,
    Placed,
    PostReview,
    PostSummary,
    is_summary,
    told,
)

MOST_TRIES = 12
"""Calls in which a review is posted whose comments are refused: enough to find one bad among fifty."""

_CONTINUED = "More of what gaebot says about the lines that this pull request changes.\n"


@dataclass
class Done:
    """What became of the operations of a run so far.

    `told` are the findings that comments in the diff tell, `has_summary` whether the comment on the whole
    says what it should. `errors` are what the host said against the rest, in order; `is_over` tells that it
    wants no further calls.
    """

    told: set[str] = field(default_factory=set)
    has_summary: bool = False
    review_url: str = ""
    errors: list[ForgeError] = field(default_factory=list)
    is_over: bool = False

    @property
    def is_short(self) -> bool:
        """Whether another run, with other rights or at another time, could say more."""
        return not self.has_summary or any(not isinstance(error, RefusedError) for error in self.errors)

    def failed(self, error: ForgeError) -> None:
        """Note an error."""
        self.errors.append(error)
        self.is_over = self.is_over or isinstance(error, LimitError)


@dataclass(frozen=True)
class Worker:
    """Carries plans out for one pull request, at one of its commits, as `me`."""

    forge: Forge
    number: int
    sha: str
    me: str

    def carry_out(self, plan: Sequence[Operation], done: Done) -> None:
        """Do what a plan says, until the host wants no further calls."""
        for operation in plan:
            if done.is_over:
                return
            try:
                self._do(operation, done)
            except ForgeError as error:
                done.failed(error)

    def _do(self, operation: Operation, done: Done) -> None:
        if isinstance(operation, PostReview):
            self._review(operation, done)
        elif isinstance(operation, Answer):
            self.forge.reply(self.number, operation.comment, operation.body)
        elif isinstance(operation, Close):
            self.forge.resolve(operation.thread)
        elif isinstance(operation, PostSummary):
            self._post_summary(operation.body)
            done.has_summary = True
        else:
            self._edit_summary(operation)
            done.has_summary = True

    def _review(self, operation: PostReview, done: Done) -> None:
        """Post a review. Where comments of it are refused, halves of it, until those are found."""
        waiting = [operation.comments]
        body = operation.body
        for _ in range(MOST_TRIES):
            if not waiting:
                return
            group = waiting.pop(0)
            try:
                url = self._post(group, body)
            except RefusedError as error:
                done.failed(error)
                half = len(group) // 2
                waiting[:0] = [part for part in (group[:half], group[half:]) if half and part]
                continue
            done.review_url = done.review_url or url
            done.told |= {placed.fingerprint for placed in group}
            body = _CONTINUED

    def _post(self, group: Sequence[Placed], body: str) -> str:
        """Post comments as a review. When it is not sure whether that was done, look before trying again."""
        comments = [placed.comment for placed in group]
        try:
            return self.forge.post_review(self.number, self.sha, body, comments)
        except UnreachableError:
            if self._is_there(group):
                return ""
        try:
            return self.forge.post_review(self.number, self.sha, body, comments)
        except UnreachableError:
            if self._is_there(group):
                return ""
            raise

    def _is_there(self, group: Sequence[Placed]) -> bool:
        """Whether comments have been posted: reviews are posted whole or not at all."""
        there = told(self.forge.threads(self.number), self.me)
        return any(placed.fingerprint in there for placed in group)

    def _post_summary(self, body: str) -> None:
        try:
            self.forge.post_comment(self.number, body)
        except UnreachableError:
            if self._has_summary():
                return
            try:
                self.forge.post_comment(self.number, body)
            except UnreachableError:
                if not self._has_summary():
                    raise

    def _has_summary(self) -> bool:
        return any(is_summary(comment, self.me) for comment in self.forge.comments(self.number))

    def _edit_summary(self, operation: EditSummary) -> None:
        try:
            self.forge.edit_comment(operation.comment, operation.body)
        except MissingError:  # somebody has taken it away meanwhile
            self._post_summary(operation.body)
