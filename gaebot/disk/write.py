"""Writing the fixes of an app: all files or none, also when the run is killed on the way.

Before anything is made, a journal says what is to be written (`gaebot.disk.journal`). All new contents are then
written beside their targets, and renamed into place when each of them lies there. Killed before that, a run has
changed nothing; killed after it, everything is there that the next run needs to write the rest.
"""

from __future__ import annotations

import contextlib
import os
import posixpath
import stat
from collections.abc import Iterable, Sequence
from typing import NoReturn

from gaebot.disk import journal as journals
from gaebot.disk import recover
from gaebot.disk.files import UnfitError, publish, read_file
from gaebot.disk.journal import FILE, Entry, Journal, Mark
from gaebot.engine import Change
from gaebot.paths import parents


class WriteRefusedError(OSError):
    """Changes were not written, and none of them stands on disk. The text says why."""


def write_changes(root: str, changes: Sequence[Change]) -> None:
    """Write all files of `changes` below a folder, or none of them.

    A changed file keeps its mode; it must still hold `change.old`. A new file must not exist yet; folders
    that it lacks are made. Raises `WriteRefusedError`; then every file is as it was.
    """
    if not changes:
        return
    root = root or "."
    try:
        recover.finish(root)
        writes = [_Write(root, change) for change in changes]
        folders = list(dict.fromkeys(folder for write in writes for folder in write.check()))
        with _Journal(root, Journal(tuple(write.entry for write in writes), tuple(folders))) as journal:
            _write(root, writes, folders, journal)
    except WriteRefusedError:
        raise
    except recover.LeftoverError as error:
        raise WriteRefusedError(f"Nothing was written: {error}") from error
    except OSError as error:
        raise WriteRefusedError(f"Nothing was written: {error}") from error


def complete(root: str) -> tuple[str, ...]:
    """Write what an interrupted run has left unwritten below a folder; the paths of those files.

    What can't be finished is left as it is: reading the app tells of it.
    """
    try:
        return recover.finish(root, complete=True)
    except (recover.LeftoverError, OSError):
        return ()


def _write(root: str, writes: Sequence[_Write], folders: Iterable[str], journal: _Journal) -> None:
    """Stage everything, then move it into place; put everything back where that fails."""
    done: list[_Write] = []
    made: list[str] = []
    try:
        for folder in folders:
            made.append(folder)
            os.mkdir(os.path.join(root, *folder.split("/")))
        journal.is_ready([write.stage() for write in writes])
        for write in writes:
            done.append(write)
            write.commit()
    except BaseException as error:
        stuck = [write.change.path for write in reversed(done) if not write.take_back()]
        for write in writes:
            write.clean_up()
        for folder in reversed(made):
            with contextlib.suppress(OSError):
                os.rmdir(os.path.join(root, *folder.split("/")))
        if stuck:
            names = ", ".join(stuck)
            raise WriteRefusedError(f"{names} could not be put back after an error: {error}") from error
        raise


class _Journal:
    """The journal of a write, from before its first change until after its last. Another run has to wait."""

    def __init__(self, root: str, journal: Journal) -> None:
        self._root = root
        self._journal = journal
        self._path = os.path.join(root, FILE)
        self._descriptor = -1

    def __enter__(self) -> _Journal:
        flags = (
            os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        )
        try:
            self._descriptor = os.open(self._path, flags, 0o644)
        except FileExistsError:
            raise WriteRefusedError(f"Nothing was written: {recover.BUSY}") from None
        if not journals.is_free(self._descriptor) or not journals.is_same(self._descriptor, self._path):
            os.close(self._descriptor)
            raise WriteRefusedError(f"Nothing was written: {recover.BUSY}")
        try:
            self._append(journals.plan_line(self._journal))
        except BaseException:
            self._end()
            raise
        journals.sync_folder(self._root)
        return self

    def is_ready(self, marks: Sequence[Mark]) -> None:
        """Note that all new contents lie beside their targets."""
        self._append(journals.marks_line(marks))

    def __exit__(self, *_: object) -> None:
        for folder in {posixpath.dirname(entry.path) for entry in self._journal.entries}:
            journals.sync_folder(os.path.join(self._root, folder))
        self._end()

    def _append(self, line: bytes) -> None:
        while line:
            line = line[os.write(self._descriptor, line) :]
        os.fsync(self._descriptor)

    def _end(self) -> None:
        with contextlib.suppress(OSError):  # what stays is cleaned up by the next run
            recover.remove(self._root)
        os.close(self._descriptor)


