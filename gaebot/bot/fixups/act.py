"""Carry out plans: one loop over their operations. What goes wrong is told, and does not end the run.

Each group stands for itself, but where the host wants no more calls, does not answer or forbids to write,
no other is begun: the next run does the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gaebot.bot.fixups.plan import Ask, Close, Describe, Drop, Label, Open, Operation, Plan, Push, Say
from gaebot.bot.forge import (
    ForbiddenError,
    Forge,
    ForgeError,
    LimitError,
    MissingError,
    PullRequest,
    RefusedError,
    UnreachableError,
)
from gaebot.bot.marker import mark, marks
from gaebot.render.words import one_line

_NOT_PERMITTED = "not permitted to create or approve pull requests"


@dataclass(frozen=True)
class Result:
    """What became of a plan: its pull request, and sentences about what did not work.

    `is_blocked` says that nothing may be written there: what was to be offered needs another way. `ends` that
    no other plan should be begun. `has_changed` tells whether anything was written.
    """

    plan: Plan
    pull: PullRequest | None
    problems: tuple[str, ...] = ()
    is_blocked: bool = False
    ends: bool = False
    has_changed: bool = False


def carry_out(forge: Forge, plans: Iterable[Plan]) -> list[Result]:
    """Carry out plans in order. Those that are not begun after one that ends it all share its fate."""
    results: list[Result] = []
    last: Result | None = None
    for plan in plans:
        if last is not None and plan.operations:
            results.append(Result(plan, plan.pull, last.problems[-1:], last.is_blocked, ends=True))
            continue
        result = _Work(forge, plan).run()
        results.append(result)
        last = result if result.ends else last
    return results


class _Work:
    """One plan while it is carried out."""

    def __init__(self, forge: Forge, plan: Plan) -> None:
        self._forge = forge
        self._plan = plan
        self._pull = plan.pull
        self._problems: list[str] = []
        self._changed = False

    def run(self) -> Result:
        """What came of it."""
        for operation in self._plan.operations:
            error = self._tried(operation)
            if error is None:
                continue
            if not isinstance(operation, (Label, Ask)) or not isinstance(
                error, (ForbiddenError, RefusedError)
            ):
                return self._result(operation, error)
            # A label or a person that is not there must not keep the rest from being done.
            self._problems.append(_problem(operation, error))
        return self._result()

    def _tried(self, operation: Operation) -> ForgeError | None:
        try:
            self._do(operation)
        except ForgeError as error:
            return error
        return None

    def _result(self, operation: Operation | None = None, error: ForgeError | None = None) -> Result:
        result = Result(self._plan, self._pull, tuple(self._problems), has_changed=self._changed)
        if operation is None or error is None:
            return result
        is_writing = isinstance(operation, (Push, Open))
        return replace(
            result,
            problems=(*result.problems, _problem(operation, error)),
            is_blocked=is_writing and isinstance(error, ForbiddenError),
            ends=isinstance(error, (ForbiddenError, LimitError, UnreachableError)),
        )

    def _do(self, operation: Operation) -> None:  # noqa: C901 - a table of what each operation is
        forge = self._forge
        if isinstance(operation, Push):
            self._push(operation)
        elif isinstance(operation, Open):
            self._open(operation)
        elif isinstance(operation, Drop):
            if forge.branch(operation.branch) != operation.expected:
                raise RefusedError("somebody has pushed to the branch in the meantime")
            forge.delete_branch(operation.branch)
        elif self._pull is not None:
            number = self._pull.number
            if isinstance(operation, Describe):
                forge.edit_pull_request(number, title=operation.title, body=operation.body)
            elif isinstance(operation, Label):
                forge.add_labels(number, operation.labels)
            elif isinstance(operation, Ask):
                forge.request_reviewers(number, operation.reviewers)
            elif isinstance(operation, Close):
                forge.close_pull_request(number)
            elif not self._say(number, operation):
                return
        self._changed = True

    def _push(self, push: Push) -> None:
        sha = self._forge.make_commits(push.parent, push.commits)
        if push.expected is None:
            self._forge.create_branch(push.branch, sha)
        else:
            self._forge.move_branch(push.branch, sha, expected=push.expected)

    def _open(self, operation: Open) -> None:
        """Open a pull request; where the host may have done so without saying it, look for it."""
        text = operation.text
        try:
            self._pull = self._forge.open_pull_request(
                text.title, text.body, head=operation.branch, base=operation.base, draft=operation.draft
            )
        except (RefusedError, UnreachableError):
            me = self._forge.me()
            pulls = self._forge.pull_requests(head=operation.branch)
            self._pull = next((pull for pull in pulls if pull.author == me), None)
            if self._pull is None:
                raise

    def _say(self, number: int, say: Say) -> bool:
        """Comment once; whether that was now."""
        me = self._forge.me()
        for comment in self._forge.comments(number):
            if comment.author == me and say.value in marks(comment.body, say.kind):
                return False
        self._forge.post_comment(number, f"{say.words}\n\n{mark(say.kind, say.value)}")
        return True


def _problem(operation: Operation, error: ForgeError) -> str:
    """A sentence about what did not work, with the way out."""
    said = one_line(str(error)).rstrip(".")
    if isinstance(error, ForbiddenError) and _NOT_PERMITTED in str(error):
        return (
            "This repository does not let GitHub Actions open pull requests. Allow it under Settings, "
            "Actions, General, Workflow permissions: 'Allow GitHub Actions to create and approve pull "
            "requests'; or give the input `github-token` the token of an app or a person."
        )
    if isinstance(error, ForbiddenError):
        return (
            f"The token may not do this: {said}. The job needs the permissions `contents: write` and "
            "`pull-requests: write`."
        )
    if isinstance(operation, Push) and isinstance(error, (RefusedError, MissingError)):
        return (
            f"The branch {operation.branch} is not as it was a moment ago, and was left alone: {said}. The "
            "next run looks at it again."
        )
    if isinstance(error, LimitError):
        return f"The host wants fewer calls: {said}. The next run does the rest."
    if isinstance(error, UnreachableError):
        return f"The host did not answer as it should: {said}. The next run does the rest."
    return f"{_DOING[type(operation)]} did not work: {said}."


_DOING: dict[type[Operation], str] = {
    Push: "Pushing the branch",
    Open: "Opening the pull request",
    Describe: "Writing the text of the pull request",
    Label: "Labelling the pull request",
    Ask: "Asking for reviews",
    Say: "Commenting",
    Close: "Closing the pull request",
    Drop: "Deleting the branch",
}
