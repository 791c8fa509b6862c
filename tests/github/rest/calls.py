"""A call of an operation, its answer, and the table of who answers what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.github.refusal import no_access
from tests.github.state import Token
from tests.github.world import World


@dataclass
class Answer:
    """A status, a body that becomes JSON (or bytes that don't), and headers."""

    status: int
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Listing:
    """All items of a list, of which the answer has one page; how an item is shown, and what is around them."""

    items: Sequence[Any]
    show: Callable[[Any], object] = lambda item: item
    around: str | None = None


@dataclass
class Call:
    """A call: the world it is about, the values in its path and query, its body, and who makes it."""

    world: World
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    token: Token

    @property
    def login(self) -> str:
        """Who calls."""
        return self.token.login


Handler = Callable[[Call], Answer | Listing]

handlers: dict[str, Handler] = {}
"""Who answers an operation, by its name."""


def answers(operation: str, *needs: str) -> Callable[[Handler], Handler]:
    """Makes a function answer an operation. A token of a workflow needs one of these permissions for it."""

    def register(handler: Handler) -> Handler:
        def checked(call: Call) -> Answer | Listing:
            if needs and not any(call.token.may(need) for need in needs):
                raise no_access()
            return handler(call)

        handlers[operation] = checked
        return handler

    return register
