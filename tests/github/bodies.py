"""What GitHub's answers look like: each function makes one object of the REST interface."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from tests.github.diffs import FileDiff
from tests.github.state import Artifact, Issue, IssueComment, Label, Pull, Review, ReviewComment, Run, User
from tests.github.world import World

Body = dict[str, Any]

_USER_URLS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}
_REPOSITORY_URLS = {
    "forks_url": "/forks",
    "keys_url": "/keys{/key_id}",
    "collaborators_url": "/collaborators{/collaborator}",
    "teams_url": "/teams",
    "hooks_url": "/hooks",
    "issue_events_url": "/issues/events{/number}",
    "events_url": "/events",
    "assignees_url": "/assignees{/user}",
    "branches_url": "/branches{/branch}",
    "tags_url": "/tags",
    "blobs_url": "/git/blobs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "trees_url": "/git/trees{/sha}",
    "statuses_url": "/statuses/{sha}",
    "languages_url": "/languages",
    "stargazers_url": "/stargazers",
    "contributors_url": "/contributors",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "commits_url": "/commits{/sha}",
    "git_commits_url": "/git/commits{/sha}",
    "comments_url": "/comments{/number}",
    "issue_comment_url": "/issues/comments{/number}",
    "contents_url": "/contents/{+path}",
    "compare_url": "/compare/{base}...{head}",
    "merges_url": "/merges",
    "archive_url": "/{archive_format}{/ref}",
    "downloads_url": "/downloads",
    "issues_url": "/issues{/number}",
    "pulls_url": "/pulls{/number}",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "labels_url": "/labels{/name}",
    "releases_url": "/releases{/id}",
    "deployments_url": "/deployments",
}
_REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def user(world: World, who: User | str) -> Body:
    """A user, as others see them."""
    someone = world.user(who) if isinstance(who, str) else who
    url = f"{world.api}/users/{someone.login}"
    page = someone.login.removesuffix("[bot]")
    html = f"{world.address}/{'apps/' if page != someone.login else ''}{page}"
    return {
        "login": someone.login,
        "id": someone.id,
        "node_id": f"U_{someone.id}",
        "avatar_url": f"{world.address}/avatars/u/{someone.id}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": html,
        **{name: url + end for name, end in _USER_URLS.items()},
        "type": someone.type,
        "user_view_type": "public",
        "site_admin": False,
    }


def account(world: World, login: str) -> Body:
    """A user's own page."""
    return {
        **user(world, login),
        "name": login.title(),
        "company": None,
        "blog": "",
        "location": None,
        "email": None,
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "public_repos": 1,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z",
    }


def short_repository(world: World, owner: str | None = None) -> Body:
    """The repository, or someone's fork of it, where it is named beside something else."""
    owner = owner or world.owner
    full_name = f"{owner}/{world.name}"
    url, html = f"{world.api}/repos/{full_name}", f"{world.address}/{full_name}"
    return {
        "id": 1296269 + world.user(owner).id,
        "node_id": f"R_{owner}",
        "name": world.name,
        "full_name": full_name,
        "private": False,
        "owner": user(world, owner),
        "html_url": html,
        "description": "An app to try things with",
        "fork": owner != world.owner,
        "url": url,
        **{name: url + end for name, end in _REPOSITORY_URLS.items()},
    }


def repository(world: World, owner: str | None = None) -> Body:
    """The repository, or someone's fork of it, where it is an end of a pull request."""
    short = short_repository(world, owner)
    full_name, html = short["full_name"], short["html_url"]
    issues = sum(issue.state == "open" for issue in world.issues.values())
    host = world.address.partition("://")[2]
    return {
        **short,
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": world.clock.now(),
        "pushed_at": world.clock.now(),
        "git_url": f"git://{host}/{full_name}.git",
        "ssh_url": f"git@{host}:{full_name}.git",
        "clone_url": f"{html}.git",
        "svn_url": html,
        "homepage": None,
        "size": 108,
        "stargazers_count": 0,
        "watchers_count": 0,
        "language": "Python",
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": True,
        "has_pages": False,
        "has_discussions": False,
        "forks_count": 0,
        "mirror_url": None,
        "archived": False,
        "disabled": False,
        "open_issues_count": issues,
        "license": None,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": [],
        "visibility": "public",
        "forks": 0,
        "open_issues": issues,
        "watchers": 0,
        "default_branch": "main",
    }


