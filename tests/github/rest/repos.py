"""The repository as the website shows it: files, branches, commits, comparisons."""

from __future__ import annotations

import base64
import urllib.parse
from typing import Any

from tests.github import bodies
from tests.github.refusal import RefusalError, invalid, not_found
from tests.github.repository import GitError
from tests.github.rest.calls import Answer, Call, Listing, answers
from tests.github.world import World

_INLINE_LIMIT = 1_000_000


def revision(world: World, name: str) -> str | None:
    """The SHA of a commit that a caller names: by branch, by full ref, by SHA, or in a fork."""
    owner, colon, branch = name.partition(":")
    if colon:
        return world.repository_sha(world.head_ref(owner, branch))
    for candidate in (f"refs/heads/{name}", name if name.startswith("refs/") else f"refs/{name}", name):
        found = world.repository.resolve(candidate)
        if found is not None:
            return found
    return None


@answers("repos/get")
def get(call: Call) -> Answer:
    """The repository."""
    return Answer(200, bodies.whole_repository(call.world, call.world.level(call.login)))


@answers("repos/get-content")
def content(call: Call) -> Answer:
    """A file at a branch or commit, or what is in a folder."""
    world, path = call.world, call.parameters["path"].strip("/")
    ref = call.query.get("ref", "main")
    sha = revision(world, ref)
    if sha is None:
        raise RefusalError(404, f"No commit found for the ref {ref}")
    try:
        entry = world.repository.line("ls-tree", "-l", "-z", sha, "--", path).rstrip("\0") if path else ""
    except GitError:
        raise not_found() from None
    if path and not entry:
        raise not_found()
    if not path or " tree " in entry.partition("\t")[0]:
        inside = f"{path}/" if path else ""
        listed = world.repository.git("ls-tree", "-l", "-z", sha, "--", *([inside] if inside else []))
        return Answer(200, [_entry(world, ref, line) for line in listed.decode().split("\0") if line])
    body = _entry(world, ref, entry)
    if body["type"] != "file":
        return Answer(200, body)
    data = world.repository.git("cat-file", "blob", body["sha"])
    if len(data) > _INLINE_LIMIT:
        return Answer(200, {**body, "encoding": "none", "content": ""})
    return Answer(200, {**body, "encoding": "base64", "content": base64.encodebytes(data).decode()})


def _entry(world: World, ref: str, line: str) -> dict[str, Any]:
    """An entry of a folder, from a line of `git ls-tree -l`."""
    described, _, path = line.partition("\t")
    mode, kind, sha, size = described.split()
    quoted = urllib.parse.quote(path)
    url = f"{world.api}/repos/{world.full_name}/contents/{quoted}?ref={urllib.parse.quote(ref)}"
    shown = {"blob": "file", "tree": "dir", "commit": "submodule"}[kind]
    git = f"{world.api}/repos/{world.full_name}/git/{'trees' if kind == 'tree' else 'blobs'}/{sha}"
    page = f"{world.address}/{world.full_name}/{'tree' if kind == 'tree' else 'blob'}/{ref}/{quoted}"
    raw = f"{world.address}/{world.full_name}/raw/{ref}/{quoted}"
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "size": int(size) if size.isdigit() else 0,
        "url": url,
        "html_url": page,
        "git_url": git,
        "download_url": raw if kind == "blob" else None,
        "type": "symlink" if mode == "120000" else shown,
        "_links": {"self": url, "git": git, "html": page},
    }


@answers("repos/list-branches")
def branches(call: Call) -> Listing:
    """All branches."""
    world = call.world
    url = f"{world.api}/repos/{world.full_name}/commits"
    return Listing(
        world.repository.refs("refs/heads/"),
        lambda each: {
            "name": each[0].removeprefix("refs/heads/"),
            "commit": {"sha": each[1], "url": f"{url}/{each[1]}"},
            "protected": False,
        },
    )


