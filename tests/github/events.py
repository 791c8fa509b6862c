"""The payloads of events: GitHub's examples, with the state of the fake laid over them, and checked.

`payload(world, "pull_request", number=1, action="opened")`, `… "issue_comment", comment=…`, `… "push",
branch="main", before=sha`, `… "workflow_run", run=…`, `… "workflow_dispatch", inputs={…}`, `… "schedule"`.
"""

from __future__ import annotations

import copy
import functools
import json
from pathlib import Path
from typing import Any

import jsonschema

from tests.github import bodies
from tests.github.state import IssueComment, ReviewComment, Run
from tests.github.world import World

_SPEC = Path(__file__).parent / "spec"
_NO_COMMIT = "0" * 40

Payload = dict[str, Any]


class BadEventError(Exception):
    """A payload is not as its schema says; that is the fake's fault."""


@functools.cache
def _examples() -> dict[str, Payload]:
    """GitHub's examples."""
    return json.loads((_SPEC / "events.json").read_text(encoding="utf-8"))


@functools.cache
def _schemas() -> dict[str, Any]:
    """The schemas of the events."""
    return json.loads((_SPEC / "event-schemas.json").read_text(encoding="utf-8"))


def payload(world: World, name: str, **about: Any) -> Payload:
    """The payload of an event."""
    body = _BUILDERS[name](world, **about)
    body["repository"] = _over(_examples()["pull_request.opened"]["repository"], bodies.repository(world))
    body.pop("installation", None)
    body.pop("organization", None)
    if name != "schedule":
        _check(name, body)
    return body


def _check(name: str, body: Payload) -> None:
    """Holds a payload against its schema."""
    definition = f"{name}${body.get('action', 'event')}"
    schema = {**_schemas(), "$ref": f"#/definitions/{definition}"}
    wrong = [
        f"{'.'.join(str(part) for part in error.absolute_path)}: {error.message[:200]}"
        for error in jsonschema.Draft7Validator(schema).iter_errors(body)
    ]
    if wrong:
        raise BadEventError("\n".join(wrong))


def _over(example: object, ours: object) -> Any:
    """The example with our values over its own, in depth; a list of ours replaces its list.

    Only what the example has is taken from objects: events and the REST interface differ in some fields.
    """
    if isinstance(example, dict) and isinstance(ours, dict):
        return {key: _over(value, ours[key]) if key in ours else value for key, value in example.items()}
    return copy.deepcopy(ours)


def _user(world: World, login: str) -> Payload:
    """A user, without what the schemas of events don't know."""
    return _trim(bodies.user(world, login))


def _trim(part: object) -> Any:
    """A part of the REST interface, without what the schemas of events don't know."""
    if isinstance(part, dict):
        return {key: _trim(value) for key, value in part.items() if key != "user_view_type"}
    if isinstance(part, list):
        return [_trim(value) for value in part]
    return part


def _pull_request(
    world: World, number: int, action: str = "opened", before: str | None = None, sender: str | None = None
) -> Payload:
    """Something happened to a pull request; `before` is where its branch was."""
    pull = world.pull(number)
    kind = "synchronize" if action == "synchronize" else "opened"
    body = copy.deepcopy(_examples()[f"pull_request.{kind}"])
    ours = _trim(bodies.whole_pull(world, pull))
    body |= {"action": action, "number": number, "sender": _user(world, sender or pull.author)}
    body["pull_request"] = _over(body["pull_request"], ours)
    if action == "synchronize":
        body["before"] = before or f"{pull.head_sha}^"
        if before is None:
            body["before"] = world.repository.resolve(f"{pull.head_sha}^") or _NO_COMMIT
        body["after"] = pull.head_sha
    return body


