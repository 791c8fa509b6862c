"""Runs of workflows, and what they leave behind."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.github.bodies.commits import raw_commit
from tests.github.bodies.pulls import places
from tests.github.bodies.repositories import short_repository, user
from tests.github.state import Artifact, Run
from tests.github.world import World

Body = dict[str, Any]


def run(world: World, what: Run) -> Body:
    """A run of a workflow."""
    url = f"{world.api}/repos/{world.full_name}/actions/runs/{what.id}"
    raw = raw_commit(world, what.head_sha)
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
        "url": places(world, of)["self"],
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
