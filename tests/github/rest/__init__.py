"""The operations of the REST interface, each by the name in GitHub's description."""

from __future__ import annotations

from tests.github.rest import actions, git, issues, pulls, repos, reviews, users
from tests.github.rest.calls import Answer, Call, Listing, handlers

__all__ = [
    "Answer",
    "Call",
    "Listing",
    "actions",
    "git",
    "handlers",
    "issues",
    "pulls",
    "repos",
    "reviews",
    "users",
]
