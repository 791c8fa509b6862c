"""What speaks for a group of fixes: what Python 2.7 and Google's SDK say, where they are, and a second run.

Files are compiled and parsed, in a folder of their own; nothing of them is executed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from gaebot import prove
from gaebot.bot.fixups.content import Content, Subject
from gaebot.render.words import counted

_MOST_PROBLEMS = 5  # that are quoted


class Verdict(Enum):
    """How a proof went."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Proof:
    """One kind of evidence: what was asked, how it went, and what there is to say about it.

    `quotes` is what a judge said, with the path in the repository before it: text from outside.
    """

    what: str
    verdict: Verdict
    about: str
    quotes: tuple[str, ...] = ()


def gather(content: Content) -> tuple[Proof, ...]:
    """All evidence for a group of fixes."""
    try:
        judged = tuple(_judged(content))
    except OSError as error:  # names that this system's disk does not take
        why = f"because files could not be written ({error.strerror or error})"
        judged = (Proof(_COMPILES, Verdict.NOT_RUN, why), Proof(_VALID, Verdict.NOT_RUN, why))
    return (*judged, _second_run(content))


def _second_run(content: Content) -> Proof:
    what = "a second run"
    if content.rest:
        rules = ", ".join(sorted({finding.rule for finding in content.rest}))
        return Proof(what, Verdict.FAILED, f"it would still fix something: {rules}")
    return Proof(what, Verdict.PASSED, "it finds nothing more to fix of this kind")


_COMPILES, _VALID = "Python 2.7 compiles what changes", "Google's validator takes the YAML files"


def _judged(content: Content) -> Iterator[Proof]:
    try:
        python27 = prove.find_python27()
    except prove.ProofError:
        yield Proof(_COMPILES, Verdict.NOT_RUN, "because there is no Python 2.7 where this ran")
        yield Proof(_VALID, Verdict.NOT_RUN, "because there is no Python 2.7 where this ran")
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
            yield Proof(_VALID, Verdict.NOT_RUN, "because Google's App Engine SDK is not where this ran")
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
        return Proof(_COMPILES, Verdict.NOT_RUN, "because Python 2.7 could not do its work", (str(error),))
    was = {path: before[place] for path, place in old.python.items()}
    now = {path: after[place] for path, place in new.python.items()}
    return _compared(_COMPILES, "Python file", was, now)


def _validated(python27: Path, sdk: Path, old: _Files, new: _Files) -> Proof:
    try:
        before = prove.validate_yaml(python27, sdk, old.services.values())
        after = prove.validate_yaml(python27, sdk, new.services.values())
    except prove.ProofError as error:
        return Proof(_VALID, Verdict.NOT_RUN, "because the validator could not do its work", (str(error),))
    was = {path: before[place].error for path, place in old.services.items()}
    now = {path: after[place].error for path, place in new.services.items()}
    return _compared(_VALID, "service", was, now)


def _compared(what: str, noun: str, was: dict[str, str | None], now: dict[str, str | None]) -> Proof:
    """What a judge says now and did not say before is what counts."""
    worse = [f"{path}: {error}" for path, error in now.items() if error and not was.get(path)]
    as_before = sum(1 for path, error in now.items() if error and was.get(path))
    said = counted(len(now), noun)
    if as_before:
        said += f", of which {as_before:,} {'was' if as_before == 1 else 'were'} refused before, too"
    if worse:
        return Proof(what, Verdict.FAILED, f"{said}; {len(worse):,} only now", tuple(_first(worse)))
    return Proof(what, Verdict.PASSED, said)


def _first(texts: Iterable[str]) -> Iterator[str]:
    for number, text in enumerate(texts):
        if number == _MOST_PROBLEMS:
            yield "…"
            return
        yield text
