"""What people, and programs, do on GitHub: open pull requests, review, comment. With GitHub's own refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.github.diffs import Hunk, Line
from tests.github.refusal import (
    BODY_LIMIT,
    RefusalError,
    check_length,
    custom,
    invalid,
    sentence,
    unprocessable,
)
from tests.github.state import ACTIONS, Issue, IssueComment, Pull, Review, ReviewComment, Thread
from tests.github.world import World

_THREAD = "Pull request review thread"
_NO_HUNK = f"{_THREAD} diff hunk can't be blank"
_STATES = {
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
    "COMMENT": "COMMENTED",
    None: "PENDING",
}


class AnchorError(Exception):
    """A comment can't stand where it should: the fields at fault, and what GitHub says of each."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__(sentence([text for _, text in faults]))
        self.faults = faults


def open_issue(world: World, title: str, body: str | None, author: str) -> Issue:
    """A new issue."""
    check_length("Issue", body)
    now = world.clock.tick()
    issue = Issue(next(world.ids), len(world.issues) + 1, title, body, author, now, now)
    world.issues[issue.number] = issue
    return issue


def open_pull(
    world: World,
    head: str,
    base: str,
    *,
    title: str,
    body: str | None,
    author: str,
    draft: bool = False,
    maintainer_can_modify: bool = True,
) -> Pull:
    """A new pull request. The head is a branch, or the owner of a fork and a branch: `mallory:patch`."""
    owner, _, branch = head.rpartition(":")
    owner = owner or world.owner
    head_sha = world.repository_sha(world.head_ref(owner, branch))
    base_sha = world.repository_sha(f"refs/heads/{base}")
    if head_sha is None:
        raise invalid("PullRequest", "head")
    if base_sha is None:
        raise invalid("PullRequest", "base")
    if author == ACTIONS and not world.actions_may_open_pull_requests:
        raise RefusalError(403, "GitHub Actions is not permitted to create or approve pull requests.")
    for other in world.pulls:
        ends = (other.head_owner, other.head_ref, other.base_ref)
        if other.state == "open" and ends == (owner, branch, base):
            raise custom("PullRequest", f"A pull request already exists for {owner}:{branch}.")
    if world.repository.is_ancestor(head_sha, base_sha):
        raise custom("PullRequest", f"No commits between {base} and {head}")
    check_length("Issue", body)
    now = world.clock.tick()
    pull = Pull(
        next(world.ids),
        len(world.issues) + 1,
        title,
        body,
        author,
        now,
        now,
        head_owner=owner,
        head_ref=branch,
        base_ref=base,
        draft=draft,
        maintainer_can_modify=maintainer_can_modify and owner != world.owner,
    )
    world.follow(pull, head_sha, base_sha)
    world.issues[pull.number] = pull
    return pull


def comment(world: World, issue: Issue, body: str, author: str) -> IssueComment:
    """A new comment in the conversation."""
    if issue.locked and world.level(author) == "read":
        raise RefusalError(403, "Unable to create comment because issue is locked.")
    _check_body("IssueComment", body)
    now = world.clock.tick()
    made = IssueComment(next(world.ids), author, body, now, now)
    issue.comments.append(made)
    issue.updated_at = now
    return made


def edit(world: World, comment: IssueComment | ReviewComment, body: str) -> None:
    """Gives a comment another text."""
    _check_body("IssueComment", body)
    comment.body = body
    comment.updated_at = world.clock.tick()


def _check_body(resource: str, body: str) -> None:
    """Refuses a text that is empty or too long."""
    if not body.strip():
        raise invalid(resource, "body", "missing_field")
    check_length(resource, body)


def review(
    world: World,
    pull: Pull,
    author: str,
    *,
    body: str,
    event: str | None,
    comments: Sequence[Mapping[str, Any]] = (),
    commit_id: str | None = None,
) -> Review:
    """A new review with all its comments; if one of them is refused, nothing is kept."""
    commit = _commit(world, pull, commit_id)
    if commit is None:
        raise unprocessable("The commit_id is not part of the pull request")
    _check_review(world, pull, author, body, event)
    if not body.strip() and (event == "REQUEST_CHANGES" or (event == "COMMENT" and not comments)):
        raise unprocessable("Body can't be blank")
    placed = []
    for entry in comments:
        try:
            placed.append((entry, _place(world, pull, commit, entry)))
        except AnchorError as error:
            raise unprocessable(str(error)) from None
        if len(entry["body"]) > BODY_LIMIT:
            raise unprocessable(f"Body is too long (maximum is {BODY_LIMIT} characters)")
        if not entry["body"].strip():
            raise unprocessable("Body can't be blank")
    now = world.clock.tick()
    submitted = None if event is None else now
    made = Review(next(world.ids), author, body, _STATES[event], commit, submitted)
    pull.reviews.append(made)
    for entry, place in placed:
        _add_comment(world, pull, made, entry, place)
    pull.updated_at = now
    return made


def _check_review(world: World, pull: Pull, author: str, body: str, event: str | None) -> None:
    """Refuses a review as a whole."""
    if pull.locked and world.level(author) == "read":
        raise RefusalError(403, "Unable to create review because the pull request is locked.")
    if len(body) > BODY_LIMIT:
        raise unprocessable(f"Body is too long (maximum is {BODY_LIMIT} characters)")
    if event == "APPROVE":
        if author == ACTIONS and not world.actions_may_open_pull_requests:
            raise unprocessable("GitHub Actions is not permitted to approve pull requests.")
        if author == pull.author:
            raise unprocessable("Can not approve your own pull request")
    if event == "REQUEST_CHANGES" and author == pull.author:
        raise unprocessable("Can not request changes on your own pull request")
    if event is None and any(each.author == author and each.state == "PENDING" for each in pull.reviews):
        raise unprocessable("User can only have one pending review per pull request")


