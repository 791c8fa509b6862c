"""Pull requests."""

from __future__ import annotations

from tests.github import bodies, changes
from tests.github.refusal import RefusalError, check_length, custom, invalid
from tests.github.rest.calls import Answer, Call, Listing, answers
from tests.github.state import Pull

_WRITE = "pull-requests: write"
_MOST_FILES = 3000
_MOST_COMMITS = 250


def pull_of(call: Call) -> Pull:
    """The pull request that a call names."""
    return call.world.pull(call.parameters["pull_number"])


@answers("pulls/list")
def list_pulls(call: Call) -> Listing:
    """Pull requests: those of a state, head or base."""
    state, query = call.query.get("state", "open"), call.query
    found = [
        pull
        for pull in call.world.pulls
        if state in ("all", pull.state)
        and query.get("head", f"{pull.head_owner}:{pull.head_ref}") == f"{pull.head_owner}:{pull.head_ref}"
        and query.get("base", pull.base_ref) == pull.base_ref
    ]
    sort = query.get("sort", "created")
    keys = {
        "created": lambda pull: (pull.created_at, pull.number),
        "updated": lambda pull: (pull.updated_at, pull.number),
        "popularity": lambda pull: len(pull.comments),
        "long-running": lambda pull: pull.created_at,
    }
    newest_first = query.get("direction", "desc" if sort == "created" else "asc") == "desc"
    found.sort(key=keys[sort], reverse=newest_first)
    return Listing(found, lambda each: bodies.pull(call.world, each))


@answers("pulls/get")
def get(call: Call) -> Answer:
    """A pull request."""
    return Answer(200, bodies.whole_pull(call.world, pull_of(call)))


@answers("pulls/create", _WRITE)
def create(call: Call) -> Answer:
    """A new pull request."""
    body = call.body
    if not str(body.get("title") or "").strip():
        raise RefusalError(
            422, "Validation Failed", [{"resource": "Issue", "code": "missing_field", "field": "title"}]
        )
    made = changes.open_pull(
        call.world,
        body["head"],
        body["base"],
        title=body["title"],
        body=body.get("body"),
        author=call.login,
        draft=body.get("draft", False),
        maintainer_can_modify=body.get("maintainer_can_modify", True),
    )
    return Answer(201, bodies.whole_pull(call.world, made))


@answers("pulls/update", _WRITE)
def update(call: Call) -> Answer:
    """Another title, text, base or state."""
    world, pull, body = call.world, pull_of(call), call.body or {}
    check_length("Issue", body.get("body"))
    if "title" in body:
        if not body["title"].strip():
            raise invalid("Issue", "title", "missing_field")
        pull.title = body["title"]
    if "body" in body:
        pull.body = body["body"]
    if "base" in body:
        base = world.repository_sha(f"refs/heads/{body['base']}")
        if base is None:
            raise invalid("PullRequest", "base")
        pull.base_ref = body["base"]
        world.follow(pull, pull.head_sha, base)
    if body.get("state", pull.state) != pull.state:
        if body["state"] == "closed":
            world.close(pull, call.login)
        else:
            _reopen(call, pull)
    pull.updated_at = world.clock.tick()
    return Answer(200, bodies.whole_pull(world, pull))


def _reopen(call: Call, pull: Pull) -> None:
    """Opens a pull request again; GitHub does not once its branch is gone or was pushed with force."""
    head = call.world.repository_sha(call.world.head_ref(pull.head_owner, pull.head_ref))
    if pull.merged_at is not None or head is None:
        raise custom("PullRequest", f"state cannot be changed. The {pull.head_ref} branch has been deleted.")
    if not call.world.repository.is_ancestor(pull.head_sha, head):
        text = f"state cannot be changed. The {pull.head_ref} branch was force-pushed or recreated."
        raise custom("PullRequest", text)
    call.world.reopen(pull)


@answers("pulls/list-files")
def files(call: Call) -> Listing:
    """The files that differ; GitHub lists the first 3,000."""
    pull = pull_of(call)
    found = call.world.changes(pull)[:_MOST_FILES]
    return Listing(found, lambda each: bodies.file(call.world, each, pull.head_sha))


@answers("pulls/list-commits")
def commits(call: Call) -> Listing:
    """The commits, oldest first; GitHub lists the first 250."""
    found = call.world.commits(pull_of(call))[:_MOST_COMMITS]
    return Listing(found, lambda each: bodies.commit(call.world, each))


@answers("pulls/list-requested-reviewers")
def requested_reviewers(call: Call) -> Answer:
    """Who shall review."""
    users = [bodies.user(call.world, login) for login in pull_of(call).requested_reviewers]
    return Answer(200, {"users": users, "teams": []})


@answers("pulls/request-reviewers", _WRITE)
def request_reviewers(call: Call) -> Answer:
    """Asks collaborators for a review."""
    world, pull = call.world, pull_of(call)
    for login in call.body.get("reviewers", ()):
        if login == pull.author:
            raise RefusalError(422, "Review cannot be requested from pull request author.")
        if world.level(login) == "read":
            text = "Reviews may only be requested from collaborators. One or more of the users or teams you"
            raise RefusalError(
                422, f"{text} specified is not a collaborator of the {world.full_name} repository."
            )
        if login not in pull.requested_reviewers:
            pull.requested_reviewers.append(login)
    pull.updated_at = world.clock.tick()
    return Answer(201, bodies.pull(world, pull))


@answers("pulls/remove-requested-reviewers", _WRITE)
def remove_requested_reviewers(call: Call) -> Answer:
    """Asks no longer."""
    pull = pull_of(call)
    gone = call.body["reviewers"]
    pull.requested_reviewers = [login for login in pull.requested_reviewers if login not in gone]
    return Answer(200, bodies.pull(call.world, pull))
