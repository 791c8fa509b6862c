"""Issues and the conversation."""

from __future__ import annotations

from typing import Any

from tests.github.bodies.pulls import places
from tests.github.bodies.repositories import label, reactions, user
from tests.github.state import Issue, IssueComment, Pull
from tests.github.world import World

Body = dict[str, Any]


def issue(world: World, what: Issue) -> Body:
    """An issue, or a pull request seen as one."""
    url = f"{world.api}/repos/{world.full_name}/issues/{what.number}"
    is_pull = isinstance(what, Pull)
    html = f"{world.address}/{world.full_name}/{'pull' if is_pull else 'issues'}/{what.number}"
    body = {
        "url": url,
        "repository_url": f"{world.api}/repos/{world.full_name}",
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": html,
        "id": what.id,
        "node_id": f"{'PR' if is_pull else 'I'}_{what.id}",
        "number": what.number,
        "title": what.title,
        "user": user(world, what.author),
        "labels": [label(world, world.label(name)) for name in what.labels],
        "state": what.state,
        "locked": what.locked,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": len(what.comments),
        "created_at": what.created_at,
        "updated_at": what.updated_at,
        "closed_at": what.closed_at,
        "author_association": world.association(what.author),
        "active_lock_reason": None,
        "body": what.body,
        "closed_by": user(world, what.closed_by) if what.closed_by else None,
        "reactions": reactions(url, ()),
        "timeline_url": f"{url}/timeline",
        "performed_via_github_app": None,
        "state_reason": "completed" if what.state == "closed" and not is_pull else None,
    }
    if isinstance(what, Pull):
        links = places(world, what)
        body["draft"] = what.draft
        body["pull_request"] = {
            "url": links["self"],
            "html_url": html,
            "diff_url": f"{html}.diff",
            "patch_url": f"{html}.patch",
            "merged_at": what.merged_at,
        }
    return body


def issue_comment(world: World, of: Issue, what: IssueComment) -> Body:
    """A comment in the conversation."""
    url = f"{world.api}/repos/{world.full_name}/issues/comments/{what.id}"
    kind = "pull" if isinstance(of, Pull) else "issues"
    return {
        "url": url,
        "html_url": f"{world.address}/{world.full_name}/{kind}/{of.number}#issuecomment-{what.id}",
        "issue_url": f"{world.api}/repos/{world.full_name}/issues/{of.number}",
        "id": what.id,
        "node_id": what.node,
        "user": user(world, what.author),
        "created_at": what.created_at,
        "updated_at": what.updated_at,
        "body": what.body,
        "author_association": world.association(what.author),
        "reactions": reactions(url, [content for _, content in what.reactions]),
        "performed_via_github_app": None,
    }
