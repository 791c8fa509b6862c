"""What the page shows of evidence: the steps of each app, with what each has looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gaebot.evidence import Evidence, Judgement, Outcome, Proof
from gaebot.render.html.words import Words, number, prose

_MOST = 200  # rows of a step

_TONES = {Outcome.PASSED: "yes", Outcome.FAILED: "no", Outcome.NOT_RUN: "warning"}


@dataclass(frozen=True)
class RowView:
    """One thing that was looked at. `tone` is the class of what became of it."""

    path: str
    handler: str
    script: str
    asked: str
    status: str
    outcome: str
    tone: str
    said: str


@dataclass(frozen=True)
class StepView:
    """One step: the rows that did not pass first. `more` is how many are not shown."""

    title: str
    outcome: str
    tone: str
    about: tuple[Words, ...]
    rows: tuple[RowView, ...]
    more: int

    @property
    def has_handlers(self) -> bool:
        """Whether its rows are about handlers and scripts."""
        return any(row.script or row.handler for row in self.rows)

    @property
    def is_passed(self) -> bool:
        """Whether it passed."""
        return self.tone == _TONES[Outcome.PASSED]


@dataclass(frozen=True)
class EvidenceView:
    """What speaks for an app, in short and in full."""

    app: str
    is_whole: bool
    summary: str
    steps: tuple[StepView, ...]
    judges: str
    advice: tuple[tuple[Words, ...], ...]


def evidence_view(evidence: Evidence) -> EvidenceView:
    """What is shown of the evidence for an app."""
    return EvidenceView(
        evidence.app,
        evidence.is_whole,
        ", ".join(_summary(evidence)),
        tuple(_step(evidence, proof) for proof in evidence.proofs),
        ", ".join(evidence.judges),
        tuple(map(prose, evidence.advice)),
    )


def _summary(evidence: Evidence) -> Iterator[str]:
    for outcome in Outcome:
        count = evidence.count(outcome)
        if count:
            yield f"{number(count, 'step')} {outcome.value}"


def _step(evidence: Evidence, proof: Proof) -> StepView:
    title = proof.step.heading
    about = f"because {proof.about}" if proof.outcome is Outcome.NOT_RUN else proof.about
    passed = tuple(one for one in proof.judgements if one.outcome is Outcome.PASSED)
    judgements = (*proof.open_ones, *passed)
    rows = tuple(_row(evidence, judgement) for judgement in judgements[:_MOST])
    return StepView(
        title, proof.outcome.value, _TONES[proof.outcome], prose(about), rows, len(judgements) - len(rows)
    )


def _row(evidence: Evidence, judgement: Judgement) -> RowView:
    return RowView(
        evidence.in_app(judgement.path),
        judgement.handler,
        judgement.script,
        judgement.asked,
        str(judgement.status) if judgement.status is not None else "",
        judgement.outcome.value,
        _TONES[judgement.outcome],
        " ".join(judgement.said.split()),
    )
