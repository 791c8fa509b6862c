"""Git's objects."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from tests.github.bodies.pulls import file
from tests.github.bodies.repositories import user
from tests.github.world import World

Body = dict[str, Any]


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
    raw = raw_commit(world, sha)
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
        "payload": f"tree {raw_commit(world, sha)['tree']}\n…" if signed else None,
        "verified_at": world.clock.now() if signed else None,
    }


def raw_commit(world: World, sha: str) -> Body:
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
    return (
        datetime.fromisoformat(time.replace("Z", "+00:00"))
        .astimezone(timezone.utc)
        .strftime("%Y-%m-%dT%H:%M:%SZ")
    )


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
    """The user with this address, if it is one that GitHub gives; it commits as web-flow itself."""
    if email == "noreply@github.com":
        return user(world, "web-flow")
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
