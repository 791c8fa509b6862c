"""What speaks for a group of fixes: what Python 2.7 and Google's SDK say, where they are, and a second run.

Files are compiled and parsed, in a folder of their own; nothing of them is executed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gaebot import prove
from gaebot.bot.fixups.content import Content, Subject
from gaebot.evidence import Judgement, Outcome, Proof, Step
from gaebot.render.words import counted

_NO_PYTHON = "there is no Python 2.7 where this ran"
_NOT_EXECUTED = "gaebot executes nothing of the app here; on your machine, `gaebot prove` does"


def gather(content: Content) -> tuple[Proof, ...]:
    """All evidence for a group of fixes."""
    try:
        judged = tuple(_judged(content))
    except OSError as error:  # names that this system's disk does not take
        why = f"files could not be written ({error.strerror or error})"
        judged = (_not_run(Step.COMPILE, why), _not_run(Step.YAML, why))
    ran = (_not_run(Step.LOAD, _NOT_EXECUTED), _not_run(Step.ANSWER, _NOT_EXECUTED))
    return (*judged, *ran, _second_run(content))


def _not_run(step: Step, why: str, said: str = "") -> Proof:
    return Proof(step, Outcome.NOT_RUN, why, (Judgement("", Outcome.NOT_RUN, said),) if said else ())


def _second_run(content: Content) -> Proof:
    if content.rest:
        rules = ", ".join(sorted({finding.rule for finding in content.rest}))
        return Proof(Step.AGAIN, Outcome.FAILED, f"it would still fix something: {rules}")
    return Proof(Step.AGAIN, Outcome.PASSED, "it finds nothing more to fix of this kind")


def _judged(content: Content) -> Iterator[Proof]:
    try:
        python27 = prove.find_python27()
    except prove.ProofError:
        yield _not_run(Step.COMPILE, _NO_PYTHON)
        yield _not_run(Step.YAML, _NO_PYTHON)
        return
    with tempfile.TemporaryDirectory(prefix="gaebot-") as folder:
        top = Path(folder)
        changed = {change.path for change in content.changes}
        old = _written(top / "before", content.before, changed)
        new = _written(top / "after", content.after, changed)
        yield _compiled(python27, old, new)
        try:
            sdk = prove.find_sdk()
        except prove.ProofError:
            yield _not_run(Step.YAML, "Google's App Engine SDK is not where this ran")
            return
        yield _validated(python27, sdk, old, new)


@dataclass(frozen=True)
class _Files:
    """Files on disk, by their paths in the repository: Python files that change, and files of services."""

    python: dict[str, Path]
    services: dict[str, Path]


def _written(top: Path, subjects: Sequence[Subject], changed: set[str]) -> _Files:
    python, services = {}, {}
    for number, subject in enumerate(subjects):
        folder = top / str(number)  # a file that an app has and an app around it has, too, may differ
        for path, source in subject.app.files.items():
            whole = subject.in_repository(path)
            is_changed_code = path.endswith(".py") and whole in changed
            if not is_changed_code and subject.app.yaml(path) is None:
                continue
            place = folder.joinpath(*path.split("/"))
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(source.data)
            if is_changed_code:
                python[whole] = place
        for service in subject.app.services:
            if not service.is_template:
                services[subject.in_repository(service.path)] = folder.joinpath(*service.path.split("/"))
    return _Files(python, services)


def _compiled(python27: Path, old: _Files, new: _Files) -> Proof:
    try:
        before = prove.compile_files(python27, old.python.values())
        after = prove.compile_files(python27, new.python.values())
    except prove.ProofError as error:
        return _not_run(Step.COMPILE, "Python 2.7 could not do its work", str(error))
    was = {path: before[place] for path, place in old.python.items()}
    now = {path: after[place] for path, place in new.python.items()}
    return _compared(Step.COMPILE, "changed file", was, now)


def _validated(python27: Path, sdk: Path, old: _Files, new: _Files) -> Proof:
    try:
        before = prove.validate_yaml(python27, sdk, old.services.values())
        after = prove.validate_yaml(python27, sdk, new.services.values())
    except prove.ProofError as error:
        return _not_run(Step.YAML, "Google's parsers could not do their work", str(error))
    was = {path: before[place].error for path, place in old.services.items()}
    now = {path: after[place].error for path, place in new.services.items()}
    return _compared(Step.YAML, "service", was, now)


def _compared(step: Step, noun: str, was: dict[str, str | None], now: dict[str, str | None]) -> Proof:
    """What a judge says now and did not say before is what counts."""
    worse = tuple(
        Judgement(path, Outcome.FAILED, error) for path, error in now.items() if error and not was.get(path)
    )
    as_before = sum(1 for path, error in now.items() if error and was.get(path))
    said = counted(len(now), noun)
    if as_before:
        said += f", of which {as_before:,} {'was' if as_before == 1 else 'were'} refused before, too"
    if worse:
        return Proof(step, Outcome.FAILED, f"{said}; {len(worse):,} only now", worse)
    return Proof(step, Outcome.PASSED, said)
