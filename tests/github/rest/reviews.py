"""Reviews, and comments beside the code."""

from __future__ import annotations

from tests.github import bodies, changes
from tests.github.refusal import RefusalError, check_length, not_found, unprocessable
from tests.github.rest.calls import Answer, Call, Listing, answers
from tests.github.rest.pulls import pull_of
from tests.github.state import Pull, Review, ReviewComment

_WRITE = "pull-requests: write"


def _review_of(call: Call) -> tuple[Pull, Review]:
    """The review that a call names, and its pull request."""
    pull = pull_of(call)
    for review in pull.reviews:
        if str(review.id) == call.parameters["review_id"]:
            return pull, review
    raise not_found()


def _visible(call: Call, pull: Pull) -> list[ReviewComment]:
    """The comments that are there for all: those of pending reviews are not."""
    pending = {review.id for review in pull.reviews if review.state == "PENDING"}
    return [comment for comment in pull.review_comments if comment.review_id not in pending]


@answers("pulls/create-review", _WRITE)
def create_review(call: Call) -> Answer:
    """A new review: all of it, or nothing."""
    pull, body = pull_of(call), call.body or {}
    made = changes.review(
        call.world,
        pull,
        call.login,
        body=body.get("body") or "",
        event=body.get("event") or None,
        comments=body.get("comments", ()),
        commit_id=body.get("commit_id"),
    )
    return Answer(200, bodies.review(call.world, pull, made))


@answers("pulls/list-reviews")
def list_reviews(call: Call) -> Listing:
    """The reviews; a pending one only for who writes it."""
    pull = pull_of(call)
    found = [each for each in pull.reviews if each.state != "PENDING" or each.author == call.login]
    return Listing(found, lambda each: bodies.review(call.world, pull, each))


@answers("pulls/get-review")
def get_review(call: Call) -> Answer:
    """A review."""
    return Answer(200, bodies.review(call.world, *_review_of(call)))


@answers("pulls/update-review", _WRITE)
def update_review(call: Call) -> Answer:
    """Gives a review another text."""
    pull, review = _review_of(call)
    check_length("PullRequestReview", call.body["body"])
    review.body = call.body["body"]
    return Answer(200, bodies.review(call.world, pull, review))


@answers("pulls/dismiss-review", _WRITE)
def dismiss_review(call: Call) -> Answer:
    """Takes a review's verdict back."""
    pull, review = _review_of(call)
    if review.state not in ("APPROVED", "CHANGES_REQUESTED"):
        raise unprocessable("Can not dismiss a commented pull request review")
    review.state = "DISMISSED"
    return Answer(200, bodies.review(call.world, pull, review))


@answers("pulls/list-comments-for-review")
def comments_of_review(call: Call) -> Listing:
    """The comments of one review."""
    pull, review = _review_of(call)
    found = [comment for comment in pull.review_comments if comment.review_id == review.id]
    return Listing(found, lambda each: bodies.comment_of_review(call.world, pull, each))


@answers("pulls/list-review-comments")
def list_comments(call: Call) -> Listing:
    """All comments beside the code."""
    pull, query = pull_of(call), call.query
    found = [each for each in _visible(call, pull) if each.updated_at >= query.get("since", "")]
    if "sort" in query:
        key = "updated_at" if query["sort"] == "updated" else "created_at"
        newest_first = query.get("direction") == "desc"
        found.sort(key=lambda each: (getattr(each, key), each.id), reverse=newest_first)
    return Listing(found, lambda each: bodies.review_comment(call.world, pull, each))


@answers("pulls/create-review-comment", _WRITE)
def create_comment(call: Call) -> Answer:
    """A new comment beside the code, or an answer to one."""
    pull, body = pull_of(call), call.body
    if body.get("in_reply_to") is not None:
        _, to = call.world.review_comment(body["in_reply_to"])
        made = changes.reply(call.world, pull, to, body["body"], call.login)
    else:
        made = changes.review_comment(call.world, pull, call.login, body, body["commit_id"])
    return Answer(201, bodies.review_comment(call.world, pull, made))


@answers("pulls/create-reply-for-review-comment", _WRITE)
def create_reply(call: Call) -> Answer:
    """An answer to a comment that is none itself."""
    pull = pull_of(call)
    _, to = call.world.review_comment(call.parameters["comment_id"])
    if to.in_reply_to is not None:
        raise RefusalError(
            422,
            "Validation Failed",
            [{"resource": "PullRequestReviewComment", "code": "invalid", "field": "in_reply_to"}],
        )
    made = changes.reply(call.world, pull, to, call.body["body"], call.login)
    return Answer(201, bodies.review_comment(call.world, pull, made))


@answers("pulls/get-review-comment")
def get_comment(call: Call) -> Answer:
    """A comment beside the code."""
    return Answer(
        200, bodies.review_comment(call.world, *call.world.review_comment(call.parameters["comment_id"]))
    )


@answers("pulls/update-review-comment", _WRITE)
def update_comment(call: Call) -> Answer:
    """Gives a comment another text."""
    pull, comment = call.world.review_comment(call.parameters["comment_id"])
    changes.edit(call.world, comment, call.body["body"])
    return Answer(200, bodies.review_comment(call.world, pull, comment))


@answers("pulls/delete-review-comment", _WRITE)
def delete_comment(call: Call) -> Answer:
    """Deletes a comment; the answers to it stay."""
    pull, comment = call.world.review_comment(call.parameters["comment_id"])
    pull.review_comments.remove(comment)
    return Answer(204)
