"""A GitHub that behaves: a server on this machine with one repository, `octo/demo`.

with FakeGitHub(folder) as github:
    github.repository.commit({"app.yaml": "runtime: python\n"})
    github.repository.commit({"app.yaml": "runtime: python27\n"}, branch="move")
    github.open_pull_request("move", title="Move to Python 2.7")
    …  # the program under test talks to github.api_url with github.token
    assert [comment.body for comment in github.pull(1).review_comments] == [...]
    assert github.problems == []
"""

from __future__ import annotations

import io
import threading
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.github import changes, events
from tests.github.clock import Clock
from tests.github.faults import Faults
from tests.github.repository import MAIN, Repository
from tests.github.rest import Answer
from tests.github.server import Server
from tests.github.service import Request, Service
from tests.github.state import (
    ACTIONS,
    Artifact,
    Issue,
    IssueComment,
    Pull,
    Review,
    ReviewComment,
    Run,
    Token,
)
from tests.github.world import World

WRITE = {
    "actions": "write",
    "contents": "write",
    "issues": "write",
    "pull-requests": "write",
    "security-events": "write",
}
READ = dict.fromkeys(WRITE, "read")


class FakeGitHub:
    """The server, and what people do on it."""

    def __init__(self, folder: Path) -> None:
        self._world = World(folder)
        self.tokens: dict[str, Token] = {}
        self.token = self.add_token(WRITE)
        self.read_only_token = self.add_token(READ)
        self._service = Service(self._world, self.tokens)
        self._lock = threading.RLock()
        self._server = Server(self.handle)
        self._world.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def __enter__(self) -> FakeGitHub:  # noqa: PYI034
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stops the server."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    # Where it is, and who may come in.

    @property
    def server_url(self) -> str:
        """What a workflow has in GITHUB_SERVER_URL."""
        return self._world.address

    @property
    def api_url(self) -> str:
        """What a workflow has in GITHUB_API_URL: `base_url` for PyGithub."""
        return self._world.api

    @property
    def graphql_url(self) -> str:
        """What a workflow has in GITHUB_GRAPHQL_URL."""
        return f"{self._world.address}/api/graphql"

    @property
    def clone_url(self) -> str:
        """What git clones."""
        return f"{self._world.address}/{self.full_name}.git"

    @property
    def full_name(self) -> str:
        """What a workflow has in GITHUB_REPOSITORY."""
        return self._world.full_name

    def add_token(self, permissions: Mapping[str, str] | None = None, *, login: str = ACTIONS) -> str:
        """A new token of a workflow with these permissions, or of a person if there are none."""
        secret = f"{'ghp' if permissions is None else 'ghs'}_{len(self.tokens):036d}"
        self.tokens[secret] = Token(login, None if permissions is None else dict(permissions))
        return secret

    def token_of(self, login: str) -> str:
        """A token of a person."""
        self._world.user(login)
        return self.add_token(login=login)

    # What happened.

    @property
    def repository(self) -> Repository:
        """The git repository."""
        return self._world.repository

    @property
    def clock(self) -> Clock:
        """The time that GitHub has."""
        return self._world.clock

    @property
    def faults(self) -> Faults:
        """What goes wrong."""
        return self._service.faults

    @property
    def problems(self) -> list[str]:
        """What was against GitHub's description, in requests or answers."""
        return self._service.problems

    @property
    def answered(self) -> list[tuple[str, object]]:
        """Operation and body of each answer of the REST interface that was no refusal."""
        return self._service.answered

    @property
    def requests(self) -> list[Request]:
        """All requests so far."""
        return self._service.requests

    def calls(self, operation: str) -> list[Request]:
        """The requests of one operation, as in `pulls/create-review` or `graphql/minimizeComment`."""
        return [request for request in self.requests if request.operation == operation]

    @property
    def writes(self) -> list[str]:
        """The operations that change something and were not refused, in their order."""
        return [
            request.operation
            for request in self.requests
            if (request.verb != "GET" and request.operation not in ("graphql/query", "git/upload-pack"))
            and request.status is not None
            and request.status < 400
        ]

    @property
    def pulls(self) -> list[Pull]:
        """All pull requests, oldest first."""
        return self._world.pulls

    def pull(self, number: int) -> Pull:
        """A pull request: `.title`, `.body`, `.state`, `.labels`, `.comments`, `.reviews`, `.review_comments`, …"""
        return self._world.pull(number)

    def issue(self, number: int) -> Issue:
        """An issue or pull request."""
        return self._world.issue(number)

    @property
    def sarif(self) -> list[dict[str, object]]:
        """The SARIF files that were uploaded."""
        return self._world.sarif

    # Settings.

    def allow_pull_requests_by_actions(self, *, allowed: bool) -> None:
        """The setting "Allow GitHub Actions to create and approve pull requests"."""
        self._world.actions_may_open_pull_requests = allowed

    def grant(self, login: str, level: str) -> None:
        """Makes someone a collaborator: `read`, `write` or `admin`."""
        self._world.user(login)
        self._world.levels[login] = level

    def leave_out_patch(self, *paths: str) -> None:
        """Lists files without their patch, as GitHub does where that is too large."""
        self._world.without_patch.update(paths)

    # What people do.

    def open_pull_request(
        self,
        head: str,
        base: str = MAIN,
        *,
        title: str = "A change",
        body: str | None = None,
        author: str = "alice",
        draft: bool = False,
    ) -> Pull:
        """Opens a pull request from a branch, or from a fork: `mallory:patch`."""
        with self._lock:
            world = self._world
            world.user(author)
            return changes.open_pull(world, head, base, title=title, body=body, author=author, draft=draft)

    def open_issue(self, title: str = "A question", body: str = "", author: str = "bob") -> Issue:
        """Opens an issue."""
        with self._lock:
            return changes.open_issue(self._world, title, body, author)

    def push(
        self,
        branch: str,
        files: Mapping[str, str | bytes | None],
        message: str = "More",
        *,
        author: str = "alice",
        fork: str | None = None,
    ) -> str:
        """Pushes one more commit to a branch; pull requests from it follow. The SHA comes back."""
        with self._lock:
            self._world.user(author)
            return self.repository.commit(files, message, branch, author=author, fork=fork)

    def force_push(self, branch: str, sha: str) -> None:
        """Moves a branch anywhere."""
        with self._lock:
            self.repository.git("update-ref", f"refs/heads/{branch}", sha)
            self._world.catch_up()

    def delete_branch(self, branch: str) -> None:
        """Deletes a branch; pull requests from it close."""
        with self._lock:
            self.repository.git("update-ref", "-d", f"refs/heads/{branch}")
            self._world.catch_up()

    def merge(self, number: int, by: str = "alice") -> str:
        """Merges a pull request; the SHA of the merge comes back."""
        with self._lock:
            pull = self._world.pull(number)
            pull.merged_at, pull.merged_by = self.clock.tick(), by
            self._world.close(pull, by)
            sha = str(pull.merge_commit_sha)
            self.repository.git("update-ref", f"refs/heads/{pull.base_ref}", sha)
            self._world.catch_up()
            return sha

    def close_pull_request(self, number: int, by: str = "alice") -> None:
        """Closes a pull request."""
        with self._lock:
            self._world.close(self._world.pull(number), by)

    def reopen_pull_request(self, number: int) -> None:
        """Opens a pull request again."""
        with self._lock:
            self._world.reopen(self._world.pull(number))

    def lock(self, number: int, *, locked: bool = True) -> None:
        """Locks a conversation: only collaborators may write to it."""
        self._world.issue(number).locked = locked

    def comment(self, number: int, body: str, author: str = "bob") -> IssueComment:
        """Writes to the conversation."""
        with self._lock:
            self._world.user(author)
            return changes.comment(self._world, self._world.issue(number), body, author)

    def edit_comment(self, comment: IssueComment | ReviewComment, body: str) -> None:
        """Gives a comment another text."""
        with self._lock:
            changes.edit(self._world, comment, body)

    def edit_pull_request(self, number: int, **fields: Any) -> None:
        """Changes `title=`, `body=` or `labels=`."""
        with self._lock:
            pull = self._world.pull(number)
            for name, value in fields.items():
                setattr(pull, name, value)
            pull.updated_at = self.clock.tick()

    def delete_comment(self, comment: IssueComment | ReviewComment) -> None:
        """Deletes a comment."""
        with self._lock:
            if isinstance(comment, IssueComment):
                self._world.issue_comment(comment.id)[0].comments.remove(comment)
            else:
                self._world.review_comment(comment.id)[0].review_comments.remove(comment)

    def review(
        self,
        number: int,
        *comments: Mapping[str, Any],
        body: str = "",
        event: str = "COMMENT",
        author: str = "bob",
    ) -> Review:
        """Reviews a pull request; comments are as in the REST interface (`path`, `line`, `body`, …)."""
        with self._lock:
            pull = self._world.pull(number)
            self._world.user(author)
            return changes.review(self._world, pull, author, body=body, event=event, comments=comments)

    def reply(self, to: ReviewComment, body: str, author: str = "alice") -> ReviewComment:
        """Answers in a conversation beside the code."""
        with self._lock:
            pull, _ = self._world.review_comment(to.id)
            self._world.user(author)
            return changes.reply(self._world, pull, to, body, author)

    def resolve(self, comment: ReviewComment, by: str = "alice") -> None:
        """Marks a conversation beside the code as done."""
        comment.thread.is_resolved, comment.thread.resolved_by = True, by

    def line_of(self, comment: ReviewComment) -> int | None:
        """The line that a comment stands on now; nothing if the line was changed since."""
        with self._lock:
            pull, _ = self._world.review_comment(comment.id)
            return self._world.current(pull, comment, comment.line, comment.side)

    def add_run(
        self,
        number: int,
        artifacts: Mapping[str, Mapping[str, str | bytes] | bytes] | None = None,
        **fields: Any,
    ) -> Run:
        """A finished run of a workflow for a pull request.

        Each artifact is files by name, or the bytes of an archive. As on GitHub, a run for a pull request from a
        fork doesn't say which pull request that is.
        """
        with self._lock:
            pull = self._world.pull(number)
            known = [number] if pull.head_owner == self._world.owner else []
            run = Run(
                next(self._world.ids),
                "pull_request",
                pull.head_owner,
                pull.head_ref,
                pull.head_sha,
                known,
                self.clock.tick(),
                actor=pull.author,
            )
            for name, value in fields.items():
                setattr(run, name, value)
            for name, content in (artifacts or {}).items():
                archive = content if isinstance(content, bytes) else _zip(content)
                run.artifacts.append(Artifact(next(self._world.ids), run.id, name, archive, self.clock.now()))
            self._world.runs[run.id] = run
            return run

    def event(self, name: str, **about: Any) -> dict[str, Any]:
        """The payload of an event, as a workflow finds it in GITHUB_EVENT_PATH; see `tests.github.events`."""
        with self._lock:
            return events.payload(self._world, name, **about)

    # The server's side.

    def handle(self, verb: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        """The answer to a request; nothing if the connection is to be cut."""
        with self._lock:
            try:
                answer, fault = self._service.answer(verb, target, headers, body)
            except Exception as error:
                self.problems.append(f"{verb} {target}: the fake itself failed: {error!r}")
                raise
        if fault is not None and fault.seconds:
            time.sleep(fault.seconds)
        return answer


def _zip(files: Mapping[str, str | bytes]) -> bytes:
    """An archive with these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()
