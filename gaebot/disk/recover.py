"""What a killed run has left behind, told from its journal: said by a check, finished by a fix."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from gaebot.disk.files import reason
from gaebot.disk.journal import FOLDER, Journal, JournalError, Plan, State, Step

_MOST_NAMES = 5  # files that a message names


class Leftover(NamedTuple):
    """What a plan means for its files: `written` are done, `pending` are not.

    `changed` are files that fit neither of it: to write the rest would be a guess. Each is a path.
    """

    written: tuple[Step, ...] = ()
    pending: tuple[Step, ...] = ()
    changed: tuple[str, ...] = ()


def interrupted(root: str) -> str | None:
    """A sentence about a write below a root that was cut short and left some files new and others old.

    None where that is not so. Nothing is written.
    """
    root = root or "."
    if not os.path.lexists(os.path.join(root, FOLDER)):
        return None
    try:
        with Journal(root) as journal:
            found = _leftover(journal, journal.plan())
    except JournalError as error:
        return str(error)
    return (_hopeless(found) if found.changed else _half(found)) if found.pending else None


def finish(root: str, *, complete: bool = False) -> tuple[str, ...]:
    """Clean up what a killed run has left below a root; with `complete`, write the rest of its files first.

    Returns the paths that were written. Raises `JournalError` where some files are new and others old and
    that can't be helped (without `complete`, at all), and where another run is at work.
    """
    root = root or "."
    if not os.path.lexists(os.path.join(root, FOLDER)):
        return ()
    with Journal(root) as journal:
        plan = journal.plan()
        found = _leftover(journal, plan)
        if found.changed:
            raise JournalError(_hopeless(found))
        if found.pending and not complete:
            raise JournalError(_half(found))
        try:
            for step in found.pending:
                journal.carry_out(step, again=True)
            is_written = bool(found.written) and not (plan and plan.is_undo)
            journal.end(plan, keep_folders=is_written)
        except OSError as error:
            raise JournalError(f"{FOLDER} can't be cleaned up ({reason(error)}); delete it.") from error
        return tuple(step.path for step in found.pending)


def _leftover(journal: Journal, plan: Plan | None) -> Leftover:
    """What a plan has come to. Nothing is pending where no file was touched, or all were put back by hand."""
    if plan is None:
        return Leftover()
    states = [step.state(journal.root) for step in plan.steps]
    if all(state is State.OLD for state in states) and not plan.is_undo:
        return Leftover()
    written, pending, changed = [], [], []
    for step, state in zip(plan.steps, states, strict=True):
        if state is State.NEW or not (step.new is None or os.path.lexists(journal.path(step.staged))):
            written.append(step)
            changed += [step.path] if state is State.OLD else []
        else:
            pending.append(step)
            changed += [] if state is State.OLD and journal.is_ready(step) else [step.path]
    return Leftover(tuple(written), tuple(pending), tuple(changed) if pending else ())


def _half(found: Leftover) -> str:
    return f"{_what_happened(found)} Run `gaebot fix` again, which writes the rest first."


def _hopeless(found: Leftover) -> str:
    return (
        f"{_what_happened(found)} The rest can't be written, as {_listed(found.changed)} changed since, or "
        "came here in another way. Put all of these files back from version control, or keep them as they "
        f"are; then delete {FOLDER}."
    )


def _what_happened(found: Leftover) -> str:
    written, pending = (_listed([step.path for step in steps]) for steps in (found.written, found.pending))
    done = f"it had written {written}, but not {pending}" if written else f"it had not written {pending}"
    return f"`gaebot fix` was interrupted: {done}."


def _listed(paths: Sequence[str]) -> str:
    """Some paths as part of a sentence."""
    shown = list(paths[:_MOST_NAMES])
    if len(paths) > _MOST_NAMES:
        shown.append(f"{len(paths) - _MOST_NAMES} more")
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))
