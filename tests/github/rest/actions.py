"""Runs of workflows, and what they left behind."""

from __future__ import annotations

from tests.github import bodies
from tests.github.refusal import RefusalError, not_found
from tests.github.rest.calls import Answer, Call, Listing, answers
from tests.github.state import Run

_READ = "actions: read"


def _run_of(call: Call) -> Run:
    """The run that a call names."""
    found = call.world.runs.get(int(call.parameters["run_id"]))
    if found is None:
        raise not_found()
    return found


@answers("actions/get-workflow-run", _READ)
def get_run(call: Call) -> Answer:
    """A run."""
    return Answer(200, bodies.run(call.world, _run_of(call)))


@answers("actions/list-workflow-run-artifacts", _READ)
def list_artifacts(call: Call) -> Listing:
    """What a run left behind."""
    run = _run_of(call)
    wanted = call.query.get("name")
    found = [each for each in run.artifacts if wanted in (None, each.name)]
    return Listing(found, lambda each: bodies.artifact(call.world, run, each), around="artifacts")


@answers("actions/get-artifact", _READ)
def get_artifact(call: Call) -> Answer:
    """An artifact."""
    return Answer(200, bodies.artifact(call.world, *call.world.artifact(call.parameters["artifact_id"])))


@answers("actions/download-artifact", _READ)
def download_artifact(call: Call) -> Answer:
    """Where the archive of an artifact can be fetched."""
    _, artifact = call.world.artifact(call.parameters["artifact_id"])
    if call.parameters["archive_format"] != "zip":
        raise not_found()
    if artifact.expired:
        raise RefusalError(410, "Artifact has expired")
    return Answer(302, headers={"Location": f"{call.world.address}/archives/{artifact.id}.zip"})