def _push(world: World, branch: str = "main", before: str | None = None, sender: str = "alice") -> Payload:
    """A branch was pushed. In workflows, commits come without the lists of their files."""
    sha = world.repository.ref(f"refs/heads/{branch}")
    after = sha or _NO_COMMIT
    before = before or (world.repository.resolve(f"{after}^") if sha else None) or _NO_COMMIT
    body = copy.deepcopy(_examples()["push"])
    shas = (
        world.repository.commits("--reverse", after, *([] if before == _NO_COMMIT else [f"^{before}"]))
        if sha
        else []
    )
    commits = [_commit(world, each) for each in shas]
    name, email = _person(sender)
    body |= {
        "ref": f"refs/heads/{branch}",
        "before": before,
        "after": after,
        "created": before == _NO_COMMIT,
        "deleted": sha is None,
        "forced": sha is not None
        and before != _NO_COMMIT
        and not world.repository.is_ancestor(before, after),
        "base_ref": None,
        "compare": f"{world.address}/{world.full_name}/compare/{before[:12]}...{after[:12]}",
        "commits": commits,
        "head_commit": commits[-1] if commits else None,
        "pusher": {"name": name, "email": email},
        "sender": _user(world, sender),
    }
    return body


def _person(login: str) -> tuple[str, str]:
    """A name and an address."""
    return login, f"{login}@users.noreply.github.com"


def _commit(world: World, sha: str) -> Payload:
    """A commit as a push names it."""
    git = bodies.git_commit(world, sha)
    author, committer = (
        {"name": git[who]["name"], "email": git[who]["email"], "username": git[who]["name"]}
        for who in ("author", "committer")
    )
    return {
        "id": sha,
        "tree_id": git["tree"]["sha"],
        "distinct": True,
        "message": git["message"],
        "timestamp": git["committer"]["date"],
        "url": git["html_url"],
        "author": author,
        "committer": committer,
        "added": [],
        "removed": [],
        "modified": [],
    }


def _issue_comment(world: World, comment: IssueComment, action: str = "created") -> Payload:
    """Someone wrote to the conversation of an issue or pull request."""
    issue, _ = world.issue_comment(comment.id)
    body = copy.deepcopy(_examples()["issue_comment.created"])
    ours = _trim(bodies.issue(world, issue))
    body |= {"action": action, "sender": _user(world, comment.author)}
    body["issue"] = {**_over(body["issue"], ours), "draft": False}
    body["issue"].pop("draft")
    if "pull_request" in ours:
        body["issue"]["pull_request"] = ours["pull_request"]
        body["issue"]["draft"] = ours["draft"]
    else:
        body["issue"].pop("pull_request", None)
    body["comment"] = _over(body["comment"], _trim(bodies.issue_comment(world, issue, comment)))
    return body


def _review_comment(world: World, comment: ReviewComment, action: str = "created") -> Payload:
    """Someone wrote beside the code."""
    pull, _ = world.review_comment(comment.id)
    body = copy.deepcopy(_examples()["pull_request_review_comment.created"])
    ours = _trim(bodies.review_comment(world, pull, comment))
    body |= {"action": action, "sender": _user(world, comment.author)}
    body["pull_request"] = _over(body["pull_request"], _trim(bodies.pull(world, pull)))
    body["comment"] = _over(body["comment"], ours)
    if comment.in_reply_to is not None:
        body["comment"]["in_reply_to_id"] = comment.in_reply_to
    return body


def _workflow_run(world: World, run: Run, action: str = "completed") -> Payload:
    """A run of another workflow ended."""
    body = copy.deepcopy(_examples()["workflow_run.completed"])
    ours = _trim(bodies.run(world, run))
    body |= {"action": action, "sender": _user(world, run.actor)}
    body["workflow_run"] = _over(body["workflow_run"], ours)
    body["workflow"] |= {"name": run.name, "path": run.path}
    return body


def _workflow_dispatch(
    world: World, inputs: dict[str, str] | None = None, branch: str = "main", sender: str = "alice"
) -> Payload:
    """Someone started the workflow by hand."""
    body = copy.deepcopy(_examples()["workflow_dispatch"])
    workflow = ".github/workflows/gaebot.yml"
    return body | {
        "inputs": inputs,
        "ref": f"refs/heads/{branch}",
        "workflow": workflow,
        "sender": _user(world, sender),
    }


def _schedule(world: World, schedule: str = "0 4 * * 1") -> Payload:
    """The clock started the workflow. There is no schema of this event, which webhooks don't have."""
    return {"schedule": schedule, "workflow": ".github/workflows/gaebot.yml"}


_BUILDERS = {
    "pull_request": _pull_request,
    "push": _push,
    "issue_comment": _issue_comment,
    "pull_request_review_comment": _review_comment,
    "workflow_run": _workflow_run,
    "workflow_dispatch": _workflow_dispatch,
    "schedule": _schedule,
}
