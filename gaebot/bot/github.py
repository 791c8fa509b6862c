"""GitHub as the bot's code host, through PyGithub. Nothing else imports that.

How often something is tried is decided here, not by PyGithub, which repeats POSTs that the server may have
taken (a comment would stand there twice) and never repeats PATCHes. What only reads, or can be repeated
without harm, is tried again after an error of the server; what makes something is tried once. A limit is
waited for, as nothing was done then, but not longer than configured in all.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import requests
from github import Auth, Github, GithubException
from github.GithubException import BadCredentialsException
from github.InputGitTreeElement import InputGitTreeElement
from github.PullRequest import PullRequest as GithubPullRequest
from github.Repository import Repository

from gaebot.bot.forge import (
    ChangedFile,
    Comment,
    Commit,
    ForbiddenError,
    ForgeError,
    LimitError,
    LineComment,
    MissingError,
    NewCommit,
    PullRequest,
    RefusedError,
    Thread,
    UnreachableError,
    WorkflowRun,
)

T = TypeVar("T")

MOST_SECONDS_FOR_LIMITS = 120.0
"""How long a run waits for limits of GitHub in all, by default."""

_TRIES = 3
_SECONDS_BETWEEN_TRIES = 2.0
_SECONDS_FOR_A_LIMIT = 60.0  # where GitHub does not say how long
_PER_PAGE = 100
_MOST_LETTERS = 500  # of what GitHub says about an error
_SYMLINK = "120000"

_THREADS = """
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id isResolved path line
          comments(first: 100) { nodes { databaseId body author { login __typename } } }
        }
      }
    }
  }
}
"""
_RESOLVE = "mutation($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { id } } }"
_VIEWER = "query { viewer { login __typename } }"
_BOT = "[bot]"


class GitHub:
    """A repository on GitHub: `gaebot.bot.forge.Forge`.

    `repository` is 'owner/name', `api_url` what GITHUB_API_URL says. `pause` waits so many seconds.
    """

    def __init__(
        self,
        token: str,
        repository: str,
        api_url: str = "https://api.github.com",
        *,
        seconds_for_limits: float = MOST_SECONDS_FOR_LIMITS,
        seconds_between_writes: float = 1.0,
        seconds_between_requests: float = 0.05,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._github = Github(
            auth=Auth.Token(token),
            base_url=api_url.rstrip("/"),
            per_page=_PER_PAGE,
            retry=None,
            timeout=30,
            seconds_between_writes=seconds_between_writes,
            seconds_between_requests=seconds_between_requests,
            lazy=True,
        )
        self.repository = repository
        self._seconds_left = seconds_for_limits
        self._pause = pause
        self._repository: Repository = self._github.get_repo(repository)

    # -- who and where -------------------------------------------------------------------------

    def me(self) -> str:
        """The login under which comments are written.

        The token of a workflow is told it by GraphQL only; where a server has none of that, the rest knows.
        """
        try:
            return _login(self._graphql(_VIEWER, {})["viewer"])
        except MissingError:
            return self._read(lambda: str(self._github.get_user().login))

    def default_branch(self) -> str:
        """The branch that pull requests go to."""
        return self._read(lambda: str(self._repository.default_branch))

    # -- pull requests -------------------------------------------------------------------------

    def pull_request(self, number: int) -> PullRequest:
        """A pull request."""
        return self._read(lambda: _pull_request(self._repository.get_pull(number)))

    def pull_requests(self, *, head: str = "", state: str = "open") -> tuple[PullRequest, ...]:
        """The pull requests from a branch of this repository, or all."""
        owner = self.repository.partition("/")[0]

        def read() -> tuple[PullRequest, ...]:
            given = {"head": f"{owner}:{head}"} if head else {}
            return tuple(map(_pull_request, self._repository.get_pulls(state=state, **given)))

        return self._read(read)

    def changed_files(self, number: int) -> tuple[ChangedFile, ...]:
        """The files of a pull request; GitHub tells 3,000 at most."""
        return self._read(
            lambda: tuple(
                ChangedFile(file.filename, file.status, file.patch, file.previous_filename or "")
                for file in self._pull(number).get_files()
            )
        )

    def threads(self, number: int) -> tuple[Thread, ...]:
        """The threads in its diff."""
        owner, _, name = self.repository.partition("/")
        found: list[Thread] = []
        after: str | None = None
        while True:
            variables = {"owner": owner, "name": name, "number": number, "after": after}
            data = self._graphql(_THREADS, variables)["repository"]["pullRequest"]
            if data is None:
                raise MissingError(f"There is no pull request {number}.")
            page = data["reviewThreads"]
            found += map(_thread, page["nodes"])
            if not page["pageInfo"]["hasNextPage"]:
                return tuple(found)
            after = page["pageInfo"]["endCursor"]

    def comments(self, number: int) -> tuple[Comment, ...]:
        """The comments on it as a whole."""
        return self._read(
            lambda: tuple(_comment(comment.raw_data) for comment in self._pull(number).get_issue_comments())
        )

    def post_review(self, number: int, sha: str, body: str, comments: Sequence[LineComment]) -> str:
        """Review a commit of it, all comments or none; the address of the review."""
        given = [_line_comment(comment) for comment in comments]

        def post() -> str:
            commit = self._repository.get_commit(sha)
            review = self._pull(number).create_review(
                commit=commit,
                body=body,
                event="COMMENT",
                comments=given,  # type: ignore[arg-type]  # its type asks for fields that GitHub does not
            )
            return str(review.html_url)

        return self._make(post)

    def reply(self, number: int, comment: int, body: str) -> None:
        """Answer a comment of a thread."""
        self._make(lambda: self._pull(number).create_review_comment_reply(comment, body))

    def resolve(self, thread: str) -> None:
        """Mark a thread as resolved."""
        self._graphql(_RESOLVE, {"id": thread})

    def post_comment(self, number: int, body: str) -> Comment:
        """Comment on it as a whole."""
        return _comment(self._make(lambda: self._pull(number).create_issue_comment(body).raw_data))

    def edit_comment(self, comment: int, body: str) -> None:
        """Give a comment another text."""
        url = f"/repos/{self.repository}/issues/comments/{comment}"
        self._repeatable(lambda: self._request("PATCH", url, {"body": body}))

    def permission(self, login: str) -> str:
        """What somebody may do in the repository."""
        return self._read(lambda: str(self._repository.get_collaborator_permission(login)))

    # -- branches and commits --------------------------------------------------------------------

    def file(self, path: str, ref: str) -> bytes | None:
        """The content of a file at a commit or branch, None where there is none."""

        def read() -> bytes | None:
            found = self._repository.get_contents(path, ref=ref)
            if isinstance(found, list) or found.type != "file":
                return None
            if found.encoding == "base64":
                return found.decoded_content
            blob = self._repository.get_git_blob(found.sha)  # more than a megabyte
            return base64.b64decode(blob.content)

        return self._or_none(read)

    def blobs(self, paths: Sequence[str], ref: str) -> Mapping[str, str]:
        """What git calls the contents of some files at a commit or branch, of those that are there."""
        wanted = frozenset(paths)

        def read() -> dict[str, str]:
            tree = self._repository.get_commit(ref).commit.tree.sha
            elements = self._repository.get_git_tree(tree, recursive=True).tree
            return {element.path: element.sha for element in elements if element.path in wanted}

        return self._read(read)

    def branches(self, prefix: str) -> Mapping[str, str]:
        """The branches whose names begin so, with the commits that they point at."""
        head = "refs/heads/"
        url = f"/repos/{self.repository}/git/matching-refs/heads/{prefix}"  # tells all at once, without pages

        def read() -> dict[str, str]:
            _, found = self._github.requester.requestJsonAndCheck("GET", url)
            refs: list[dict[str, Any]] = list(found)
            return {str(ref["ref"]).removeprefix(head): str(ref["object"]["sha"]) for ref in refs}

        return self._read(read)

    def branch(self, name: str) -> str | None:
        """The commit that a branch points at, None where there is none."""
        return self._or_none(lambda: str(self._repository.get_git_ref(f"heads/{name}").object.sha))

    def commits(self, base: str, head: str) -> tuple[Commit, ...]:
        """The commits that are in `head` and not in `base`, oldest first."""
        return self._read(
            lambda: tuple(
                _commit(commit.raw_data) for commit in self._repository.compare(base, head).get_commits()
            )
        )

    def commit(self, sha: str) -> Commit:
        """A commit."""
        return self._read(lambda: _commit(self._repository.get_commit(sha).raw_data))

    def make_commits(self, parent: str, commits: Sequence[NewCommit]) -> str:
        """Make commits on top of one, each on the one before; the last one's name.

        Without an author of their own, GitHub signs them.
        """
        sha = parent
        tree = self._read(lambda: self._repository.get_git_commit(parent).tree.sha)
        modes = self._modes(tree)
        for commit in commits:
            elements = [self._element(path, data, modes) for path, data in sorted(commit.changes.items())]
            sha, tree = self._make_commit(sha, tree, elements, commit.message)
        return sha

    def _make_commit(
        self, parent: str, tree: str, elements: list[InputGitTreeElement], message: str
    ) -> tuple[str, str]:
        def make() -> tuple[str, str]:
            made = self._repository.create_git_tree(elements, self._repository.get_git_tree(tree))
            before = self._repository.get_git_commit(parent)
            return str(self._repository.create_git_commit(message, made, [before]).sha), str(made.sha)

        return self._repeatable(make)  # objects that are made twice are the same, or nobody's

    def _modes(self, tree: str) -> dict[str, str]:
        return self._read(
            lambda: {
                element.path: element.mode
                for element in self._repository.get_git_tree(tree, recursive=True).tree
            }
        )

    def _element(self, path: str, data: bytes | None, modes: Mapping[str, str]) -> InputGitTreeElement:
        mode = modes.get(path, "100644")
        if mode == _SYMLINK:
            raise RefusedError(f"{path} is a symbolic link, which is not written through.")
        if data is None:
            return InputGitTreeElement(path, mode, "blob", sha=None)
        try:
            return InputGitTreeElement(path, mode, "blob", content=data.decode())
        except UnicodeDecodeError:
            text = base64.b64encode(data).decode("ascii")
            blob = self._repeatable(lambda: self._repository.create_git_blob(text, "base64"))
            return InputGitTreeElement(path, mode, "blob", sha=blob.sha)

    def create_branch(self, name: str, sha: str) -> None:
        """Make a branch. Raises `RefusedError` where it is there already."""
        self._make(lambda: self._repository.create_git_ref(f"refs/heads/{name}", sha))

    def move_branch(self, name: str, sha: str, *, expected: str) -> None:
        """Let a branch that points at `expected` point elsewhere. Raises `RefusedError` where it does not.

        GitHub compares only where the move is a fast forward; else we look right before it.
        """
        if self.branch(name) != expected:
            raise RefusedError(f"The branch {name} has moved.")
        is_forward = self._read(lambda: self._repository.compare(expected, sha).behind_by == 0)
        url = f"/repos/{self.repository}/git/refs/heads/{name}"
        self._repeatable(lambda: self._request("PATCH", url, {"sha": sha, "force": not is_forward}))

    def delete_branch(self, name: str) -> None:
        """Take a branch away. One that is gone already is no error."""
        url = f"/repos/{self.repository}/git/refs/heads/{name}"
        try:
            self._repeatable(lambda: self._request("DELETE", url, None))
        except (MissingError, RefusedError):
            if self.branch(name) is not None:
                raise

    def open_pull_request(self, title: str, body: str, *, head: str, base: str, draft: bool) -> PullRequest:
        """Open a pull request."""
        return self._make(
            lambda: _pull_request(
                self._repository.create_pull(base, head, title=title, body=body, draft=draft)
            )
        )

    def edit_pull_request(self, number: int, *, title: str, body: str) -> None:
        """Give a pull request another title and text."""
        self._repeatable(lambda: self._pull(number).edit(title=title, body=body))

    def close_pull_request(self, number: int) -> None:
        """Close a pull request."""
        self._repeatable(lambda: self._pull(number).edit(state="closed"))

    def add_labels(self, number: int, labels: Sequence[str]) -> None:
        """Label a pull request."""
        if labels:
            self._repeatable(lambda: self._pull(number).as_issue().add_to_labels(*labels))

    def request_reviewers(self, number: int, reviewers: Sequence[str]) -> None:
        """Ask people for a review; 'team/NAME' asks a team."""
        teams = [name.removeprefix("team/") for name in reviewers if name.startswith("team/")]
        people = [name for name in reviewers if not name.startswith("team/")]
        if reviewers:
            self._repeatable(
                lambda: self._pull(number).create_review_request(reviewers=people, team_reviewers=teams)
            )

    # -- runs of other workflows -------------------------------------------------------------------

    def run(self, number: int) -> WorkflowRun:
        """A run of a workflow."""

        def read() -> WorkflowRun:
            data = self._repository.get_workflow_run(number).raw_data
            head = (data.get("head_repository") or {}).get("full_name") or ""
            return WorkflowRun(
                int(data["id"]),
                str(data["event"]),
                head,
                str(data["head_branch"] or ""),
                str(data["head_sha"]),
            )

        return self._read(read)

    def artifact(self, run: int, name: str, most_bytes: int) -> bytes | None:
        """The archive of an artifact of a run, None for none. Raises `RefusedError` where it is larger."""

        def read() -> bytes | None:
            for artifact in self._repository.get_workflow_run(run).get_artifacts():
                if artifact.name == name and not artifact.expired:
                    if artifact.size_in_bytes > most_bytes:
                        raise RefusedError(f"The artifact {name} is larger than {most_bytes:,} bytes.")
                    return self._download(str(artifact.archive_download_url), most_bytes)
            return None

        return self._read(read)

    def _download(self, url: str, most_bytes: int) -> bytes:
        """What stands at an address of GitHub, which leads on to a store that must not see the token."""
        token = self._github.requester.auth.token if self._github.requester.auth is not None else ""
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
        with requests.get(url, headers=headers, timeout=60, stream=True) as answer:
            if not answer.ok:
                raise MissingError(f"The artifact can't be had ({answer.status_code}).")
            data = answer.raw.read(most_bytes + 1, decode_content=True)
        if len(data) > most_bytes:
            raise RefusedError(f"The artifact is larger than {most_bytes:,} bytes.")
        return bytes(data)

    # -- calls ---------------------------------------------------------------------------------

    def _pull(self, number: int) -> GithubPullRequest:
        """A pull request that is not asked for: only what is done with it is a call."""
        return self._repository.get_pull(number)

    def _request(self, verb: str, url: str, body: Mapping[str, Any] | None) -> object:
        return self._github.requester.requestJsonAndCheck(
            verb, url, input=dict(body) if body is not None else None
        )

    def _graphql(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        def ask() -> dict[str, Any]:
            _, answer = self._github.requester.graphql_query(query, dict(variables))
            return dict(answer["data"])

        return self._repeatable(ask)

    def _or_none(self, call: Callable[[], T | None]) -> T | None:
        try:
            return self._read(call)
        except MissingError:
            return None

    def _read(self, call: Callable[[], T]) -> T:
        return self._repeatable(call)

    def _repeatable(self, call: Callable[[], T]) -> T:
        """Make a call that may be made twice; again after an error of the server."""
        for number in range(1, _TRIES):
            try:
                return self._make(call)
            except UnreachableError:
                self._pause(_SECONDS_BETWEEN_TRIES * number)
        return self._make(call)

    def _make(self, call: Callable[[], T]) -> T:
        """Make a call once, and again only where a limit kept it from being made."""
        while True:
            try:
                return call()
            except GithubException as error:
                seconds = _seconds_to_wait(error)
                if seconds is None:
                    raise _translated(error) from error
                if seconds > self._seconds_left:
                    raise LimitError(_said(error)) from error
                self._seconds_left -= seconds
                self._pause(seconds)
            except requests.RequestException as error:
                raise UnreachableError(f"GitHub can't be reached: {type(error).__name__}.") from error


# -- from GitHub's shapes to ours --------------------------------------------------------------


def _pull_request(pull: GithubPullRequest) -> PullRequest:
    data = pull.raw_data
    head, base = data["head"], data["base"]
    return PullRequest(
        number=int(data["number"]),
        title=str(data["title"] or ""),
        body=str(data["body"] or ""),
        is_open=data["state"] == "open",
        is_merged=bool(data.get("merged_at")),
        is_locked=bool(data.get("locked")),
        author=str((data.get("user") or {}).get("login") or ""),
        head_ref=str(head["ref"]),
        head_sha=str(head["sha"]),
        head_repository=str((head.get("repo") or {}).get("full_name") or ""),
        base_ref=str(base["ref"]),
        base_sha=str(base["sha"]),
        labels=tuple(str(label["name"]) for label in data.get("labels", ())),
        url=str(data.get("html_url") or ""),
    )


def _comment(data: Mapping[str, Any]) -> Comment:
    author = str((data.get("user") or {}).get("login") or "")  # somebody who is gone has no account
    return Comment(int(data["id"]), author, str(data.get("body") or ""))


def _thread(node: Mapping[str, Any]) -> Thread:
    comments = (
        Comment(int(each["databaseId"]), _login(each["author"] or {}), str(each["body"]))
        for each in node["comments"]["nodes"]
    )
    return Thread(str(node["id"]), bool(node["isResolved"]), str(node["path"]), node["line"], tuple(comments))


def _login(account: Mapping[str, Any]) -> str:
    """The login of an account as the REST interface has it: GraphQL leaves `[bot]` out of authors."""
    login = str(account.get("login") or "")
    is_bot = account.get("__typename") == "Bot" and not login.endswith(_BOT)
    return f"{login}{_BOT}" if is_bot else login


def _commit(data: Mapping[str, Any]) -> Commit:
    inner = data["commit"]
    return Commit(
        sha=str(data["sha"]),
        tree=str(inner["tree"]["sha"]),
        parents=tuple(str(parent["sha"]) for parent in data["parents"]),
        message=str(inner["message"]),
        author=_who(data.get("author"), inner.get("author")),
        committer=_who(data.get("committer"), inner.get("committer")),
    )


def _who(account: Mapping[str, Any] | None, signature: Mapping[str, Any] | None) -> str:
    if account and account.get("login"):
        return str(account["login"])
    return str((signature or {}).get("email") or "")


def _line_comment(comment: LineComment) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "path": comment.path,
        "line": comment.line,
        "side": "RIGHT",
        "body": comment.body,
    }
    if comment.start_line is not None and comment.start_line != comment.line:
        shape |= {"start_line": comment.start_line, "start_side": "RIGHT"}
    return shape


# -- errors ----------------------------------------------------------------------------------


def _seconds_to_wait(error: GithubException) -> float | None:
    """How long to wait before a call is made again that a limit has refused; None for other errors."""
    if error.status not in {403, 429}:
        return None
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if "retry-after" in headers:
        return float(headers["retry-after"])
    if headers.get("x-ratelimit-remaining") == "0" and headers.get("x-ratelimit-reset"):
        return max(1.0, float(headers["x-ratelimit-reset"]) - time.time())
    is_limit = error.status == 429 or "rate limit" in _said(error).lower()
    return _SECONDS_FOR_A_LIMIT if is_limit else None


def _translated(error: GithubException) -> ForgeError:
    text = _said(error)
    kinds = {str(each.get("type")) for each in _errors(error) if isinstance(each, dict)}
    is_forbidden = isinstance(error, BadCredentialsException) or error.status in {401, 403, 451}
    if is_forbidden or kinds & {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
        return ForbiddenError(text)
    if error.status in {404, 410}:
        return MissingError(text)
    if error.status >= 500:
        return UnreachableError(text)
    return RefusedError(text)


def _said(error: GithubException) -> str:
    """What GitHub says of an error, in one line."""
    data = error.data if isinstance(error.data, dict) else {}
    parts = [str(data.get("message") or error.message or ""), *_details(_errors(error))]
    return " ".join(" ".join(filter(None, parts)).split())[:_MOST_LETTERS] or f"status {error.status}"


def _errors(error: GithubException) -> list[object]:
    """What GitHub lists as errors, be it of its REST interface or of GraphQL."""
    errors = error.data.get("errors") if isinstance(error.data, dict) else None
    return errors if isinstance(errors, list) else []


def _details(errors: Iterable[object]) -> Iterable[str]:
    for each in errors:
        yield str(each.get("message") or each.get("code") or "") if isinstance(each, dict) else str(each)
