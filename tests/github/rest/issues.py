"""Issues, the conversation, and labels. Each pull request is an issue, too."""

from __future__ import annotations

from tests.github import bodies, changes
from tests.github.refusal import RefusalError, check_length, invalid, no_access, not_found
from tests.github.rest.calls import Answer, Call, Listing, answers
from tests.github.state import Issue, Pull

_EITHER = ("issues: write", "pull-requests: write")


def _issue_of(call: Call, *, to_change: bool = False) -> Issue:
    """The issue that a call names. The permission to change it is another one for pull requests."""
    issue = call.world.issue(call.parameters["issue_number"])
    if to_change:
        _check(call, issue)
    return issue


def _check(call: Call, issue: Issue) -> None:
    """Refuses to change an issue with the permission for pull requests alone."""
    if not isinstance(issue, Pull) and not call.token.may("issues: write"):
        raise no_access()


@answers("issues/get")
def get(call: Call) -> Answer:
    """An issue."""
    return Answer(200, bodies.issue(call.world, _issue_of(call)))


@answers("issues/list-for-repo")
def list_issues(call: Call) -> Listing:
    """Issues and pull requests, newest first."""
    query = call.query
    labels = [name for name in query.get("labels", "").split(",") if name]
    found = [
        issue
        for issue in call.world.issues.values()
        if query.get("state", "open") in ("all", issue.state)
        and set(labels) <= set(issue.labels)
        and query.get("creator", issue.author) == issue.author
    ]
    found.sort(key=lambda issue: issue.number, reverse=query.get("direction", "desc") == "desc")
    return Listing(found, lambda each: bodies.issue(call.world, each))


@answers("issues/create", "issues: write")
def create(call: Call) -> Answer:
    """A new issue."""
    made = changes.open_issue(call.world, str(call.body["title"]), call.body.get("body"), call.login)
    made.labels = [call.world.label(name).name for name in call.body.get("labels", ())]
    return Answer(201, bodies.issue(call.world, made))


@answers("issues/update", *_EITHER)
def update(call: Call) -> Answer:
    """Another title, text, state, or other labels."""
    world, issue, body = call.world, _issue_of(call, to_change=True), call.body or {}
    check_length("Issue", body.get("body"))
    issue.title = body.get("title") or issue.title
    issue.body = body.get("body", issue.body)
    if "labels" in body:
        issue.labels = [world.label(name).name for name in body["labels"]]
    if body.get("state", issue.state) != issue.state:
        if body["state"] == "closed":
            world.close(issue, call.login)
        else:
            world.reopen(issue)
    issue.updated_at = world.clock.tick()
    return Answer(200, bodies.issue(world, issue))


@answers("issues/list-comments")
def list_comments(call: Call) -> Listing:
    """The conversation, oldest first."""
    issue = _issue_of(call)
    found = [each for each in issue.comments if each.updated_at >= call.query.get("since", "")]
    return Listing(found, lambda each: bodies.issue_comment(call.world, issue, each))


@answers("issues/create-comment", *_EITHER)
def create_comment(call: Call) -> Answer:
    """A new comment."""
    issue = _issue_of(call, to_change=True)
    made = changes.comment(call.world, issue, call.body["body"], call.login)
    return Answer(201, bodies.issue_comment(call.world, issue, made))


@answers("issues/get-comment")
def get_comment(call: Call) -> Answer:
    """A comment."""
    return Answer(
        200, bodies.issue_comment(call.world, *call.world.issue_comment(call.parameters["comment_id"]))
    )


@answers("issues/update-comment", *_EITHER)
def update_comment(call: Call) -> Answer:
    """Gives a comment another text."""
    issue, comment = call.world.issue_comment(call.parameters["comment_id"])
    _check(call, issue)
    changes.edit(call.world, comment, call.body["body"])
    return Answer(200, bodies.issue_comment(call.world, issue, comment))


@answers("issues/delete-comment", *_EITHER)
def delete_comment(call: Call) -> Answer:
    """Deletes a comment."""
    issue, comment = call.world.issue_comment(call.parameters["comment_id"])
    _check(call, issue)
    issue.comments.remove(comment)
    return Answer(204)


@answers("reactions/create-for-issue-comment", *_EITHER)
def react(call: Call) -> Answer:
    """Reacts to a comment; once each way."""
    _, comment = call.world.issue_comment(call.parameters["comment_id"])
    reaction = (call.login, call.body["content"])
    new = reaction not in comment.reactions
    if new:
        comment.reactions.append(reaction)
    return Answer(
        201 if new else 200,
        {
            "id": comment.id,
            "node_id": f"REA_{comment.id}",
            "user": bodies.user(call.world, call.login),
            "content": call.body["content"],
            "created_at": call.world.clock.now(),
        },
    )


@answers("issues/list-labels-on-issue")
def labels_of_issue(call: Call) -> Listing:
    """The labels of an issue."""
    return _labels(call, _issue_of(call))


def _labels(call: Call, issue: Issue) -> Listing:
    """The labels that an issue has."""
    return Listing(issue.labels, lambda name: bodies.label(call.world, call.world.label(name)))


def _names(body: object) -> list[str]:
    """The names of labels in a body; it may be a list, or an object that holds one."""
    listed = body.get("labels", []) if isinstance(body, dict) else body
    return list(listed) if isinstance(listed, list) else []


@answers("issues/add-labels", *_EITHER)
def add_labels(call: Call) -> Listing:
    """More labels; those that the repository doesn't have yet are made."""
    issue = _issue_of(call, to_change=True)
    for name in _names(call.body):
        if call.world.label(name).name not in issue.labels:
            issue.labels.append(name)
    issue.updated_at = call.world.clock.tick()
    return _labels(call, issue)


@answers("issues/set-labels", *_EITHER)
def set_labels(call: Call) -> Listing:
    """Other labels."""
    issue = _issue_of(call, to_change=True)
    issue.labels = [call.world.label(name).name for name in _names(call.body)]
    issue.updated_at = call.world.clock.tick()
    return _labels(call, issue)


@answers("issues/remove-label", *_EITHER)
def remove_label(call: Call) -> Listing:
    """A label less."""
    issue, name = _issue_of(call, to_change=True), call.parameters["name"]
    if name not in issue.labels:
        raise RefusalError(404, "Label does not exist")
    issue.labels.remove(name)
    issue.updated_at = call.world.clock.tick()
    return _labels(call, issue)


@answers("issues/list-labels-for-repo")
def labels_of_repository(call: Call) -> Listing:
    """All labels."""
    return Listing(list(call.world.labels.values()), lambda each: bodies.label(call.world, each))


@answers("issues/get-label")
def get_label(call: Call) -> Answer:
    """A label."""
    found = call.world.labels.get(call.parameters["name"])
    if found is None:
        raise not_found()
    return Answer(200, bodies.label(call.world, found))


@answers("issues/create-label", *_EITHER)
def create_label(call: Call) -> Answer:
    """A new label."""
    name = call.body["name"]
    if name in call.world.labels:
        raise invalid("Label", "name", "already_exists")
    made = call.world.label(name)
    made.color = call.body.get("color", made.color)
    made.description = call.body.get("description")
    return Answer(201, bodies.label(call.world, made))