def whole_repository(world: World, level: str) -> Body:
    """The repository with what its own page tells on top."""
    ranks = ("pull", "triage", "push", "maintain", "admin")
    reach = {"read": 1, "write": 3, "admin": 5}[level]
    return {
        **repository(world),
        "permissions": {name: place < reach for place, name in enumerate(ranks)},
        "temp_clone_token": None,
        "allow_squash_merge": True,
        "allow_merge_commit": True,
        "allow_rebase_merge": True,
        "allow_auto_merge": False,
        "delete_branch_on_merge": False,
        "allow_update_branch": False,
        "use_squash_pr_title_as_default": False,
        "squash_merge_commit_message": "COMMIT_MESSAGES",
        "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
        "merge_commit_message": "PR_TITLE",
        "merge_commit_title": "MERGE_MESSAGE",
        "network_count": 0,
        "subscribers_count": 1,
    }


def label(world: World, what: Label) -> Body:
    """A label."""
    return {
        "id": what.id,
        "node_id": f"LA_{what.id}",
        "url": f"{world.api}/repos/{world.full_name}/labels/{what.name}",
        "name": what.name,
        "color": what.color,
        "default": False,
        "description": what.description,
    }


def _links(world: World, pull: Pull) -> dict[str, str]:
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
    links = _links(world, what)
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
    links = _links(world, of)
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
    links = _links(world, of)
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
        "reactions": _reactions(url, ()),
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
        "reactions": _reactions(url, ()),
        "timeline_url": f"{url}/timeline",
        "performed_via_github_app": None,
        "state_reason": "completed" if what.state == "closed" and not is_pull else None,
    }
    if isinstance(what, Pull):
        links = _links(world, what)
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
        "reactions": _reactions(url, [content for _, content in what.reactions]),
        "performed_via_github_app": None,
    }


def _reactions(url: str, contents: Sequence[str]) -> Body:
    """How many reacted how."""
    counts = {name: contents.count(name) for name in _REACTIONS}
    return {"url": f"{url}/reactions", "total_count": len(contents), **counts}


def ref(world: World, name: str, sha: str) -> Body:
    """A ref."""
    return {
        "ref": name,
        "node_id": f"REF_{name}",
        "url": f"{world.api}/repos/{world.full_name}/git/{name}",
        "object": {
            "sha": sha,
            "type": "commit",
            "url": f"{world.api}/repos/{world.full_name}/git/commits/{sha}",
        },
    }


def git_commit(world: World, sha: str) -> Body:
    """A commit as git has it."""
    raw = _raw_commit(world, sha)
    api = f"{world.api}/repos/{world.full_name}/git"
    html = f"{world.address}/{world.full_name}/commit"
    return {
        "sha": sha,
        "node_id": f"C_{sha}",
        "url": f"{api}/commits/{sha}",
        "html_url": f"{html}/{sha}",
        "author": raw["author"],
        "committer": raw["committer"],
        "tree": {"sha": raw["tree"], "url": f"{api}/trees/{raw['tree']}"},
        "message": raw["message"],
        "parents": [
            {"sha": parent, "url": f"{api}/commits/{parent}", "html_url": f"{html}/{parent}"}
            for parent in raw["parents"]
        ],
        "verification": verification(world, sha),
    }


def verification(world: World, sha: str) -> Body:
    """Whether GitHub has signed a commit: what a workflow's token makes without naming an author, it does."""
    signed = sha in world.signed
    return {
        "verified": signed,
        "reason": "valid" if signed else "unsigned",
        "signature": "-----BEGIN PGP SIGNATURE-----\n…\n-----END PGP SIGNATURE-----" if signed else None,
        "payload": f"tree {_raw_commit(world, sha)['tree']}\n…" if signed else None,
        "verified_at": world.clock.now() if signed else None,
    }


def _raw_commit(world: World, sha: str) -> Body:
    """What git has of a commit."""
    form = "%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B"
    parts = world.repository.git("log", "-1", f"--format={form}", sha).decode("utf-8", "replace").split("\0")
    tree, parents, author, author_email, author_date, committer, committer_email, date, message = parts
    return {
        "tree": tree,
        "parents": parents.split(),
        "author": {"name": author, "email": author_email, "date": _utc(author_date)},
        "committer": {"name": committer, "email": committer_email, "date": _utc(date)},
        "message": message.rstrip("\n"),
    }


def _utc(time: str) -> str:
    """A time of git as GitHub writes it."""
    return datetime.fromisoformat(time).astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def commit(world: World, sha: str) -> Body:
    """A commit as GitHub shows it."""
    git = git_commit(world, sha)
    url = f"{world.api}/repos/{world.full_name}/commits"
    return {
        "sha": sha,
        "node_id": git["node_id"],
        "commit": {
            **{name: git[name] for name in ("author", "committer", "message", "tree", "url")},
            "comment_count": 0,
            "verification": git["verification"],
        },
        "url": f"{url}/{sha}",
        "html_url": git["html_url"],
        "comments_url": f"{url}/{sha}/comments",
        "author": _who(world, git["author"]["email"]),
        "committer": _who(world, git["committer"]["email"]),
        "parents": [{**parent, "url": f"{url}/{parent['sha']}"} for parent in git["parents"]],
    }