def review_comment(
    world: World, pull: Pull, author: str, entry: Mapping[str, Any], commit_id: str
) -> ReviewComment:
    """A new comment beside the code, on its own; it gets a review of its own."""
    resource = "PullRequestReviewComment"
    if pull.locked and world.level(author) == "read":
        raise RefusalError(403, "Unable to create comment because the pull request is locked.")
    commit = _commit(world, pull, commit_id)
    if commit is None:
        message = "commit_id is not part of the pull request"
        raise invalid(resource, "pull_request_review_thread.commit_id", "custom", message)
    _check_body(resource, entry["body"])
    try:
        place = _place(world, pull, commit, entry)
    except AnchorError as error:
        errors = []
        for field, text in error.faults:
            name = f"pull_request_review_thread.{field}"
            fault = {"resource": resource, "code": "custom", "field": name}
            if field == "diff_hunk":
                fault["code"] = "missing_field"
            elif field == "path":
                fault["code"] = "invalid"
            else:
                fault["message"] = text.replace(f"{_THREAD} {field.replace('_', ' ')}", name)
            errors.append(fault)
        raise RefusalError(422, "Validation Failed", errors) from None
    now = world.clock.tick()
    made = Review(next(world.ids), author, "", "COMMENTED", commit, now)
    pull.reviews.append(made)
    pull.updated_at = now
    return _add_comment(world, pull, made, entry, place)


def reply(world: World, pull: Pull, to: ReviewComment, body: str, author: str) -> ReviewComment:
    """An answer in a conversation beside the code."""
    if pull.locked and world.level(author) == "read":
        raise RefusalError(403, "Unable to create comment because the pull request is locked.")
    _check_body("PullRequestReviewComment", body)
    now = world.clock.tick()
    made = Review(next(world.ids), author, "", "COMMENTED", to.commit_id, now)
    pull.reviews.append(made)
    answer = ReviewComment(
        next(world.ids),
        author,
        body,
        now,
        now,
        made.id,
        to.thread,
        to.path,
        to.commit_id,
        to.diff_hunk,
        to.subject_type,
        to.side,
        to.line,
        to.start_line,
        to.start_side,
        to.position,
        to.in_reply_to or to.id,
    )
    pull.review_comments.append(answer)
    pull.updated_at = now
    return answer


def _commit(world: World, pull: Pull, wanted: str | None) -> str | None:
    """The commit that a review is about; nothing if it is none of the pull request's."""
    if wanted is None or wanted == pull.head_sha:
        return pull.head_sha
    known = {pull.head_sha, *world.commits(pull), *(each.commit_id for each in pull.reviews)}
    return wanted if wanted in known else None


def _place(world: World, pull: Pull, commit: str, entry: Mapping[str, Any]) -> tuple[Hunk, Line] | None:
    """Where a comment stands in the diff; nothing if it is about a whole file."""
    path = entry["path"]
    file = next((each for each in world.changes(pull, commit) if each.name == path), None)
    if file is None:
        raise AnchorError(("path", f"{_THREAD} path is invalid"), ("diff_hunk", _NO_HUNK))
    if entry.get("subject_type") == "file":
        return None
    if entry.get("line") is None:
        found = file.at(entry["position"]) if entry.get("position") is not None else None
        if found is None:
            raise AnchorError(("position", f"{_THREAD} position is invalid"), ("diff_hunk", _NO_HUNK))
        return found
    side, number = entry.get("side") or "RIGHT", entry["line"]
    start = entry.get("start_line")
    start_side = entry.get("start_side") or side
    found = file.find(number, side)
    if found is None:
        faults = [("line", f"{_THREAD} line must be part of the diff")]
        if start is not None:
            faults.append(("start_line", f"{_THREAD} start line must be part of the same hunk as the line."))
        raise AnchorError(*faults, ("diff_hunk", _NO_HUNK))
    if start is not None:
        first = found[0].find(start, start_side)
        if start_side == side and start >= number:
            raise AnchorError(("start_line", f"{_THREAD} start line must precede the end line."))
        if first is None:
            text = f"{_THREAD} start line must be part of the same hunk as the line."
            raise AnchorError(("start_line", text))
    return found


def _add_comment(
    world: World, pull: Pull, review: Review, entry: Mapping[str, Any], place: tuple[Hunk, Line] | None
) -> ReviewComment:
    """Keeps a comment, and begins a conversation with it."""
    now = world.clock.now()
    side = entry.get("side") or "RIGHT"
    line = entry.get("line")
    if place is not None and line is None:
        side = "LEFT" if place[1].new is None else "RIGHT"
        line = place[1].number(side)
    start = entry.get("start_line") if place is not None else None
    made = ReviewComment(
        next(world.ids),
        review.author,
        entry["body"],
        now,
        now,
        review.id,
        Thread(next(world.ids)),
        entry["path"],
        review.commit_id,
        place[0].up_to(place[1]) if place else "",
        "line" if place else "file",
        side,
        line if place else None,
        start,
        (entry.get("start_side") or side) if start is not None else None,
        place[1].position if place else 1,
    )
    pull.review_comments.append(made)
    return made
