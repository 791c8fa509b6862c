"""A code host in memory, with git's part of it: commits, trees and branches, pull requests and comments.

Branches move by compare-and-swap only. Any verb can be made to fail, before or after it has done its work, and
something can be made to happen just before it.
"""

from __future__ import annotations

import functools
import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace

from gaebot.bot.forge import (
    ChangedFile,
    Comment,
    Commit,
    ForbiddenError,
    MissingError,
    PullRequest,
    RefusedError,
    UnreachableError,
)

ME = "github-actions[bot]"
WRITES = frozenset(
    {
        "make_commits",
        "create_branch",
        "move_branch",
        "delete_branch",
        "open_pull_request",
        "edit_pull_request",
        "close_pull_request",
        "add_labels",
        "request_reviewers",
        "post_comment",
        "edit_comment",
    }
)


def verb(method):
    """Count the calls of a verb, and let it fail where it was told to."""
    name = method.__name__

    @functools.wraps(method)
    def called(self, *arguments, **named):
        self.calls[name] += 1
        for act in self.before.pop(name, []):
            act()
        fault = self.faults.get(name)
        if fault is not None and not fault.after:
            self._used(name)
            raise fault.error
        result = method(self, *arguments, **named)
        if fault is not None:
            self._used(name)
            raise fault.error
        return result

    return called


@dataclass
class Fault:
    """An error that a verb raises; `after` it has done its work, and how many `times`."""

    error: Exception
    after: bool = False
    times: int = 1


