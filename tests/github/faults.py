"""Faults that can be switched on: what GitHub, and the way to it, do on a bad day."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.github.refusal import NO_ACCESS

_SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to "
    "GitHub Support for help, please include the request ID 8A1C:2F0B:1A2B3C:4D5E6F:65A1B2C3."
)
_RATE_DOCUMENTATION = (
    "https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api"
    "#about-secondary-rate-limits"
)


@dataclass(frozen=True)
class Fault:
    """What a caller gets instead of the answer: another one, or a connection that ends.

    With `after`, the work is done all the same; the caller only doesn't learn of it.
    """

    status: int = 0
    message: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    cut: bool = False
    after: bool = False
    seconds: float = 0.0
    errors: tuple[str, ...] = ()

    @property
    def body(self) -> dict[str, object] | str:
        """What the answer says; where GitHub itself is broken, not even JSON."""
        if self.status >= 500:
            return f"<html><head><title>{self.status}</title></head><body>{self.message}</body></html>"
        where = _RATE_DOCUMENTATION if self.message == _SECONDARY else "https://docs.github.com/rest"
        errors = {"errors": list(self.errors)} if self.errors else {}
        return {"message": self.message, **errors, "documentation_url": where, "status": str(self.status)}


def forbidden() -> Fault:
    """The token lacks a permission."""
    return Fault(403, NO_ACCESS)


def secondary_limit(retry_after: int | None = 60, status: int = 403) -> Fault:
    """Too much in too short a time; with or without word of how long to wait."""
    headers = (("Retry-After", str(retry_after)),) if retry_after is not None else ()
    return Fault(status, _SECONDARY, headers)


def primary_limit(reset: int) -> Fault:
    """No requests are left until a time."""
    message = "API rate limit exceeded for installation ID 12345."
    return Fault(403, message, (("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", str(reset))))


def server_error(status: int = 502, *, after: bool = False) -> Fault:
    """GitHub is broken: before it did what was asked, or after it."""
    return Fault(status, "Server Error", after=after)


def cut(*, after: bool = False) -> Fault:
    """The connection ends without an answer: before the work was done, or after it."""
    return Fault(cut=True, after=after)


def slow(seconds: float) -> Fault:
    """The right answer, late."""
    return Fault(seconds=seconds)


def unprocessable(*errors: str) -> Fault:
    """A request that looks right is refused."""
    return Fault(422, "Unprocessable Entity", errors=errors)


def gone() -> Fault:
    """Something is not there any more."""
    return Fault(404, "Not Found")


@dataclass
class _Rule:
    """A fault of an operation: at which of its calls, counted from when the rule was made."""

    operation: str
    fault: Fault
    calls: frozenset[int] | None
    count: itertools.count = field(default_factory=lambda: itertools.count(1))


@dataclass
class Faults:
    """The faults that are switched on."""

    rules: list[_Rule] = field(default_factory=list)
    anchors: set[tuple[str, int]] = field(default_factory=set)

    def on(self, operation: str, fault: Fault, *, call: int | Iterable[int] | None = None) -> None:
        """Switches a fault on, for every call of an operation or for the first, second, … from now on.

        Operations have GitHub's names (`pulls/create-review`). A mutation of GraphQL is called
        `graphql/resolveReviewThread`, a query `graphql/query`, and what git does `git/upload-pack` and
        `git/receive-pack`; `*` stands for all.
        """
        calls = {call} if isinstance(call, int) else call
        self.rules.append(_Rule(operation, fault, None if calls is None else frozenset(calls)))

    def refuse_anchor(self, path: str, line: int) -> None:
        """Refuses comments on a line, though it is part of the diff."""
        self.anchors.add((path, line))

    def clear(self) -> None:
        """Switches everything off."""
        self.rules.clear()
        self.anchors.clear()

    def meet(self, operation: str) -> Fault | None:
        """The fault of this call, if there is one; asked once for each call."""
        found = None
        for rule in self.rules:
            if rule.operation in ("*", operation):
                number = next(rule.count)
                if found is None and (rule.calls is None or number in rule.calls):
                    found = rule.fault
        return found
