"""What GitHub's answers look like: each function makes one object of the REST interface."""

from tests.github.bodies.commits import commit, git_commit, ref, verification, whole_commit
from tests.github.bodies.issues import issue, issue_comment
from tests.github.bodies.pulls import comment_of_review, file, pull, review, review_comment, whole_pull
from tests.github.bodies.repositories import (
    account,
    label,
    repository,
    short_repository,
    user,
    whole_repository,
)
from tests.github.bodies.runs import artifact, run

__all__ = [
    "account",
    "artifact",
    "comment_of_review",
    "commit",
    "file",
    "git_commit",
    "issue",
    "issue_comment",
    "label",
    "pull",
    "ref",
    "repository",
    "review",
    "review_comment",
    "run",
    "short_repository",
    "user",
    "verification",
    "whole_commit",
    "whole_pull",
    "whole_repository",
]
