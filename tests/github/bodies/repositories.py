"""Users and the repository."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.github.state import Label, User
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


_REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def reactions(url: str, contents: Sequence[str]) -> Body:
    """How many reacted how."""
    counts = {name: contents.count(name) for name in _REACTIONS}
    return {"url": f"{url}/reactions", "total_count": len(contents), **counts}
