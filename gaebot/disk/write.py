"""Writing the fixes of an app: all files or none."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Sequence
from typing import NoReturn

from gaebot.disk.files import UnfitError, read_file
from gaebot.engine import Change


class WriteRefusedError(OSError):
    """Changes were not written, and none of them stands on disk. The text says why."""


def write_changes(root: str, changes: Sequence[Change]) -> None:
    """Write all files of `changes` below a folder, or none of them.

    A changed file keeps its mode; it must still hold `change.old`. A new file must not exist yet; folders
    that it lacks are made. Raises `WriteRefusedError`; then every file is as it was.
    """
    writes = [_Write(root or ".", change) for change in changes]
    done: list[_Write] = []
    try:
        for write in writes:
            write.stage()
        for write in writes:
            done.append(write)
            write.commit()
    except BaseException as error:
        stuck = [write.change.path for write in reversed(done) if not write.take_back()]
        for write in writes:
            write.clean_up()
        for write in reversed(writes):
            write.remove_folders()
        if stuck:
            names = ", ".join(stuck)
            raise WriteRefusedError(f"{names} could not be put back after an error: {error}") from error
        if isinstance(error, OSError) and not isinstance(error, WriteRefusedError):
            raise WriteRefusedError(f"Nothing was written: {error}") from error
        raise


class _Write:
    """One change on its way to disk: staged as a temporary file beside its target, then moved."""

    def __init__(self, root: str, change: Change) -> None:
        self.change = change
        self._root = root
        self._target = os.path.join(root, *change.path.split("/"))
        self._staged: str | None = None
        self._committed = False
        self._mode: int | None = None
        self._made: list[str] = []

    def stage(self) -> None:
        """Check everything and write the new content beside the target."""
        self._check_path()
        if self.change.old is not None:
            self._mode = self._check_old(self.change.old)
        elif os.path.lexists(self._target):
            self._refuse("exists already")
        self._staged = self._write_beside(self.change.new)

    def commit(self) -> None:
        """Move the new content into place."""
        if self._staged is None:
            raise ValueError("stage() comes first")
        if self.change.old is None:
            self._take_name(self._staged)
        else:
            self._check_old(self.change.old)
        self._committed = True
        os.replace(self._staged, self._target)
        self._staged = None

    def _take_name(self, staged: str) -> None:
        """Create the new file, empty, with the mode that new files get here.

        It fails when another program was faster.
        """
        try:
            descriptor = os.open(self._target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        except FileExistsError:
            self._refuse("exists already")
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        os.close(descriptor)
        os.chmod(staged, mode)

    def take_back(self) -> bool:
        """Put back what stood there before `commit`; False when that fails."""
        if not self._committed:
            return True
        try:
            if self.change.old is None:
                os.unlink(self._target)
            else:
                self.clean_up()
                self._staged = self._write_beside(self.change.old)
                os.replace(self._staged, self._target)
                self._staged = None
        except OSError:
            return False
        self._committed = False
        return True

    def clean_up(self) -> None:
        """Remove the temporary file."""
        if self._staged is not None:
            with contextlib.suppress(OSError):
                os.unlink(self._staged)
            self._staged = None

    def remove_folders(self) -> None:
        """Remove the folders that were made for the file, as far as they are empty."""
        for folder in reversed(self._made):
            with contextlib.suppress(OSError):
                os.rmdir(folder)

    def _check_path(self) -> None:
        parts = self.change.path.split("/")
        bad = {"", ".", ".."}
        if any(part in bad or "\0" in part or os.sep in part for part in parts) or os.path.isabs(
            self.change.path
        ):
            self._refuse("is no path inside the app")
        folder = self._root
        for part in parts[:-1]:
            folder = os.path.join(folder, part)
            if os.path.islink(folder):
                self._refuse("lies behind a link")
            if not os.path.lexists(folder) and self.change.old is None:
                os.mkdir(folder)
                self._made.append(folder)
            elif not os.path.isdir(folder):
                self._refuse("lies in a folder that does not exist")

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

    def _write_beside(self, data: bytes) -> str:
        descriptor, path = tempfile.mkstemp(prefix=".gaebot-", dir=os.path.dirname(self._target))
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            if self._mode is not None:
                os.chmod(path, self._mode)
        except BaseException:
            os.unlink(path)
            raise
        return path

    def _refuse(self, why: str) -> NoReturn:
        raise WriteRefusedError(f"Nothing was written: {self.change.path} {why}.")