class _Write:
    """One change on its way to disk: staged as a file beside its target, then moved."""

    def __init__(self, root: str, change: Change) -> None:
        self.change = change
        old = journals.digest(change.old) if change.old is not None else None
        self.entry = Entry(change.path, old, journals.digest(change.new), journals.staged_name())
        self._root = root
        self._target = os.path.join(root, *change.path.split("/"))
        self._staged = os.path.join(os.path.dirname(self._target), self.entry.staged)
        self._mode: int | None = None
        self._made: os.stat_result | None = None
        self._committed = False

    def check(self) -> list[str]:
        """Check everything; the folders that have to be made, outer ones first."""
        missing = self._check_path()
        if self.change.old is not None:
            self._mode = self._check_old(self.change.old)
        elif os.path.lexists(self._target):
            self._refuse("exists already")
        return missing

    def stage(self) -> Mark:
        """Write the new content beside the target."""
        return Mark.of(self._write_beside(self.change.new))

    def commit(self) -> None:
        """Move the new content into place."""
        if self.change.old is not None:
            self._check_old(self.change.old)
            self._committed = True
            os.replace(self._staged, self._target)
            return
        self._committed = True
        try:
            publish(self._staged, self._target)
        except FileExistsError:
            self._refuse("exists already")

    def take_back(self) -> bool:
        """Put back what stood there before `commit`; False when that fails."""
        if not self._committed:
            return True
        try:
            if self.change.old is not None:
                self.clean_up()
                self._write_beside(self.change.old)
                os.replace(self._staged, self._target)
            elif self._is_ours():
                os.unlink(self._target)
        except OSError:
            return False
        self._committed = False
        return True

    def _is_ours(self) -> bool:
        """Whether the new file is the one that was made here."""
        try:
            status = os.lstat(self._target)
        except FileNotFoundError:
            return False
        return self._made is not None and os.path.samestat(status, self._made)

    def clean_up(self) -> None:
        """Remove the file beside the target."""
        with contextlib.suppress(OSError):
            os.unlink(self._staged)

    def _check_path(self) -> list[str]:
        if not journals.is_inner_path(self.change.path) or journals.is_ours(
            posixpath.basename(self.change.path)
        ):
            self._refuse("is no path inside the app")
        missing = []
        for path in reversed(list(parents(self.change.path))):
            folder = os.path.join(self._root, *path.split("/"))
            if os.path.islink(folder):
                self._refuse("lies behind a link")
            if not os.path.lexists(folder) and self.change.old is None:
                missing.append(path)
            elif not os.path.isdir(folder):
                self._refuse("lies in a folder that does not exist")
        return missing

    def _check_old(self, old: bytes) -> int:
        """The mode of the file, once it is certain that it is a plain one and holds `old`."""
        if os.path.islink(self._target):
            self._refuse("is a link")
        try:
            data = read_file(self._target, len(old))
        except (FileNotFoundError, UnfitError):
            data = None
        if data != old:
            self._refuse("has changed since it was read")
        return stat.S_IMODE(os.lstat(self._target).st_mode)

    def _write_beside(self, data: bytes) -> os.stat_result:
        """Write the staged file, with the mode of the target, or the one that new files get; what it is then."""
        flags = (
            os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        )
        descriptor = os.open(self._staged, flags, 0o644 if self._mode is None else 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            if self._mode is not None:
                os.chmod(self._staged, self._mode)
            os.fsync(stream.fileno())
        self._made = os.lstat(self._staged)
        return self._made

    def _refuse(self, why: str) -> NoReturn:
        raise WriteRefusedError(f"Nothing was written: {self.change.path} {why}.")
