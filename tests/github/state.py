"""What the fake remembers besides the git repository: users, pull requests, reviews, comments, runs."""

from __future__ import annotations

from dataclasses import dataclass, field

ACTIONS = "github-actions[bot]"
"""Who does what is done with the token of a workflow."""


@dataclass
class User:
    """Someone: a person, or an app."""

    id: int
    login: str

    @property
    def type(self) -> str:
        """What GitHub calls it."""
        return "Bot" if self.login.endswith("[bot]") else "User"


@dataclass
class Token:
    """Whose it is, and which permissions it has; none where it is a person's, who may what the person may."""

    login: str
    permissions: dict[str, str] | None = None

    def may(self, needed: str) -> bool:
        """Whether it has a permission, as in `contents: write`."""
        name, _, level = needed.partition(": ")
        has = (self.permissions or {}).get(name, "none")
        return self.permissions is None or has in ("write", level)


@dataclass
class Label:
    """A label of the repository."""

    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass
class Thread:
    """A conversation beside the code."""

    id: int
    is_resolved: bool = False
    resolved_by: str | None = None

    @property
    def node(self) -> str:
        """Its global name."""
        return f"PRRT_{self.id}"


@dataclass
class Comment:
    """What comments have in common."""

    id: int
    author: str
    body: str
    created_at: str
    updated_at: str
    minimized: str | None = field(default=None, kw_only=True)

    prefix = "C"

    @property
    def node(self) -> str:
        """Its global name."""
        return f"{self.prefix}_{self.id}"


@dataclass
class IssueComment(Comment):
    """A comment in the conversation."""

    reactions: list[tuple[str, str]] = field(default_factory=list)

    prefix = "IC"


@dataclass
class ReviewComment(Comment):
    """A comment beside the code; the numbers are those at the commit it was written for."""

    review_id: int
    thread: Thread
    path: str
    commit_id: str
    diff_hunk: str
    subject_type: str = "line"
    side: str = "RIGHT"
    line: int | None = None
    start_line: int | None = None
    start_side: str | None = None
    position: int | None = None
    in_reply_to: int | None = None

    prefix = "PRRC"


@dataclass
class Review:
    """A review: its own text, and what became of it."""

    id: int
    author: str
    body: str
    state: str
    commit_id: str
    submitted_at: str | None


@dataclass
class Issue:
    """An issue, or the side of a pull request that is one."""

    id: int
    number: int
    title: str
    body: str | None
    author: str
    created_at: str
    updated_at: str
    state: str = "open"
    closed_at: str | None = None
    closed_by: str | None = None
    locked: bool = False
    labels: list[str] = field(default_factory=list)
    comments: list[IssueComment] = field(default_factory=list)


@dataclass
class Pull(Issue):
    """A pull request."""

    head_owner: str = "octo"
    head_ref: str = ""
    head_sha: str = ""
    base_ref: str = "main"
    base_sha: str = ""
    draft: bool = False
    maintainer_can_modify: bool = False
    merged_at: str | None = None
    merged_by: str | None = None
    merge_commit_sha: str | None = None
    mergeable: bool | None = None
    requested_reviewers: list[str] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    review_comments: list[ReviewComment] = field(default_factory=list)

    @property
    def threads(self) -> list[Thread]:
        """Its conversations beside the code, oldest first."""
        return list({comment.thread.id: comment.thread for comment in self.review_comments}.values())

    @property
    def node(self) -> str:
        """Its global name."""
        return f"PR_{self.id}"


@dataclass
class Artifact:
    """What a run of a workflow left behind: a ZIP archive."""

    id: int
    run_id: int
    name: str
    archive: bytes
    created_at: str
    expired: bool = False


@dataclass
class Run:
    """A run of a workflow."""

    id: int
    event: str
    head_owner: str
    head_branch: str
    head_sha: str
    pulls: list[int]
    created_at: str
    name: str = "gaebot"
    path: str = ".github/workflows/gaebot.yml"
    actor: str = "alice"
    conclusion: str = "success"
    artifacts: list[Artifact] = field(default_factory=list)