@dataclass
class FakeForge:
    """The repository `octo/demo`."""

    repository: str = "octo/demo"
    commits_by_sha: dict = field(default_factory=dict)
    files_by_sha: dict = field(default_factory=dict)
    heads: dict = field(default_factory=dict)
    pulls: dict = field(default_factory=dict)
    comments_by_pull: dict = field(default_factory=dict)
    reviewers: dict = field(default_factory=dict)
    drafts: set = field(default_factory=set)
    permissions: dict = field(default_factory=lambda: {"alice": "write", "root": "admin", "eve": "read"})
    faults: dict = field(default_factory=dict)
    before: dict = field(default_factory=dict)
    calls: Counter = field(default_factory=Counter)
    number: int = 0

    # -- for tests -------------------------------------------------------------------------

    def fail(self, name, error=None, *, after=False, times=1):
        """Let a verb fail."""
        self.faults[name] = Fault(error or UnreachableError("connection reset"), after, times)

    def just_before(self, name, act):
        """Let something happen just before the next call of a verb."""
        self.before.setdefault(name, []).append(act)

    def _used(self, name):
        fault = self.faults[name]
        fault.times -= 1
        if fault.times <= 0:
            del self.faults[name]

    @property
    def writes(self):
        """How often something was written."""
        return sum(count for name, count in self.calls.items() if name in WRITES)

    def add_commit(self, files, parents=(), *, message="a commit", author="alice", committer=None):
        """A commit that holds some files; its name."""
        tree = hashlib.sha1(repr(sorted(files.items())).encode(), usedforsecurity=False).hexdigest()
        committer = committer or author
        data = repr((tree, parents, message, author, committer, len(self.commits_by_sha)))
        sha = hashlib.sha1(data.encode(), usedforsecurity=False).hexdigest()
        self.commits_by_sha[sha] = Commit(sha, tree, tuple(parents), message, author, committer)
        self.files_by_sha[sha] = dict(files)
        return sha

    def push(self, branch, changes, *, author="alice", **named):
        """Somebody pushes a commit to a branch."""
        head = self.heads.get(branch)
        files = {**(self.files_by_sha[head] if head else {}), **changes}
        files = {path: data for path, data in files.items() if data is not None}
        self.heads[branch] = self.add_commit(files, (head,) if head else (), author=author, **named)
        return self.heads[branch]

    def files(self, ref):
        """The files at a commit or branch."""
        return self.files_by_sha[self.heads.get(ref, ref)]

    def change(self, number, **values):
        """Somebody changes a pull request."""
        self.pulls[number] = replace(self.pulls[number], **values)

    def merge(self, number):
        """Somebody merges a pull request, with a commit of its own."""
        pull = self.pulls[number]
        changed = self.files(pull.head_ref)
        base = self.heads[pull.base_ref]
        merged = {**self.files_by_sha[base], **changed}
        self.heads[pull.base_ref] = self.add_commit(
            merged, (base, self.heads[pull.head_ref]), message="merge", author="alice"
        )
        self.change(number, is_open=False, is_merged=True)

    def open_for(self, author, head, base="main", *, repository=None, body="", labels=()):
        """Somebody opens a pull request."""
        self.number += 1
        sha = self.heads.get(head, "")
        self.pulls[self.number] = PullRequest(
            self.number,
            "A title",
            body,
            is_open=True,
            is_merged=False,
            is_locked=False,
            author=author,
            head_ref=head,
            head_sha=sha,
            head_repository=self.repository if repository is None else repository,
            base_ref=base,
            base_sha=self.heads.get(base, ""),
            labels=tuple(labels),
        )
        return self.number

    def open_ones(self):
        """The branches of open pull requests, by number."""
        return {number: pull.head_ref for number, pull in self.pulls.items() if pull.is_open}

    def said(self, number):
        """The texts of the comments on a pull request."""
        return [comment.body for comment in self.comments_by_pull.get(number, [])]

    def _ancestors(self, sha):
        seen, waiting = [], [sha]
        while waiting:
            current = waiting.pop()
            if current not in seen:
                seen.append(current)
                waiting += self.commits_by_sha[current].parents
        return seen

    def _now(self, pull):
        return replace(pull, head_sha=self.heads.get(pull.head_ref, pull.head_sha))

    # -- verbs: pull requests --------------------------------------------------------------

    @verb
    def me(self):
        return ME

    @verb
    def default_branch(self):
        return "main"

    @verb
    def pull_request(self, number):
        if number not in self.pulls:
            raise MissingError("Not Found")
        return self._now(self.pulls[number])

    @verb
    def pull_requests(self, *, head="", state="open"):
        wanted = {"open": [True], "closed": [False], "all": [True, False]}[state]
        return tuple(
            self._now(pull)
            for pull in reversed(self.pulls.values())
            if pull.is_open in wanted
            and (not head or (pull.head_ref == head and pull.head_repository == self.repository))
        )

    @verb
    def changed_files(self, number):
        pull = self.pulls[number]
        old, new = self.files(pull.base_ref), self.files(pull.head_ref)
        changed = []
        for path in sorted(old.keys() | new.keys()):
            if old.get(path) != new.get(path):
                status = "added" if path not in old else "removed" if path not in new else "modified"
                changed.append(ChangedFile(path, status, None))
        return tuple(changed)

    @verb
    def comments(self, number):
        return tuple(self.comments_by_pull.get(number, ()))

    @verb
    def post_comment(self, number, body):
        if self.pulls[number].is_locked:
            raise ForbiddenError("Unable to create comment because issue is locked.")
        if len(body) > 65_536:
            raise RefusedError("body is too long (maximum is 65536 characters)")
        self.number += 1
        comment = Comment(self.number, ME, body)
        self.comments_by_pull.setdefault(number, []).append(comment)
        return comment

    @verb
    def permission(self, login):
        return self.permissions.get(login, "none")

    @verb
    def open_pull_request(self, title, body, *, head, base, draft):
        if head not in self.heads:
            raise RefusedError("head is not there")
        if any(
            pull.is_open and (pull.head_ref, pull.head_repository) == (head, self.repository)
            for pull in self.pulls.values()
        ):
            raise RefusedError(f"A pull request already exists for octo:{head}.")
        if self.heads[head] in self._ancestors(self.heads[base]):
            raise RefusedError(f"No commits between {base} and {head}")
        if len(body) > 65_536:
            raise RefusedError("body is too long (maximum is 65536 characters)")
        number = self.open_for(ME, head, base, body=body)
        self.change(number, title=title)
        if draft:
            self.drafts.add(number)
        return self._now(self.pulls[number])

    @verb
    def edit_pull_request(self, number, *, title, body):
        self.change(number, title=title, body=body)

    @verb
    def close_pull_request(self, number):
        self.change(number, is_open=False)

    @verb
    def add_labels(self, number, labels):
        self.change(number, labels=tuple(dict.fromkeys((*self.pulls[number].labels, *labels))))

    @verb
    def request_reviewers(self, number, reviewers):
        self.reviewers.setdefault(number, []).extend(reviewers)

    # -- verbs: branches and commits -------------------------------------------------------

    @verb
    def file(self, path, ref):
        return self.files(ref).get(path)

    @verb
    def blobs(self, paths, ref):
        files = self.files(ref)
        return {path: git_blob(files[path]) for path in paths if path in files}

    @verb
    def branches(self, prefix):
        return {name: sha for name, sha in self.heads.items() if name.startswith(prefix)}

    @verb
    def branch(self, name):
        return self.heads.get(name)

    @verb
    def commits(self, base, head):
        known = self._ancestors(self.heads.get(base, base))
        found = [sha for sha in self._ancestors(self.heads.get(head, head)) if sha not in known]
        return tuple(self.commits_by_sha[sha] for sha in reversed(found))

    @verb
    def commit(self, sha):
        return self.commits_by_sha[sha]

    @verb
    def make_commits(self, parent, commits):
        for commit in commits:
            files = {**self.files_by_sha[parent], **commit.changes}
            files = {path: data for path, data in files.items() if data is not None}
            parent = self.add_commit(files, (parent,), message=commit.message, author=ME)
        return parent

    @verb
    def create_branch(self, name, sha):
        if name in self.heads:
            raise RefusedError("Reference already exists")
        self.heads[name] = sha

    @verb
    def move_branch(self, name, sha, *, expected):
        if name not in self.heads:
            raise MissingError("Reference does not exist")
        if self.heads[name] != expected:
            raise RefusedError("Reference was moved")
        self.heads[name] = sha

    @verb
    def delete_branch(self, name):
        if self.heads.pop(name, None) is None:
            raise MissingError("Reference does not exist")
        for number, pull in self.pulls.items():
            if pull.is_open and (pull.head_ref, pull.head_repository) == (name, self.repository):
                self.change(number, is_open=False)


def git_blob(data):
    """What git calls a content."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


@dataclass
class FakeOutput:
    """Remembers what a run says."""

    lines: list = field(default_factory=list)
    summary: str = ""
    kept: dict = field(default_factory=dict)
    commands: str = ""

    def log(self, line):
        self.lines.append(line)

    def annotate(self, commands):
        self.commands += commands

    def summarise(self, markdown):
        self.summary += markdown

    def keep(self, name, data):
        self.kept[name] = data
        return f"/artifacts/{name}"

    @property
    def text(self):
        """The whole log."""
        return "\n".join(self.lines)