def _who(world: World, email: str) -> Body | None:
    """The user with this address, if it is one that GitHub gives."""
    name, _, host = email.partition("@")
    login = name.rpartition("+")[2]
    known = host == "users.noreply.github.com" and login in world.users
    return user(world, login) if known else None


def whole_commit(world: World, sha: str) -> Body:
    """A commit with its files."""
    body = commit(world, sha)
    parent = body["parents"][0]["sha"] if body["parents"] else world.empty_tree
    files = world.diff(parent, sha)
    additions, deletions = sum(each.additions for each in files), sum(each.deletions for each in files)
    return {
        **body,
        "stats": {"total": additions + deletions, "additions": additions, "deletions": deletions},
        "files": [file(world, each, sha) for each in files],
    }


def run(world: World, what: Run) -> Body:
    """A run of a workflow."""
    url = f"{world.api}/repos/{world.full_name}/actions/runs/{what.id}"
    raw = _raw_commit(world, what.head_sha)
    return {
        "id": what.id,
        "name": what.name,
        "node_id": f"WFR_{what.id}",
        "head_branch": what.head_branch,
        "head_sha": what.head_sha,
        "path": what.path,
        "display_title": raw["message"].partition("\n")[0],
        "run_number": 1,
        "event": what.event,
        "status": "completed",
        "conclusion": what.conclusion,
        "workflow_id": 161335,
        "check_suite_id": 42,
        "check_suite_node_id": "CS_42",
        "url": url,
        "html_url": f"{world.address}/{world.full_name}/actions/runs/{what.id}",
        "pull_requests": [_pull_of_run(world, number) for number in what.pulls],
        "created_at": what.created_at,
        "updated_at": what.created_at,
        "actor": user(world, what.actor),
        "run_attempt": 1,
        "referenced_workflows": [],
        "run_started_at": what.created_at,
        "triggering_actor": user(world, what.actor),
        "jobs_url": f"{url}/jobs",
        "logs_url": f"{url}/logs",
        "check_suite_url": f"{world.api}/repos/{world.full_name}/check-suites/42",
        "artifacts_url": f"{url}/artifacts",
        "cancel_url": f"{url}/cancel",
        "rerun_url": f"{url}/rerun",
        "previous_attempt_url": None,
        "workflow_url": f"{world.api}/repos/{world.full_name}/actions/workflows/161335",
        "head_commit": {
            "id": what.head_sha,
            "tree_id": raw["tree"],
            "message": raw["message"],
            "timestamp": raw["committer"]["date"],
            "author": {key: raw["author"][key] for key in ("name", "email")},
            "committer": {key: raw["committer"][key] for key in ("name", "email")},
        },
        "repository": short_repository(world),
        "head_repository": short_repository(world, what.head_owner),
    }


def _pull_of_run(world: World, number: int) -> Body:
    """A pull request as a run names it."""
    of = world.pull(number)

    def end(owner: str, branch: str, sha: str) -> Body:
        whole = short_repository(world, owner)
        return {"ref": branch, "sha": sha, "repo": {key: whole[key] for key in ("id", "url", "name")}}

    return {
        "url": _links(world, of)["self"],
        "id": of.id,
        "number": number,
        "head": end(of.head_owner, of.head_ref, of.head_sha),
        "base": end(world.owner, of.base_ref, of.base_sha),
    }


def artifact(world: World, of: Run, what: Artifact) -> Body:
    """What a run left behind."""
    url = f"{world.api}/repos/{world.full_name}/actions/artifacts/{what.id}"
    return {
        "id": what.id,
        "node_id": f"A_{what.id}",
        "name": what.name,
        "size_in_bytes": len(what.archive),
        "url": url,
        "archive_download_url": f"{url}/zip",
        "expired": what.expired,
        "digest": f"sha256:{hashlib.sha256(what.archive).hexdigest()}",
        "created_at": what.created_at,
        "expires_at": what.created_at,
        "updated_at": what.created_at,
        "workflow_run": {
            "id": of.id,
            "repository_id": short_repository(world)["id"],
            "head_repository_id": short_repository(world, of.head_owner)["id"],
            "head_branch": of.head_branch,
            "head_sha": of.head_sha,
        },
    }
