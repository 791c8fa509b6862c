"""Users, the rate limit, and who may do what."""

from __future__ import annotations

from tests.github import bodies
from tests.github.refusal import RefusalError, no_access, not_found
from tests.github.rest.calls import Answer, Call, answers

_RESOURCES = (
    "actions_runner_registration",
    "code_scanning_upload",
    "code_search",
    "core",
    "dependency_snapshots",
    "graphql",
    "integration_manifest",
    "scim",
    "search",
    "source_import",
)


@answers("users/get-authenticated")
def authenticated(call: Call) -> Answer:
    """Whose token it is. The token of a workflow is nobody's."""
    if call.token.permissions is not None:
        raise no_access()
    return Answer(200, bodies.account(call.world, call.login))


@answers("users/get-by-username")
def by_username(call: Call) -> Answer:
    """A user's page."""
    login = call.parameters["username"]
    if login not in call.world.users:
        raise not_found()
    return Answer(200, bodies.account(call.world, login))


@answers("repos/get-collaborator-permission-level")
def permission_level(call: Call) -> Answer:
    """What someone may do with the repository."""
    login = call.parameters["username"]
    if login not in call.world.users or login.endswith("[bot]"):
        raise RefusalError(404, f"{login} is not a user")
    level = call.world.level(login)
    reach = ("read", "write", "admin").index(level)
    names = {"pull": 0, "triage": 1, "push": 1, "maintain": 2, "admin": 2}
    user = {
        **bodies.user(call.world, login),
        "permissions": {name: reach >= rank for name, rank in names.items()},
        "role_name": level,
    }
    return Answer(200, {"permission": level, "user": user, "role_name": level})


@answers("rate-limit/get")
def rate_limit(call: Call) -> Answer:
    """How many requests are left."""
    left = {"limit": 1000, "remaining": 999, "reset": 1767618000, "used": 1}
    return Answer(200, {"resources": dict.fromkeys(_RESOURCES, left), "rate": left})
