"""Git's own objects and refs."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from tests.github import bodies
from tests.github.refusal import RefusalError, no_access, not_found
from tests.github.repository import GitError, person
from tests.github.rest.calls import Answer, Call, Listing, answers
from tests.github.state import ACTIONS
from tests.github.world import World

_MODES = ("100644", "100755", "040000", "160000", "120000")


def _object(world: World, sha: str, kind: str) -> str:
    """The SHA, if it is an object of this kind."""
    if world.repository.kind(sha) != kind:
        raise not_found()
    return sha


@answers("git/create-blob", "contents: write")
def create_blob(call: Call) -> Answer:
    """A new blob."""
    text = call.body["content"]
    try:
        base64_wanted = call.body.get("encoding", "utf-8") == "base64"
        data = base64.b64decode(text, validate=False) if base64_wanted else text.encode()
    except binascii.Error:
        raise RefusalError(422, "content is not valid Base64") from None
    sha = call.world.repository.add_blob(data)
    return Answer(201, {"sha": sha, "url": f"{call.world.api}/repos/{call.world.full_name}/git/blobs/{sha}"})


@answers("git/get-blob")
def get_blob(call: Call) -> Answer:
    """A blob."""
    world = call.world
    sha = _object(world, call.parameters["file_sha"], "blob")
    data = world.repository.git("cat-file", "blob", sha)
    return Answer(
        200,
        {
            "sha": sha,
            "node_id": f"B_{sha}",
            "size": len(data),
            "url": f"{world.api}/repos/{world.full_name}/git/blobs/{sha}",
            "content": base64.encodebytes(data).decode(),
            "encoding": "base64",
        },
    )


def _tree(world: World, sha: str, *, recursive: bool) -> dict[str, Any]:
    """A tree with its entries."""
    api = f"{world.api}/repos/{world.full_name}/git"
    entries = []
    options = ("-r", "-t") if recursive else ()
    listed = world.repository.git("ls-tree", "-l", "-z", *options, sha).decode("utf-8", "replace")
    for line in listed.split("\0"):
        if line:
            described, _, path = line.partition("\t")
            mode, kind, entry_sha, size = described.split()
            entry = {"path": path, "mode": mode, "type": kind, "sha": entry_sha}
            if kind == "blob":
                entry["size"] = int(size)
            if kind != "commit":
                entry["url"] = f"{api}/{kind}s/{entry_sha}"
            entries.append(entry)
    return {"sha": sha, "url": f"{api}/trees/{sha}", "tree": entries, "truncated": False}


@answers("git/get-tree")
def get_tree(call: Call) -> Answer:
    """A tree, by its own SHA or that of a commit, or by a branch."""
    world, name = call.world, call.parameters["tree_sha"]
    try:
        sha = world.repository.line("rev-parse", "--verify", "--quiet", f"{name}^{{tree}}")
    except GitError:
        raise not_found() from None
    return Answer(200, _tree(world, sha, recursive="recursive" in call.query))


@answers("git/create-tree", "contents: write")
def create_tree(call: Call) -> Answer:
    """A new tree: entries over a base."""
    world, entries = call.world, []
    base = call.body.get("base_tree")
    if base is not None and world.repository.kind(base) not in ("tree", "commit"):
        raise RefusalError(422, f"base_tree {base} is not a valid tree oid")
    for entry in call.body["tree"]:
        path, mode, sha = entry["path"], entry["mode"], entry.get("sha")
        if path.startswith("/") or {"..", ".", ".git", ""} & set(path.split("/")):
            raise RefusalError(422, f"tree.path contains a malformed path component: {path}")
        if mode not in _MODES:
            raise RefusalError(422, "tree.mode must be one of 100644, 100755, 040000, 160000, 120000")
        if "content" in entry:
            sha = world.repository.add_blob(entry["content"].encode())
        elif sha is not None and world.repository.kind(sha) is None:
            raise RefusalError(422, f"tree.sha {sha} is not a valid blob")
        entries.append((path, mode, sha))
    tree = world.repository.add_tree(f"{base}^{{tree}}" if base else None, entries)
    return Answer(201, _tree(world, tree, recursive=False))


@answers("git/create-commit", "contents: write")
def create_commit(call: Call) -> Answer:
    """A new commit. One that a workflow makes without naming an author is signed by GitHub."""
    world, body = call.world, call.body
    if world.repository.kind(body["tree"]) != "tree":
        raise RefusalError(422, "Tree SHA does not exist")
    for parent in body.get("parents", ()):
        if world.repository.kind(parent) != "commit":
            raise RefusalError(422, "Parent SHA does not exist or is not a commit object")
    own = person(call.login)
    author, committer = body.get("author"), body.get("committer")
    by = (author["name"], author["email"]) if author else own
    if committer:
        committed_by = (committer["name"], committer["email"])
    else:
        committed_by = by if author else ("GitHub", "noreply@github.com") if call.login == ACTIONS else own
    sha = world.repository.add_commit(
        body["tree"],
        body.get("parents", ()),
        body["message"],
        author=by,
        committer=committed_by,
        author_date=(author or {}).get("date"),
    )
    if call.login == ACTIONS and not author and not committer and "signature" not in body:
        world.signed.add(sha)
    return Answer(201, bodies.git_commit(world, sha))


@answers("git/get-commit")
def get_commit(call: Call) -> Answer:
    """A commit."""
    return Answer(
        200, bodies.git_commit(call.world, _object(call.world, call.parameters["commit_sha"], "commit"))
    )


@answers("git/get-ref")
def get_ref(call: Call) -> Answer:
    """The ref of exactly this name, without `refs/`."""
    name = f"refs/{call.parameters['ref']}"
    sha = call.world.repository.ref(name)
    if sha is None:
        raise not_found()
    return Answer(200, bodies.ref(call.world, name, sha))


@answers("git/list-matching-refs")
def matching_refs(call: Call) -> Listing:
    """All refs whose name starts like this."""
    found = call.world.repository.refs(f"refs/{call.parameters['ref']}")
    return Listing(found, lambda each: bodies.ref(call.world, *each))


def _check_workflows(call: Call, old: str, new: str) -> None:
    """Refuses to let a workflow change workflows."""
    if call.token.permissions is not None and not call.token.may("workflows: write"):
        try:
            changed = call.world.repository.line(
                "diff", "--name-only", f"{old}...{new}", "--", ".github/workflows"
            )
        except GitError:
            changed = ""
        if changed:
            raise no_access()


@answers("git/create-ref", "contents: write")
def create_ref(call: Call) -> Answer:
    """A new branch or tag."""
    world, name, sha = call.world, call.body["ref"], call.body["sha"]
    if not name.startswith("refs/") or name.count("/") < 2:
        raise RefusalError(422, "Reference name must start with 'refs/'.")
    if world.repository.ref(name) is not None:
        raise RefusalError(422, "Reference already exists")
    if world.repository.kind(sha) is None:
        raise RefusalError(422, "Object does not exist")
    _check_workflows(call, "refs/heads/main", sha)
    _move(call.world, name, sha)
    return Answer(201, bodies.ref(world, name, sha))


def _move(world: World, name: str, sha: str) -> None:
    """Gives a ref another commit."""
    try:
        world.repository.git("check-ref-format", name)
        world.repository.git("update-ref", name, sha)
    except GitError:  # a name that git forbids, or a folder of branches that is in the way
        raise RefusalError(422, "Reference update failed") from None
    world.catch_up()


@answers("git/update-ref", "contents: write")
def update_ref(call: Call) -> Answer:
    """Moves a branch: forward, or with force anywhere."""
    world, name, sha = call.world, f"refs/{call.parameters['ref']}", call.body["sha"]
    old = world.repository.ref(name)
    if old is None:
        raise RefusalError(422, "Reference does not exist")
    if world.repository.kind(sha) is None:
        raise RefusalError(422, "Object does not exist")
    if not call.body.get("force", False) and not world.repository.is_ancestor(old, sha):
        raise RefusalError(422, "Update is not a fast forward")
    _check_workflows(call, old, sha)
    _move(world, name, sha)
    return Answer(200, bodies.ref(world, name, sha))


@answers("git/delete-ref", "contents: write")
def delete_ref(call: Call) -> Answer:
    """Deletes a branch; pull requests from it close."""
    name = f"refs/{call.parameters['ref']}"
    if call.world.repository.ref(name) is None:
        raise RefusalError(422, "Reference does not exist")
    call.world.repository.git("update-ref", "-d", name)
    call.world.catch_up()
    return Answer(204)
