"""What a run of the bot came to, and where it says so besides the code host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gaebot.report import Report


class Output(Protocol):
    """Where a run can say something without asking the code host."""

    def log(self, line: str) -> None:
        """A line of the log. It is ours; what is from a repository has been made visible."""

    def annotate(self, commands: str) -> None:
        """Workflow commands, as `render_github` makes them."""

    def summarise(self, markdown: str) -> None:
        """Add to the job's summary."""

    def keep(self, name: str, data: bytes) -> str:
        """Keep a file for the artifacts of the run; its path."""


class Checks(Protocol):
    """Checks of a pull request's code. Nothing of it is run, and nothing in it says how it is checked."""

    def head(self) -> Report:
        """What is found in the code of the pull request, with paths as in the repository."""

    def base(self) -> Report | None:
        """What was found before it, None where that code can't be had."""


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    `went` counts for each place how many findings were told there: 'review', 'summary', 'annotations',
    'job summary', 'artifact'; together they are all findings that there was something to say of. `fails`
    tells whether findings make the run fail; that something could not be posted never does. `why` is a
    sentence where nothing was done.
    """

    report: Report | None = None
    went: Mapping[str, int] = field(default_factory=dict)
    fails: bool = False
    review_url: str = ""
    pull_requests: tuple[int, ...] = ()
    why: str = ""
