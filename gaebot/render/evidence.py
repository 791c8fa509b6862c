"""Evidence as text for people: the steps of each app, and what failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gaebot.evidence import Evidence, Judgement, Outcome, Proof, Step, first
from gaebot.render.text import Paint, plain
from gaebot.render.visible import visible
from gaebot.render.words import counted, one_line
from gaebot.render.wrapping import wrapped
from gaebot.report import Report

_STYLES = {Outcome.PASSED: "green", Outcome.FAILED: "red", Outcome.NOT_RUN: "yellow"}
_MOST = 20  # of the things that a step has looked at, each time that they are listed
_INDENT = "  "
_COLUMN = 11  # where the text of a step begins


def render_evidence(report: Report, *, paint: Paint = plain, width: int = 100, quiet: bool = False) -> str:
    """What speaks for each app of a report, then what it comes to. Ends with a line feed.

    Files are named where they failed or were not judged, handlers always. With `quiet`, only steps that did
    not pass are told: nothing, where there are none.
    """
    lines: list[str] = []
    for evidence in report.evidence:
        proofs = [proof for proof in evidence.proofs if not quiet or proof.outcome is not Outcome.PASSED]
        if proofs:
            lines += [paint(visible(evidence.app) or ".", "bold"), *_steps(evidence, proofs, paint, width)]
            lines.append("")
    if not quiet:
        lines += _conclusion(report.evidence, paint, width)
    return "".join(f"{line}\n" for line in lines)


def sentence(proof: Proof) -> str:
    """What a proof says beside its outcome, on one line: what is proved, and what there is to say of it."""
    title = proof.step.heading
    if proof.outcome is Outcome.NOT_RUN:
        return f"{title}: because {one_line(proof.about)}."
    return f"{title}: {one_line(proof.about)}."


def described(evidence: Evidence, judgement: Judgement) -> str:
    """What a judgement is about, on one line: 'shop/app.yaml: /sign (main.app), GET /sign: 200'."""
    parts = []
    if judgement.path:
        parts.append(visible(evidence.in_app(judgement.path)))
    if judgement.handler:
        parts.append(f"{one_line(judgement.handler)} ({one_line(judgement.script)})")
    elif judgement.script:
        parts.append(one_line(judgement.script))
    if judgement.asked:
        answer = f": {judgement.status}" if judgement.status is not None else ""
        parts[-1] += f", {one_line(judgement.asked)}{answer}"
    said = one_line(judgement.said)
    if judgement.outcome is Outcome.NOT_RUN and said:
        said = f"not run, because {said}"
    return ": ".join([*parts, *([said] if said else [])])


def _steps(evidence: Evidence, proofs: Iterable[Proof], paint: Paint, width: int) -> Iterator[str]:
    for proof in proofs:
        word = proof.outcome.value
        lines = wrapped(sentence(proof), width, " " * _COLUMN)
        head = paint(word, _STYLES[proof.outcome]) + " " * (_COLUMN - len(word) - len(_INDENT))
        yield f"{_INDENT}{head}{lines[0].lstrip()}"
        yield from lines[1:]
        told = proof.judgements if proof.step in (Step.LOAD, Step.ANSWER) else proof.open_ones
        if proof.outcome is Outcome.NOT_RUN and {one.said for one in told} == {proof.about}:
            continue  # the sentence has said it of all of them
        if proof.outcome is not Outcome.PASSED:
            told = (*proof.open_ones, *(one for one in told if one.outcome is Outcome.PASSED))
        yield from _listed(evidence, told, paint, width)


def _listed(evidence: Evidence, judgements: tuple[Judgement, ...], paint: Paint, width: int) -> Iterator[str]:
    for judgement in first(judgements, _MOST):
        if judgement is None:
            yield f"{' ' * _COLUMN}  … and {len(judgements) - _MOST:,} more"
            return
        mark = {Outcome.PASSED: "+", Outcome.FAILED: "-", Outcome.NOT_RUN: "?"}[judgement.outcome]
        lines = wrapped(described(evidence, judgement), width, " " * (_COLUMN + 2))
        yield f"{' ' * _COLUMN}{paint(mark, _STYLES[judgement.outcome])} {lines[0].lstrip()}"
        yield from lines[1:]


def _conclusion(found: tuple[Evidence, ...], paint: Paint, width: int) -> Iterator[str]:
    judges = dict.fromkeys(name for evidence in found for name in evidence.judges)
    if judges:
        yield from wrapped(f"Judged by {', '.join(judges)}.", width)
    for advice in dict.fromkeys(advice for evidence in found for advice in evidence.advice):
        yield from wrapped(one_line(advice), width)
    if not found:
        yield "There was nothing to prove."
        return
    whole = sum(evidence.is_whole for evidence in found)
    if whole == len(found):
        what = "The app works" if len(found) == 1 else f"All {len(found):,} apps work"
        yield paint(f"{what}: every step passed.", "green")
        return
    failed = sum(evidence.count(Outcome.FAILED) for evidence in found)
    not_run = sum(evidence.count(Outcome.NOT_RUN) for evidence in found)
    parts = [*([f"{counted(failed, 'step')} failed"] if failed else [])]
    if not_run:
        parts.append(f"{counted(not_run, 'step')} {'was' if not_run == 1 else 'were'} not run")
    apps = "The app is" if len(found) == 1 else f"{len(found) - whole:,} of {len(found):,} apps are"
    yield paint(f"{apps} not proved to work: {' and '.join(parts)}.", "bold")
