"""What speaks for a patched app: proofs, each one a step that passed, failed or was not run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from gaebot.paths import full_path


class Outcome(Enum):
    """How a proof went."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"


class Step(Enum):
    """The kinds of proofs, in the order in which they are told."""

    COMPILE = "compile"
    YAML = "yaml"
    LOAD = "load"
    ANSWER = "answer"
    AGAIN = "again"

    @property
    def title(self) -> str:
        """What is proved, as a sentence without its first capital letter and its full stop."""
        return _TITLES[self]

    @property
    def heading(self) -> str:
        """The same with a capital letter."""
        return self.title[0].upper() + self.title[1:]


_TITLES = {
    Step.COMPILE: "Python 2.7 compiles the Python files",
    Step.YAML: "Google's parsers take the YAML files",
    Step.LOAD: "the scripts of all handlers load",
    Step.ANSWER: "all handlers answer on Google's development server",
    Step.AGAIN: "a second run changes nothing",
}


class Judgement(NamedTuple):
    """What was found out about one thing: a file, or a handler of a service.

    `path` is the file in the app, that of the service for a handler. `handler` is the pattern of URLs,
    `script` what runs for it, `asked` the URL that was requested and `status` that of the answer. `said` is
    what the judge says: why it failed, or why it was not run (half a sentence that follows "because").
    """

    path: str
    outcome: Outcome
    said: str = ""
    handler: str = ""
    script: str = ""
    asked: str = ""
    status: int | None = None


class Proof(NamedTuple):
    """One step: how it went, and what there is to say about it.

    `about` is what was looked at ("3 Python files"), or, where it was not run, half a sentence that follows
    "because".
    """

    step: Step
    outcome: Outcome
    about: str
    judgements: tuple[Judgement, ...] = ()

    @property
    def open_ones(self) -> tuple[Judgement, ...]:
        """The judgements that are not "passed", what failed first."""
        failed = [one for one in self.judgements if one.outcome is Outcome.FAILED]
        return (*failed, *(one for one in self.judgements if one.outcome is Outcome.NOT_RUN))


@dataclass(frozen=True)
class Evidence:
    """What speaks for one app: the proofs in order, and the programs that judged.

    `advice` are sentences on what to install, so that more can be run. `app` is the app root as the caller
    named it.
    """

    proofs: tuple[Proof, ...]
    judges: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    app: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether every step passed. What was not run proves nothing."""
        return all(proof.outcome is Outcome.PASSED for proof in self.proofs)

    def count(self, outcome: Outcome) -> int:
        """How many steps went like that."""
        return sum(proof.outcome is outcome for proof in self.proofs)

    def for_app(self, root: str) -> Evidence:
        """The same, told which app root it belongs to."""
        return replace(self, app=root)

    def in_app(self, path: str) -> str:
        """A path in the app as the caller would name it."""
        return full_path(self.app, path) if path else ""


def first(judgements: Iterable[Judgement], most: int) -> Iterator[Judgement | None]:
    """At most so many judgements, and None where there are more."""
    for number, judgement in enumerate(judgements):
        if number == most:
            yield None
            return
        yield judgement


def concluded(step: Step, judgements: Iterable[Judgement], about: str) -> Proof:
    """The proof that some judgements come to: it fails with one of them, and passes with all of them."""
    found = tuple(judgements)
    outcomes = [judgement.outcome for judgement in found]
    if Outcome.FAILED in outcomes:
        failed = outcomes.count(Outcome.FAILED)
        return Proof(step, Outcome.FAILED, f"{about}, {failed:,} failed", found)
    if Outcome.NOT_RUN in outcomes:
        missing = outcomes.count(Outcome.NOT_RUN)
        if missing == len(found) and len({judgement.said for judgement in found}) == 1:
            return Proof(step, Outcome.NOT_RUN, found[0].said, found)
        return Proof(step, Outcome.NOT_RUN, f"{missing:,} of {len(found):,} could not be judged", found)
    return Proof(step, Outcome.PASSED, about, found)
