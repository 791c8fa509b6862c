"""What a race is: `Race`, and the kinds of `Problem`."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from gaebot.finding import Severity
from gaebot.rules.python27.shared.races.accesses import Read, Write
from gaebot.rules.python27.shared.races.checks import Check
from gaebot.rules.python27.shared.races.state import State
from gaebot.rules.python27.shared.reach.code import FunctionCode
from gaebot.syntax.python import PythonFile


class Problem(Enum):
    """What kind of race it is."""

    REQUEST_DATA = "request data is kept"
    COUNTER = "read, changed and written"
    NUMBER = "counted under a lock, read outside"
    CHECK_THEN_SET = "checked, then set"
    CONTAINER = "a container is changed"
    REBOUND = "given another value"


class Race(NamedTuple):
    """What a function does to shared state without a lock.

    `write` is the one that a finding points at, `others` are further ones in the same function. `why` says in
    a sentence what can happen. `blocks` tells whether answers may be wrong, so that `threadsafe` should stay
    false; `check` is the test before the write, if there is one; `outside` are the reads of a
    number that should stand under the lock of the write.
    """

    state: State
    problem: Problem
    write: Write
    severity: Severity
    why: str
    blocks: bool
    check: Check | None = None
    others: tuple[Write, ...] = ()
    outside: tuple[Read, ...] = ()

    @property
    def function(self) -> FunctionCode:
        """The function that writes."""
        return self.write.function

    @property
    def file(self) -> PythonFile:
        """The file that it stands in."""
        return self.write.file