@answers("repos/get-branch")
def branch(call: Call) -> Answer:
    """A branch."""
    world, name = call.world, call.parameters["branch"]
    sha = world.repository.ref(f"refs/heads/{name}")
    if sha is None:
        raise RefusalError(404, "Branch not found")
    url = f"{world.api}/repos/{world.full_name}/branches/{name}"
    return Answer(
        200,
        {
            "name": name,
            "commit": bodies.commit(world, sha),
            "_links": {"self": url, "html": f"{world.address}/{world.full_name}/tree/{name}"},
            "protected": False,
            "protection": {
                "enabled": False,
                "required_status_checks": {"enforcement_level": "off", "contexts": [], "checks": []},
            },
            "protection_url": f"{url}/protection",
        },
    )


@answers("repos/get-commit")
def commit(call: Call) -> Answer:
    """A commit with its files."""
    sha = revision(call.world, call.parameters["ref"])
    if sha is None:
        raise RefusalError(422, f"No commit found for SHA: {call.parameters['ref']}")
    return Answer(200, bodies.whole_commit(call.world, sha))


@answers("repos/list-commits")
def commits(call: Call) -> Listing:
    """The commits that lead to a branch or commit, newest first."""
    sha = revision(call.world, call.query.get("sha", "main"))
    if sha is None:
        raise not_found()
    found = call.world.repository.commits(sha, path=call.query.get("path"))
    return Listing(found, lambda each: bodies.commit(call.world, each))


@answers("repos/list-pull-requests-associated-with-commit")
def pulls_of_commit(call: Call) -> Listing:
    """The pull requests that a commit is part of."""
    sha, world = call.parameters["commit_sha"], call.world
    if world.repository.kind(sha) != "commit":
        raise RefusalError(422, f"No commit found for SHA: {sha}")
    found = [pull for pull in world.pulls if sha in world.commits(pull)]
    return Listing(found, lambda each: bodies.pull(world, each))


@answers("repos/compare-commits")
def compare(call: Call) -> Answer:
    """What a head has that its base has not."""
    world = call.world
    names = call.parameters["base"], call.parameters["head"]
    base, head = (revision(world, name) for name in names)
    if base is None or head is None:
        raise not_found()
    fork_point = world.repository.merge_base(base, head)
    if fork_point is None:
        raise RefusalError(404, f"No common ancestor between {names[0]} and {names[1]}.")
    ahead = world.repository.commits("--reverse", f"{base}..{head}")
    behind = world.repository.commits(f"{head}..{base}")
    status = ("diverged" if ahead else "behind") if behind else ("ahead" if ahead else "identical")
    url = f"{world.api}/repos/{world.full_name}/compare/{names[0]}...{names[1]}"
    html = f"{world.address}/{world.full_name}/compare/{names[0]}...{names[1]}"
    page, size = int(call.query.get("page", 1)), int(call.query.get("per_page", 250))
    files = world.diff(fork_point, head)[:300] if page == 1 else []
    return Answer(
        200,
        {
            "url": url,
            "html_url": html,
            "permalink_url": f"{world.address}/{world.full_name}/compare/{base[:7]}...{head[:7]}",
            "diff_url": f"{html}.diff",
            "patch_url": f"{html}.patch",
            "base_commit": bodies.commit(world, base),
            "merge_base_commit": bodies.commit(world, fork_point),
            "status": status,
            "ahead_by": len(ahead),
            "behind_by": len(behind),
            "total_commits": len(ahead),
            "commits": [bodies.commit(world, sha) for sha in ahead[(page - 1) * size : page * size]],
            "files": [bodies.file(world, each, head) for each in files],
        },
    )


@answers("code-scanning/upload-sarif", "security-events: write")
def upload_sarif(call: Call) -> Answer:
    """Takes a SARIF file: packed with gzip, and written in base64."""
    world = call.world
    if revision(world, call.body["commit_sha"]) is None:
        raise invalid("CodeScanning", "commit_sha")
    call.world.sarif.append(call.body)
    name = f"47177e22-5596-11eb-80a1-{next(world.ids):012d}"
    return Answer(
        202, {"id": name, "url": f"{world.api}/repos/{world.full_name}/code-scanning/sarifs/{name}"}
    )
