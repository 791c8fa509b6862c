"""Pull requests, their files, reviews and comments beside the code."""

from __future__ import annotations

from typing import Any

from tests.github.bodies.repositories import label, reactions, repository, user
from tests.github.diffs import FileDiff
from tests.github.state import Pull, Review, ReviewComment
from tests.github.world import World

Body = dict[str, Any]


def places(world: World, pull: Pull) -> dict[str, str]:
    """Where things of a pull request are."""
    api = f"{world.api}/repos/{world.full_name}"
    return {
        "self": f"{api}/pulls/{pull.number}",
        "html": f"{world.address}/{world.full_name}/pull/{pull.number}",
        "issue": f"{api}/issues/{pull.number}",
        "comments": f"{api}/issues/{pull.number}/comments",
        "review_comments": f"{api}/pulls/{pull.number}/comments",
        "review_comment": f"{api}/pulls/comments{{/number}}",
        "commits": f"{api}/pulls/{pull.number}/commits",
        "statuses": f"{api}/statuses/{pull.head_sha}",
    }


def _end(world: World, owner: str, ref: str, sha: str) -> Body:
    """One end of a pull request."""
    return {
        "label": f"{owner}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user(world, owner),
        "repo": repository(world, owner),
    }


def pull(world: World, what: Pull) -> Body:
    """A pull request as lists show it."""
    links = places(world, what)
    return {
        "url": links["self"],
        "id": what.id,
        "node_id": what.node,
        "html_url": links["html"],
        "diff_url": f"{links['html']}.diff",
        "patch_url": f"{links['html']}.patch",
        "issue_url": links["issue"],
        "number": what.number,
        "state": what.state,
        "locked": what.locked,
        "title": what.title,
        "user": user(world, what.author),
        "body": what.body,
        "created_at": what.created_at,
        "updated_at": what.updated_at,
        "closed_at": what.closed_at,
        "merged_at": what.merged_at,
        "merge_commit_sha": what.merge_commit_sha,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [user(world, login) for login in what.requested_reviewers],
        "requested_teams": [],
        "labels": [label(world, world.label(name)) for name in what.labels],
        "milestone": None,
        "draft": what.draft,
        "commits_url": links["commits"],
        "review_comments_url": links["review_comments"],
        "review_comment_url": links["review_comment"],
        "comments_url": links["comments"],
        "statuses_url": links["statuses"],
        "head": _end(world, what.head_owner, what.head_ref, what.head_sha),
        "base": _end(world, world.owner, what.base_ref, what.base_sha),
        "_links": {name: {"href": href} for name, href in links.items()},
        "author_association": world.association(what.author),
        "auto_merge": None,
        "active_lock_reason": None,
    }


def whole_pull(world: World, what: Pull) -> Body:
    """A pull request as its own page shows it, with what has to be counted."""
    files = world.changes(what)
    return {
        **pull(world, what),
        "merged": what.merged_at is not None,
        "mergeable": what.mergeable if what.state == "open" else None,
        "rebaseable": what.mergeable if what.state == "open" else None,
        "mergeable_state": {True: "clean", False: "dirty", None: "unknown"}[what.mergeable],
        "merged_by": user(world, what.merged_by) if what.merged_by else None,
        "comments": len(what.comments),
        "review_comments": len(what.review_comments),
        "maintainer_can_modify": what.maintainer_can_modify,
        "commits": len(world.commits(what)),
        "additions": sum(file.additions for file in files),
        "deletions": sum(file.deletions for file in files),
        "changed_files": len(files),
    }


def file(world: World, what: FileDiff, commit: str) -> Body:
    """A file of a pull request, a comparison or a commit."""
    body = {
        "sha": what.sha,
        "filename": what.name,
        "status": what.status,
        "additions": what.additions,
        "deletions": what.deletions,
        "changes": what.additions + what.deletions,
        "blob_url": f"{world.address}/{world.full_name}/blob/{commit}/{what.name}",
        "raw_url": f"{world.address}/{world.full_name}/raw/{commit}/{what.name}",
        "contents_url": f"{world.api}/repos/{world.full_name}/contents/{what.name}?ref={commit}",
    }
    if what.patch is not None and what.name not in world.without_patch:
        body["patch"] = what.patch
    if what.previous is not None:
        body["previous_filename"] = what.previous
    return body


def review(world: World, of: Pull, what: Review) -> Body:
    """A review."""
    links = places(world, of)
    html = f"{links['html']}#pullrequestreview-{what.id}"
    body = {
        "id": what.id,
        "node_id": f"PRR_{what.id}",
        "user": user(world, what.author),
        "body": what.body,
        "state": what.state,
        "html_url": html,
        "pull_request_url": links["self"],
        "author_association": world.association(what.author),
        "_links": {"html": {"href": html}, "pull_request": {"href": links["self"]}},
        "commit_id": what.commit_id,
    }
    if what.submitted_at is not None:
        body["submitted_at"] = what.submitted_at
    return body


def review_comment(world: World, of: Pull, what: ReviewComment) -> Body:
    """A comment beside the code; its lines are those of the pull request as it is now."""
    links = places(world, of)
    url = f"{world.api}/repos/{world.full_name}/pulls/comments/{what.id}"
    html = f"{links['html']}#discussion_r{what.id}"
    line = world.current(of, what, what.line, what.side)
    start = world.current(of, what, what.start_line, what.start_side)
    position = world.place(of, what.path, line, what.side) if line is not None else None
    current = line is not None or what.subject_type == "file"
    body = {
        "url": url,
        "pull_request_review_id": what.review_id,
        "id": what.id,
        "node_id": what.node,
        "diff_hunk": what.diff_hunk,
        "path": what.path,
        "commit_id": of.head_sha if current else what.commit_id,
        "original_commit_id": what.commit_id,
        "user": user(world, what.author),
        "body": what.body,
        "created_at": what.created_at,
        "updated_at": what.updated_at,
        "html_url": html,
        "pull_request_url": links["self"],
        "author_association": world.association(what.author),
        "_links": {
            "self": {"href": url},
            "html": {"href": html},
            "pull_request": {"href": links["self"]},
        },
        "reactions": reactions(url, ()),
        "start_line": start if line is not None else None,
        "original_start_line": what.start_line,
        "start_side": what.start_side,
        "line": line,
        "original_line": what.line,
        "side": what.side,
        "original_position": what.position,
        "position": 1 if what.subject_type == "file" else position,
        "subject_type": what.subject_type,
    }
    if what.in_reply_to is not None:
        body["in_reply_to_id"] = what.in_reply_to
    return body


def comment_of_review(world: World, of: Pull, what: ReviewComment) -> Body:
    """A comment beside the code as the list of a review's comments shows it: without its lines."""
    body = review_comment(world, of, what)
    for name in (
        "start_line",
        "original_start_line",
        "start_side",
        "line",
        "original_line",
        "side",
        "subject_type",
    ):
        del body[name]
    return body
