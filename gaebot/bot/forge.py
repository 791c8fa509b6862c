"""What the bot needs of a code host: a few verbs, the values that they exchange, and their errors.

The plans of the bot are made from these values and carried out by these verbs; `github` knows how GitHub does
it. Times are left out: nothing here depends on a clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

# -- errors ----------------------------------------------------------------------------------


class ForgeError(Exception):
    """A call that came to nothing. The text is what the host said, in one line."""


class ForbiddenError(ForgeError):
    """The token may not do it: that of a fork, a locked conversation, a setting of the repository."""


class MissingError(ForgeError):
    """What the call is about is not there (any more): a deleted branch, comment or file."""


class RefusedError(ForgeError):
    """The host does not take what it was given: a line outside of the diff, a long text, no fast forward."""


class LimitError(ForgeError):
    """The host wants fewer calls, and waiting as long as was configured did not help."""


class UnreachableError(ForgeError):
    """The host answered with an error of its own, or not at all: what was asked for may have been done."""


# -- values ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class PullRequest:
    """A pull request. `head_repository` is 'owner/name', empty where a fork is gone; `labels` are names."""

    number: int
    title: str
    body: str
    is_open: bool
    is_merged: bool
    is_locked: bool
    author: str
    head_ref: str
    head_sha: str
    head_repository: str
    base_ref: str
    base_sha: str
    labels: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class ChangedFile:
    """A file of a pull request. `patch` is its diff without a head, None where the host gives none."""

    path: str
    status: str  # added, removed, modified, renamed, …
    patch: str | None
    previous_path: str = ""


@dataclass(frozen=True)
class Comment:
    """A comment on a pull request as a whole, or one of a thread in its diff."""

    id: int
    author: str
    body: str


@dataclass(frozen=True)
class Thread:
    """A thread of comments in a diff; the first comment began it. `id` is what `resolve` wants.

    `line` is None where the thread is outdated. The numbers of `comments` are what `reply` wants.
    """

    id: str
    is_resolved: bool
    path: str
    line: int | None
    comments: tuple[Comment, ...]


@dataclass(frozen=True)
class LineComment:
    """A comment to be put on lines (1-based) of the new side of a diff; `start_line` is None for one line."""

    path: str
    line: int
    body: str
    start_line: int | None = None


@dataclass(frozen=True)
class Commit:
    """A commit, with who made it: logins where the host knows them, else e-mail addresses."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    message: str
    author: str
    committer: str


@dataclass(frozen=True)
class NewCommit:
    """A commit to be made: the message, and the files that it changes. None takes a file away."""

    message: str
    changes: Mapping[str, bytes | None] = field(default_factory=dict)


@dataclass(frozen=True)
class WorkflowRun:
    """A run of a workflow: for which event, of which repository and commit."""

    id: int
    event: str
    head_repository: str
    head_branch: str
    head_sha: str


# -- verbs -----------------------------------------------------------------------------------


class Forge(Protocol):
    """A repository on a code host. Each verb raises `ForgeError`, or one below it.

    Lists are whole: all pages are read. Those that make something are tried once; those that can be repeated
    without harm are repeated as configured.
    """

    @property
    def repository(self) -> str:
        """'owner/name'."""

    def me(self) -> str:
        """The login under which comments are written: 'github-actions[bot]'."""

    def default_branch(self) -> str:
        """The branch that pull requests go to."""

    # pull requests and what is said about them

    def pull_request(self, number: int) -> PullRequest:
        """A pull request."""

    def pull_requests(self, *, head: str = "", state: str = "open") -> tuple[PullRequest, ...]:
        """The pull requests from a branch of this repository, or all; `state` is open, closed or all."""

    def changed_files(self, number: int) -> tuple[ChangedFile, ...]:
        """The files of a pull request, as far as the host tells them (GitHub: 3,000)."""

    def threads(self, number: int) -> tuple[Thread, ...]:
        """The threads in its diff."""

    def comments(self, number: int) -> tuple[Comment, ...]:
        """The comments on it as a whole."""

    def post_review(self, number: int, sha: str, body: str, comments: Sequence[LineComment]) -> str:
        """Review a commit of it, all comments or none; the address of the review."""

    def reply(self, number: int, comment: int, body: str) -> None:
        """Answer a comment of a thread."""

    def resolve(self, thread: str) -> None:
        """Mark a thread as resolved."""

    def post_comment(self, number: int, body: str) -> Comment:
        """Comment on it as a whole."""

    def edit_comment(self, comment: int, body: str) -> None:
        """Give a comment another text."""

    def permission(self, login: str) -> str:
        """What somebody may do in the repository: admin, write, read or none."""

    # branches and commits

    def file(self, path: str, ref: str) -> bytes | None:
        """The content of a file at a commit or branch, None where there is none."""

    def blobs(self, paths: Sequence[str], ref: str) -> Mapping[str, str]:
        """What git calls the contents of some files at a commit or branch, without those that are not there.

        All at once, or some hundred at a time: the number of calls must not follow that of the files.
        """

    def branches(self, prefix: str) -> Mapping[str, str]:
        """The branches whose names begin so, with the commits that they point at."""

    def branch(self, name: str) -> str | None:
        """The commit that a branch points at, None where there is none."""

    def commits(self, base: str, head: str) -> tuple[Commit, ...]:
        """The commits that are in `head` and not in `base`, oldest first."""

    def commit(self, sha: str) -> Commit:
        """A commit."""

    def make_commits(self, parent: str, commits: Sequence[NewCommit]) -> str:
        """Make commits on top of one, each on the one before; the last one's name. No branch moves.

        Files that there are keep their mode.
        """

    def create_branch(self, name: str, sha: str) -> None:
        """Make a branch. Raises `RefusedError` where it is there already."""

    def move_branch(self, name: str, sha: str, *, expected: str) -> None:
        """Let a branch that points at `expected` point elsewhere. Raises `RefusedError` where it does not."""

    def delete_branch(self, name: str) -> None:
        """Take a branch away."""

    def open_pull_request(self, title: str, body: str, *, head: str, base: str, draft: bool) -> PullRequest:
        """Open a pull request."""

    def edit_pull_request(self, number: int, *, title: str, body: str) -> None:
        """Give a pull request another title and text."""

    def close_pull_request(self, number: int) -> None:
        """Close a pull request."""

    def add_labels(self, number: int, labels: Sequence[str]) -> None:
        """Label a pull request."""

    def request_reviewers(self, number: int, reviewers: Sequence[str]) -> None:
        """Ask people for a review; 'team/NAME' asks a team."""

    # what another workflow left behind

    def run(self, number: int) -> WorkflowRun:
        """A run of a workflow."""

    def artifact(self, run: int, name: str, most_bytes: int) -> bytes | None:
        """The archive of an artifact of a run, None for none. Raises `RefusedError` where it is larger."""
