"""Writing the fixes of an app: all files or none, also when the run is killed on the way.

All new contents are written into the journal first (`gaebot.disk.journal`), then renamed into place. Killed
before its plan is there, a run has changed nothing; killed after that, the next run has everything to write
the rest.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

from gaebot.disk import recover
from gaebot.disk.files import UnfitError, read_file
from gaebot.disk.journal import Journal, JournalError, Plan, State, Step, behind_link, digest, is_inner_path
from gaebot.engine import Change
from gaebot.paths import parents


class WriteRefusedError(OSError):
    """Changes were not written, and none of them stands on disk. The text says why."""


def write_changes(root: str, changes: Sequence[Change]) -> None:
    """Write all files of `changes` below a folder, or none of them.

    A changed file keeps its mode; it must still hold `change.old`. A new file must not exist yet; folders
    that it lacks are made. Raises `WriteRefusedError`; then every file is as it was.
    """
    root = root or "."
    writes = [_Write(change.path, change.old, change.new) for change in changes if change.old != change.new]
    if not writes:
        return
    try:
        recover.finish(root)
        folders = tuple(dict.fromkeys(folder for write in writes for folder in _missing_folders(root, write)))
        modes = [_check_target(root, write) for write in writes]
        with Journal(root, create=True) as journal:
            _write(journal, writes, modes, folders)
    except WriteRefusedError:
        raise
    except (JournalError, OSError) as error:
        raise WriteRefusedError(f"Nothing was written: {error}") from error


def complete(root: str) -> tuple[str, ...]:
    """Write what an interrupted run has left unwritten below a folder; the paths of those files.

    What can't be finished is left as it is: reading the app tells of it.
    """
    try:
        return recover.finish(root, complete=True)
    except (JournalError, OSError):
        return ()


class _Write(NamedTuple):
    """A file to write: what it holds before and after, None where there is no file."""

    path: str
    old: bytes | None
    new: bytes | None


def _write(
    journal: Journal, writes: Sequence[_Write], modes: Sequence[int | None], folders: tuple[str, ...]
) -> None:
    """Stage everything, then move it into place; put everything back where that fails."""
    plan = None
    tried: list[int] = []
    try:
        plan = Plan(tuple(_staged(journal, *each) for each in zip(writes, modes, count())), folders)
        journal.begin(plan)
        for folder in folders:
            os.mkdir(os.path.join(journal.root, *folder.split("/")))
        for number, step in enumerate(plan.steps):
            _check_target(journal.root, writes[number])
            tried.append(number)
            try:
                journal.carry_out(step)
            except FileExistsError:
                tried.pop()
                raise _refusal(step.path, "exists already") from None
    except BaseException as error:
        steps = plan.steps if plan is not None else ()
        done = [number for number in tried if steps[number].state(journal.root) is State.NEW]
        try:
            plan = _put_back(journal, [writes[n] for n in done], [modes[n] for n in done], plan)
        except OSError:
            names = ", ".join(writes[number].path for number in done)
            raise WriteRefusedError(f"{names} could not be put back after an error: {error}") from error
        _end(journal, plan, keep_folders=False)
        raise
    _end(journal, plan, keep_folders=True)


def _put_back(
    journal: Journal, writes: Sequence[_Write], modes: Sequence[int | None], plan: Plan | None
) -> Plan | None:
    """Take back what was written, by a plan of its own; the plan that counts in the end."""
    if plan is None or not writes:
        return plan
    back = [_Write(write.path, write.new, write.old) for write in writes]
    steps = [_staged(journal, *each) for each in zip(back, modes, count(len(plan.steps)))]
    undo = Plan(tuple(reversed(steps)), plan.folders, is_undo=True)
    journal.begin(undo)
    for step in undo.steps:
        journal.carry_out(step)
    return undo


def _staged(journal: Journal, write: _Write, mode: int | None, number: int) -> Step:
    """The step of a file, once its new content lies in the journal."""
    old, new = (digest(data) if data is not None else None for data in (write.old, write.new))
    if write.new is None:
        return Step(write.path, old, new, str(number), journal.mark(write.path))
    mark = journal.stage(str(number), write.new, mode)
    return Step(write.path, old, new, str(number), mark)


def _end(journal: Journal, plan: Plan | None, *, keep_folders: bool) -> None:
    with contextlib.suppress(OSError):  # what stays is cleaned up by the next run
        journal.end(plan, keep_folders=keep_folders)


def _missing_folders(root: str, write: _Write) -> list[str]:
    """The folders that have to be made for a file, outer ones first. Refuses a path that leads elsewhere."""
    if not is_inner_path(write.path):
        raise _refusal(write.path, "is no path inside the app")
    if behind_link(root, write.path):
        raise _refusal(write.path, "lies behind a link")
    missing = []
    for path in reversed(list(parents(write.path))):
        folder = os.path.join(root, *path.split("/"))
        if not os.path.lexists(folder) and write.old is None:
            missing.append(path)
        elif not os.path.isdir(folder):
            raise _refusal(write.path, "lies in a folder that does not exist")
        elif os.stat(folder).st_dev != os.stat(root).st_dev:
            raise _refusal(write.path, "lies on another file system than the app's root")
    return missing


def _check_target(root: str, write: _Write) -> int | None:
    """The mode of a file, once it is certain that it is as it was read; None for a new one."""
    target = os.path.join(root, *write.path.split("/"))
    if write.old is None:
        if os.path.lexists(target):
            raise _refusal(write.path, "exists already")
        return None
    if os.path.islink(target):
        raise _refusal(write.path, "is a link")
    try:
        data = read_file(target, len(write.old))
    except (FileNotFoundError, UnfitError):
        data = None
    if data != write.old:
        raise _refusal(write.path, "has changed since it was read")
    return stat.S_IMODE(os.lstat(target).st_mode)


def _refusal(path: str, why: str) -> WriteRefusedError:
    return WriteRefusedError(f"Nothing was written: {path} {why}.")
