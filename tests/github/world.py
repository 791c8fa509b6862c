"""The state of the fake, and what happens to pull requests when branches move."""

from __future__ import annotations

import itertools
from pathlib import Path

from tests.github import diffs
from tests.github.clock import Clock
from tests.github.diffs import FileDiff
from tests.github.refusal import not_found
from tests.github.repository import Repository
from tests.github.state import ACTIONS, Artifact, Issue, IssueComment, Label, Pull, ReviewComment, Run, User

_ACTIONS_ID = 41898282


class World:
    """One repository, `octo/demo`, and all that GitHub knows about it."""

    owner = "octo"
    name = "demo"
    empty_tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

    def __init__(self, folder: Path) -> None:
        self.address = ""
        self.clock = Clock()
        self.repository = Repository(folder / "demo.git", self.clock)
        self.ids = itertools.count(1001)
        self.users: dict[str, User] = {ACTIONS: User(_ACTIONS_ID, ACTIONS)}
        self.levels = {"octo": "admin", "alice": "write"}
        self.labels: dict[str, Label] = {}
        self.issues: dict[int, Issue] = {}
        self.runs: dict[int, Run] = {}
        self.sarif: list[dict[str, object]] = []
        self.without_patch: set[str] = set()
        self.signed: set[str] = set()
        self.actions_may_open_pull_requests = True
        self._diffs: dict[tuple[str, str], list[FileDiff]] = {}
        self.repository.when_changed = self.catch_up
        for login in ("octo", "alice", "bob", "mallory"):
            self.user(login)

    @property
    def full_name(self) -> str:
        """Owner and name."""
        return f"{self.owner}/{self.name}"

    @property
    def api(self) -> str:
        """Where the REST interface begins."""
        return f"{self.address}/api/v3"

    def user(self, login: str) -> User:
        """The user, who is made if there is none yet."""
        if login not in self.users:
            self.users[login] = User(next(self.ids), login)
        return self.users[login]

    def level(self, login: str) -> str:
        """What someone may do with the repository; everybody may read it."""
        return "write" if login == ACTIONS else self.levels.get(login, "read")

    def association(self, login: str) -> str:
        """How GitHub calls someone's relation to the repository."""
        level = self.levels.get(login)
        return {"admin": "OWNER", "write": "COLLABORATOR"}.get(level or "", "NONE")

    def label(self, name: str) -> Label:
        """The label, which is made if there is none yet."""
        if name not in self.labels:
            self.labels[name] = Label(next(self.ids), name)
        return self.labels[name]

    # What is asked for by number or id.

    def issue(self, number: int | str) -> Issue:
        """The issue or pull request with this number."""
        found = self.issues.get(int(number)) if str(number).isdigit() else None
        if found is None:
            raise not_found()
        return found

    def pull(self, number: int | str) -> Pull:
        """The pull request with this number."""
        found = self.issue(number)
        if not isinstance(found, Pull):
            raise not_found()
        return found

    @property
    def pulls(self) -> list[Pull]:
        """All pull requests, oldest first."""
        return [issue for issue in self.issues.values() if isinstance(issue, Pull)]

    def issue_comment(self, which: int | str) -> tuple[Issue, IssueComment]:
        """The comment with this id, and what it was written to."""
        for issue in self.issues.values():
            for comment in issue.comments:
                if which in (comment.id, str(comment.id), comment.node):
                    return issue, comment
        raise not_found()

    def review_comment(self, which: int | str) -> tuple[Pull, ReviewComment]:
        """The comment beside the code with this id, and its pull request."""
        for pull in self.pulls:
            for comment in pull.review_comments:
                if which in (comment.id, str(comment.id), comment.node):
                    return pull, comment
        raise not_found()

    def artifact(self, which: int | str) -> tuple[Run, Artifact]:
        """The artifact with this id, and its run."""
        for run in self.runs.values():
            for artifact in run.artifacts:
                if which in (artifact.id, str(artifact.id)):
                    return run, artifact
        raise not_found()

    # Git and pull requests.

    def head_ref(self, owner: str, branch: str) -> str:
        """Where the branch of the repository or of a fork is kept."""
        return f"refs/heads/{branch}" if owner == self.owner else f"refs/forks/{owner}/{branch}"

    def diff(self, old: str, new: str) -> list[FileDiff]:
        """What differs between two commits."""
        key = (old, new)
        if key not in self._diffs:
            self._diffs[key] = diffs.between(self.repository, old, new)
        return self._diffs[key]

    def fork_point(self, pull: Pull, commit: str | None = None) -> str:
        """The commit that a pull request's diff begins at."""
        return self.repository.merge_base(pull.base_sha, commit or pull.head_sha) or pull.base_sha

    def changes(self, pull: Pull, commit: str | None = None) -> list[FileDiff]:
        """The files of a pull request, as they are or as they were at one of its commits."""
        return self.diff(self.fork_point(pull, commit), commit or pull.head_sha)

    def commits(self, pull: Pull) -> list[str]:
        """The commits of a pull request, oldest first."""
        return self.repository.commits("--reverse", f"{pull.base_sha}..{pull.head_sha}")

    def current(self, pull: Pull, comment: ReviewComment, number: int | None, side: str | None) -> int | None:
        """Which line a comment's line is now; nothing if it was changed since, or left the diff."""
        if number is None:
            return None
        if comment.commit_id != pull.head_sha:
            if side == "LEFT":
                since = self.diff(self.fork_point(pull, comment.commit_id), self.fork_point(pull))
            else:
                since = self.diff(comment.commit_id, pull.head_sha)
            moved = diffs.moved(since, comment.path, number)
        else:
            moved = number
        if moved is None or self.place(pull, comment.path, moved, side or "RIGHT") is None:
            return None
        return moved

    def place(self, pull: Pull, path: str, number: int, side: str) -> int | None:
        """The position in the patch of a file's line, if it is part of the diff."""
        for file in self.changes(pull):
            found = file.find(number, side) if file.name == path else None
            if found is not None:
                return found[1].position
        return None

    def catch_up(self) -> None:
        """Takes notice that branches moved: pull requests follow theirs, and close when one is gone."""
        for pull in self.pulls:
            if pull.state != "open":
                continue
            head = self.repository_sha(self.head_ref(pull.head_owner, pull.head_ref))
            base = self.repository_sha(f"refs/heads/{pull.base_ref}")
            if head is None or base is None:
                self.close(pull, pull.author)
            elif (head, base) != (pull.head_sha, pull.base_sha):
                if head != pull.head_sha:
                    pull.updated_at = self.clock.now()
                if self.repository.is_ancestor(head, base):
                    pull.head_sha = head
                    pull.merged_at, pull.merged_by = self.clock.now(), pull.author
                    self.close(pull, pull.author)
                else:
                    self.follow(pull, head, base)

    def repository_sha(self, ref: str) -> str | None:
        """The SHA of a branch, also of one in a fork."""
        return self.repository.resolve(ref)

    def follow(self, pull: Pull, head: str, base: str) -> None:
        """Gives a pull request new commits at both ends, and keeps `refs/pull/<number>/…`."""
        pull.head_sha, pull.base_sha = head, base
        self.repository.git("update-ref", f"refs/pull/{pull.number}/head", head)
        merged = self.repository.merged(base, head, f"Merge {head} into {base}")
        pull.mergeable = merged is not None
        if merged is not None:
            pull.merge_commit_sha = merged
            self.repository.git("update-ref", f"refs/pull/{pull.number}/merge", merged)

    def close(self, issue: Issue, by: str) -> None:
        """Closes an issue or a pull request."""
        issue.state = "closed"
        issue.closed_by = by
        issue.closed_at = issue.updated_at = self.clock.tick()

    def reopen(self, issue: Issue) -> None:
        """Opens an issue or a pull request again."""
        issue.state = "open"
        issue.closed_at = issue.closed_by = None
        issue.updated_at = self.clock.tick()
        self.catch_up()
