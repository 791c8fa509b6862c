"""What a killed run has left behind, told from its journal: said by a check, finished or cleaned up by a fix."""

from __future__ import annotations

import contextlib
import os
import posixpath
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from gaebot import limits
from gaebot.disk import journal as journals
from gaebot.disk.files import OPEN_FLAGS, UnfitError, read_file, reason
from gaebot.disk.journal import FILE, Entry, Journal, JournalError, State

_MOST_NAMES = 5  # files that a message names

BUSY = "Another run of gaebot is writing here; run this again when it is done."


class LeftoverError(Exception):
    """What a killed run has left can't be finished. The text says why, and what to do."""


@dataclass(frozen=True)
class Leftover:
    """What a journal means for the files that it names: `written` have their new content, `pending` lack it.

    `changed` are files that fit neither of it: to write the rest would be a guess. Each is a path.
    """

    journal: Journal
    written: tuple[Entry, ...] = ()
    pending: tuple[Entry, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def is_half(self) -> bool:
        """Whether some files are new and others old."""
        return bool(self.written and self.pending)


def interrupted(root: str) -> str | None:
    """A sentence about a write below a root that was cut short and left some files new and others old.

    None where that is not so. Nothing is written.
    """
    root = root or "."
    if not os.path.lexists(os.path.join(root, FILE)):
        return None
    try:
        with _opened(root):
            found = _leftover(root)
    except LeftoverError as error:
        return str(error)
    if found is None or not found.is_half:
        return None
    return _hopeless(found) if found.changed else _half(found)


def finish(root: str, *, complete: bool = False) -> tuple[str, ...]:
    """Clean up what a killed run has left below a root; with `complete`, write the rest of its files first.

    Returns the paths that were written. Raises `LeftoverError` where some files are new and others old and
    that can't be helped (without `complete`, at all), and where another run is at work.
    """
    root = root or "."
    if not os.path.lexists(os.path.join(root, FILE)):
        return ()
    with _opened(root):
        found = _leftover(root)
        if found is None:
            remove(root)
            return ()
        if found.is_half and found.changed:
            raise LeftoverError(_hopeless(found))
        if found.is_half and not complete:
            raise LeftoverError(_half(found))
        finished = found.pending if found.is_half else ()
        try:
            for entry in finished:
                target = os.path.join(root, *entry.path.split("/"))
                os.replace(os.path.join(root, *entry.staged_path.split("/")), target)
        except OSError as error:
            raise LeftoverError(f"{_half(found)} This time: {reason(error)}.") from error
        clean_up(root, found.journal, keep_folders=bool(found.written))
        return tuple(entry.path for entry in finished)


def clean_up(root: str, journal: Journal, *, keep_folders: bool) -> None:
    """Remove what a run has made beside its targets, then the journal.

    Only files with a name of ours go, and folders that are empty.
    """
    for entry in journal.entries:
        path = os.path.join(root, *entry.staged_path.split("/"))
        with contextlib.suppress(OSError):
            if not journals.is_behind_link(root, entry.path) and stat.S_ISREG(os.lstat(path).st_mode):
                os.unlink(path)
    for folder in reversed(journal.folders) if not keep_folders else ():
        with contextlib.suppress(OSError):
            if not journals.is_behind_link(root, folder):
                os.rmdir(os.path.join(root, *folder.split("/")))
    for folder in {posixpath.dirname(entry.path) for entry in journal.entries}:
        if not journals.is_behind_link(root, f"{folder}/x"):
            journals.sync_folder(os.path.join(root, folder))
    remove(root)


def remove(root: str) -> None:
    """Remove the journal: nothing is left to do."""
    os.unlink(os.path.join(root, FILE))


@contextmanager
def _opened(root: str) -> Iterator[None]:
    """Hold the lock of a journal. Raises `LeftoverError` when a run that is alive holds it, and for odd files."""
    path = os.path.join(root, FILE)
    try:
        descriptor = os.open(path, OPEN_FLAGS)
    except OSError as error:
        raise LeftoverError(_odd(f"it can't be opened: {reason(error)}")) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise LeftoverError(_odd("it is not a plain file"))
        if not journals.is_free(descriptor) or not journals.is_same(descriptor, path):
            raise LeftoverError(BUSY)
        yield
    finally:
        os.close(descriptor)


def _leftover(root: str) -> Leftover | None:
    """What the journal of a root means; None when its run has not begun. Raises `LeftoverError`."""
    try:
        journal = journals.parse(read_file(os.path.join(root, FILE), limits.MAX_JOURNAL_BYTES))
    except (JournalError, UnfitError) as error:
        raise LeftoverError(_odd(str(error))) from error
    except OSError as error:
        raise LeftoverError(_odd(f"it can't be read: {reason(error)}")) from error
    if journal is None or journal.marks is None:
        return Leftover(journal) if journal is not None else None
    written, pending, changed = [], [], []
    states = [journals.target_state(root, entry) for entry in journal.entries]
    if all(state is State.OLD for state in states):  # not begun, or put back by hand
        return Leftover(journal, pending=journal.entries)
    for entry, mark, state in zip(journal.entries, journal.marks, states, strict=True):
        staged = os.path.join(root, *entry.staged_path.split("/"))
        if state is State.NEW or not os.path.lexists(staged):
            written.append(entry)
            changed += [entry.path] if state is State.OLD else []
        else:
            pending.append(entry)
            is_sure = state is State.OLD and journals.lies_ready(root, entry, mark)
            changed += [] if is_sure else [entry.path]
    return Leftover(journal, tuple(written), tuple(pending), tuple(changed))


def _half(found: Leftover) -> str:
    return (
        f"`gaebot fix` was interrupted while it wrote: {_names(found.written)} new, {_names(found.pending)} not yet. "
        "Run `gaebot fix` again, which writes the rest first."
    )


def _hopeless(found: Leftover) -> str:
    paths = _listed(found.changed)
    return (
        f"`gaebot fix` was interrupted while it wrote: {_names(found.written)} new, {_names(found.pending)} not yet. "
        f"The rest can't be written, as {paths} changed since, or came here in another way. Put all of these "
        f"files back from version control, or keep them as they are; then delete {FILE}."
    )


def _odd(why: str) -> str:
    return f"{FILE} is not from a run of gaebot in this folder ({why}); delete it."


def _names(entries: Sequence[Entry]) -> str:
    return f"{_listed([entry.path for entry in entries])} {'is' if len(entries) == 1 else 'are'}"


def _listed(paths: Sequence[str]) -> str:
    """Some paths as part of a sentence."""
    shown = list(paths[:_MOST_NAMES])
    if len(paths) > _MOST_NAMES:
        shown.append(f"{len(paths) - _MOST_NAMES} more")
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))
