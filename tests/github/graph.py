"""The GraphQL interface: GitHub's own schema, cut, with answers from the state."""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import graphql

from tests.github import bodies
from tests.github.refusal import NO_ACCESS
from tests.github.repository import person
from tests.github.state import Comment, Issue, IssueComment, Pull, ReviewComment, Thread, Token
from tests.github.world import World

_FILE = Path(__file__).parent / "spec" / "schema.graphql"

# What a token of a workflow needs. That a conversation is resolved only by who may write contents looks odd, but
# is what GitHub does: https://github.com/orgs/community/discussions/44650
_NEEDS = {
    "createCommitOnBranch": ("contents: write",),
    "minimizeComment": ("issues: write", "pull-requests: write"),
    "unminimizeComment": ("issues: write", "pull-requests: write"),
    "resolveReviewThread": ("contents: write",),
    "unresolveReviewThread": ("contents: write",),
}


class _RefusedError(Exception):
    """An error with a type, as GitHub tells them."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@functools.cache
def schema() -> graphql.GraphQLSchema:
    """The schema in the folder `spec`."""
    return graphql.build_schema(_FILE.read_text(encoding="utf-8"))


def operation(document: str) -> str:
    """What a document does, in the way of the names of operations: `graphql/query`, or its first mutation."""
    try:
        first = graphql.parse(document).definitions[0]
    except graphql.GraphQLError:
        return "graphql/query"
    if getattr(first, "operation", None) is not graphql.OperationType.MUTATION:
        return "graphql/query"
    return f"graphql/{first.selection_set.selections[0].name.value}"


def answer(
    world: World, token: Token, document: str, variables: dict[str, Any] | None
) -> tuple[dict[str, Any], list[str]]:
    """The answer to a document, and what in it is against the schema."""
    try:
        parsed = graphql.parse(document)
    except graphql.GraphQLError as error:
        return {"errors": [{"message": error.message}]}, [f"graphql: {error.message}"]
    wrong = graphql.validate(schema(), parsed)
    if wrong:
        messages = [error.message for error in wrong]
        return {"errors": [{"message": message} for message in messages]}, [f"graphql: {m}" for m in messages]
    result = graphql.execute(schema(), parsed, _Root(world, token), variable_values=variables)
    body: dict[str, Any] = {"data": result.data}
    problems = []
    if result.errors:
        body["errors"] = [_error(each) for each in result.errors]
        unexpected = [each for each in result.errors if not isinstance(each.original_error, _RefusedError)]
        problems = [f"graphql: {each.message}" for each in unexpected]
    return body, problems


def _error(error: graphql.GraphQLError) -> dict[str, Any]:
    """An error as GitHub tells it."""
    told: dict[str, Any] = {"message": error.message}
    if isinstance(error.original_error, _RefusedError):
        told["type"] = error.original_error.kind
    if error.path:
        told["path"] = list(error.path)
    if error.locations:
        told["locations"] = [{"line": each.line, "column": each.column} for each in error.locations]
    return told


class _Root:
    """The beginning of a query or mutation: a method for each field."""

    def __init__(self, world: World, token: Token) -> None:
        self.world = world
        self.token = token

    def viewer(self, _info) -> dict[str, Any]:
        """Who asks."""
        return {"__typename": "User", **self._account(self.token.login), "login": self.token.login}

    def repository(self, _info, owner: str, name: str, **_) -> dict[str, Any]:
        """The repository."""
        if f"{owner}/{name}" != self.world.full_name:
            message = f"Could not resolve to a Repository with the name '{owner}/{name}'."
            raise _RefusedError("NOT_FOUND", message)
        return {
            "id": f"R_{owner}",
            "name": name,
            "nameWithOwner": self.world.full_name,
            "pullRequest": lambda _info, number: self._pull_numbered(number),
        }

    def node(self, _info, id: str) -> dict[str, Any]:  # noqa: A002
        """What has a global name."""
        found = self._found(id)
        if isinstance(found, Pull):
            return self._pull(found)
        if isinstance(found, Thread):
            return self._thread(found)
        return self._comment(found)

    def resolveReviewThread(self, _info, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002, N802
        """Marks a conversation as done."""
        self._check("resolveReviewThread")
        thread = self._found(input["threadId"], Thread)
        thread.is_resolved, thread.resolved_by = True, self.token.login
        return {"thread": self._thread(thread), "clientMutationId": input.get("clientMutationId")}

    def unresolveReviewThread(self, _info, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002, N802
        """Takes that back."""
        self._check("unresolveReviewThread")
        thread = self._found(input["threadId"], Thread)
        thread.is_resolved, thread.resolved_by = False, None
        return {"thread": self._thread(thread), "clientMutationId": input.get("clientMutationId")}

    def minimizeComment(self, _info, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002, N802
        """Hides a comment for a reason."""
        self._check("minimizeComment")
        comment = self._found(input["subjectId"], Comment)
        comment.minimized = input["classifier"].lower().replace("_", "-")
        return {
            "minimizedComment": self._comment(comment),
            "clientMutationId": input.get("clientMutationId"),
        }

    def unminimizeComment(self, _info, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002, N802
        """Shows a hidden comment again."""
        self._check("unminimizeComment")
        comment = self._found(input["subjectId"], Comment)
        comment.minimized = None
        return {
            "unminimizedComment": self._comment(comment),
            "clientMutationId": input.get("clientMutationId"),
        }

    def createCommitOnBranch(self, _info, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002, N802
        """Commits files onto a branch that is where the caller believes it to be. Modes get lost."""
        self._check("createCommitOnBranch")
        git, branch = self.world.repository, input["branch"].get("branchName", "")
        name = f"refs/heads/{branch.removeprefix('refs/heads/')}"
        head = git.ref(name)
        if head is None or input["branch"].get("repositoryNameWithOwner") != self.world.full_name:
            raise _RefusedError("NOT_FOUND", f"Could not resolve to a Ref with the name '{branch}'.")
        if head != input["expectedHeadOid"]:
            expected = input["expectedHeadOid"]
            message = f'Expected branch to point to "{expected}" but it did not. Pull and try again.'
            raise _RefusedError("STALE_DATA", message)
        entries = _entries(self.world, input.get("fileChanges") or {})
        touches_workflows = any(path.startswith(".github/workflows/") for path, _, _ in entries)
        if touches_workflows and not self.token.may("workflows: write"):
            raise _RefusedError("FORBIDDEN", NO_ACCESS)
        words = input["message"]
        message = "\n\n".join(part for part in (words["headline"], words.get("body")) if part)
        own, web = person(self.token.login), ("GitHub", "noreply@github.com")
        tree = git.add_tree(f"{head}^{{tree}}", entries)
        sha = git.add_commit(tree, [head], message, author=own, committer=web)
        git.git("update-ref", name, sha)
        self.world.signed.add(sha)
        self.world.catch_up()
        url = bodies.git_commit(self.world, sha)["html_url"]
        return {
            "commit": {"__typename": "Commit", "id": f"C_{sha}", "oid": sha, "message": message, "url": url},
            "ref": {"__typename": "Ref", "id": f"REF_{name}", "name": name[11:], "prefix": "refs/heads/"},
            "clientMutationId": input.get("clientMutationId"),
        }

    def _check(self, mutation: str) -> None:
        """Refuses who lacks the permission."""
        needs = _NEEDS[mutation]
        person_without = self.token.permissions is None and self.world.level(self.token.login) == "read"
        if person_without or not any(self.token.may(need) for need in needs):
            raise _RefusedError("FORBIDDEN", NO_ACCESS)

    def _found(self, name: str, kind: type = object) -> Any:
        """What has this global name, if it is of the kind."""
        for pull in self.world.pulls:
            for each in (pull, *pull.threads, *pull.review_comments):
                if each.node == name and isinstance(each, kind):
                    return each
        for issue in self.world.issues.values():
            for comment in issue.comments:
                if comment.node == name and isinstance(comment, kind):
                    return comment
        raise _RefusedError("NOT_FOUND", f"Could not resolve to a node with the global id of '{name}'.")

    def _account(self, login: str) -> dict[str, Any]:
        """A user or an app; GraphQL names apps without `[bot]`."""
        user = self.world.user(login)
        return {
            "__typename": user.type,
            "id": f"U_{user.id}",
            "login": login.removesuffix("[bot]"),
            "url": bodies.user(self.world, user)["html_url"],
        }

    def _pull_numbered(self, number: int) -> dict[str, Any]:
        """A pull request of the repository."""
        found = self.world.issues.get(number)
        if not isinstance(found, Pull):
            message = f"Could not resolve to a PullRequest with the number of {number}."
            raise _RefusedError("NOT_FOUND", message)
        return self._pull(found)

    def _pull(self, pull: Pull) -> dict[str, Any]:
        """A pull request."""
        return {
            "__typename": "PullRequest",
            "id": pull.node,
            "author": self._account(pull.author),
            "baseRefName": pull.base_ref,
            "body": pull.body or "",
            "closed": pull.state == "closed",
            "comments": _connection("comments", pull.comments, self._comment),
            "headRefName": pull.head_ref,
            "headRefOid": pull.head_sha,
            "isDraft": pull.draft,
            "locked": pull.locked,
            "merged": pull.merged_at is not None,
            "number": pull.number,
            "reviewThreads": _connection("reviewThreads", pull.threads, self._thread),
            "state": "MERGED" if pull.merged_at else pull.state.upper(),
            "title": pull.title,
            "url": bodies.pull(self.world, pull)["html_url"],
        }

    def _thread(self, thread: Thread) -> dict[str, Any]:
        """A conversation beside the code."""
        pull, first = next(
            (pull, comment)
            for pull in self.world.pulls
            for comment in pull.review_comments
            if comment.thread is thread
        )
        comments = [each for each in pull.review_comments if each.thread is thread]
        line = self.world.current(pull, first, first.line, first.side)
        return {
            "__typename": "PullRequestReviewThread",
            "id": thread.node,
            "comments": _connection("comments", comments, self._comment),
            "diffSide": first.side,
            "isCollapsed": thread.is_resolved,
            "isOutdated": first.subject_type == "line" and line is None,
            "isResolved": thread.is_resolved,
            "line": line,
            "originalLine": first.line,
            "path": first.path,
            "pullRequest": lambda _info: self._pull(pull),
            "resolvedBy": self._account(thread.resolved_by) if thread.resolved_by else None,
            "startLine": self.world.current(pull, first, first.start_line, first.start_side),
            "subjectType": first.subject_type.upper(),
            "viewerCanReply": self.token.may("pull-requests: write"),
            "viewerCanResolve": not thread.is_resolved and self.token.may("contents: write"),
            "viewerCanUnresolve": thread.is_resolved and self.token.may("contents: write"),
        }

    def _comment(self, comment: IssueComment | ReviewComment) -> dict[str, Any]:
        """A comment of either kind."""
        shown = {
            "id": comment.node,
            "author": self._account(comment.author),
            "authorAssociation": self.world.association(comment.author),
            "body": comment.body,
            "createdAt": comment.created_at,
            "databaseId": comment.id,
            "fullDatabaseId": str(comment.id),
            "isMinimized": comment.minimized is not None,
            "minimizedReason": comment.minimized,
            "updatedAt": comment.updated_at,
            "viewerDidAuthor": comment.author == self.token.login,
        }
        if isinstance(comment, IssueComment):
            issue: Issue
            issue, _ = self.world.issue_comment(comment.id)
            url = bodies.issue_comment(self.world, issue, comment)["html_url"]
            return {"__typename": "IssueComment", **shown, "url": url}
        pull, _ = self.world.review_comment(comment.id)
        line = self.world.current(pull, comment, comment.line, comment.side)
        return {
            "__typename": "PullRequestReviewComment",
            **shown,
            "url": bodies.review_comment(self.world, pull, comment)["html_url"],
            "diffHunk": comment.diff_hunk,
            "outdated": comment.subject_type == "line" and line is None,
            "path": comment.path,
            "replyTo": lambda _info: self._reply_to(comment),
        }

    def _reply_to(self, comment: ReviewComment) -> dict[str, Any] | None:
        """What a comment answers."""
        if comment.in_reply_to is None:
            return None
        return self._comment(self.world.review_comment(comment.in_reply_to)[1])


def _entries(world: World, changed: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """The entries of a tree that files of a mutation are: those taken away, and those with new contents."""
    return [(each["path"], "100644", None) for each in changed.get("deletions", ())] + [
        (each["path"], "100644", world.repository.add_blob(base64.b64decode(each["contents"])))
        for each in changed.get("additions", ())
    ]


def _connection(name: str, items: Sequence[Any], show: Callable[[Any], dict[str, Any]]) -> Callable:
    """A field with a page of items. GitHub wants to be told how many, and gives a hundred at most."""

    def resolve(_info, first: int | None = None, last: int | None = None, after: str | None = None, **_):
        wanted = first if first is not None else last
        if wanted is None:
            message = (
                f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
            )
            raise _RefusedError("MISSING_PAGINATION_BOUNDARIES", message)
        if wanted > 100:
            message = f"Requesting {wanted} records on the `{name}` connection exceeds the `first` limit of 100 records."
            raise _RefusedError("EXCESSIVE_PAGINATION", message)
        begin = int(after) if after else 0
        page = items[begin : begin + first] if first is not None else items[-wanted:] if wanted else []
        end = begin + len(page) if first is not None else len(items)
        return {
            "nodes": [show(item) for item in page],
            "pageInfo": {
                "startCursor": str(end - len(page)) if page else None,
                "endCursor": str(end) if page else None,
                "hasNextPage": end < len(items),
                "hasPreviousPage": end - len(page) > 0,
            },
            "totalCount": len(items),
        }

    return resolve
