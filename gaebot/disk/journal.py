"""The journal of a write: all that is needed to finish it where it was killed.

Files are renamed into place one after the other, and a run can be killed between two of them. So there is a
folder `.gaebot-journal` at the app's root while gaebot writes. First, the new contents lie in it. When all
are there, so does a plan, and only then the first file of the app is touched. When the last one is done, the
folder goes.

A journal may have come with a checkout, and then it is hostile. So a plan says of the contents in the folder
what only the system of this machine can have given them: number and time of change. Neither git nor an
archive can set those.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
from enum import Enum
from types import TracebackType
from typing import NamedTuple

from gaebot import limits
from gaebot.disk.files import OPEN_FLAGS, UnfitError, publish, read_file, reason

FOLDER = ".gaebot-journal"
"""The name of the journal, at the root that is written to."""

BUSY = "Another run of gaebot is writing here; run this again when it is done."

_PLAN, _DRAFT = "plan", "plan.new"
_OURS = re.compile(r"plan|plan\.new|[0-9]+")
_MAKE = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class JournalError(Exception):
    """A journal stands in the way. The text is a sentence that says why, and what to do."""


class State(Enum):
    """What the target of a step holds now."""

    OLD = "old"  # what it held before
    NEW = "new"  # what was to be written
    OTHER = "other"  # something else: it has been changed since, or is gone


class Step(NamedTuple):
    """A file to write: hashes of what it holds before and after, None where there is no file.

    `staged` is the name of the new content in the journal, `mark` what the system says of that; of the file
    itself, where that is to go.
    """

    path: str
    old: str | None
    new: str | None
    staged: str
    mark: tuple[int, int]

    def state(self, root: str) -> State:
        """What the target holds. Nothing behind a link is looked at."""
        found = _content(root, self.path)
        if found == self.new:
            return State.NEW
        # Without hard links, the name of a new file is taken by an empty one first.
        is_old = found == self.old or (self.old is None and found == digest(b""))
        return State.OLD if is_old else State.OTHER


class Plan(NamedTuple):
    """What a run wants to write, in order. `folders` are those that it makes for new files, outer ones first.

    `is_undo` tells that this puts back what was written before an error, and so has to be done in any case.
    """

    steps: tuple[Step, ...]
    folders: tuple[str, ...] = ()
    is_undo: bool = False


class Journal:
    """The journal at a root, with its lock: a context. With `create`, one that was not there before."""

    def __init__(self, root: str, *, create: bool = False) -> None:
        self.root = root
        self.create = create
        self._descriptor = -1

    def __enter__(self) -> Journal:  # noqa: PYI034 - Python 3.10 has no Self
        folder = self.path()
        try:
            if self.create:
                os.mkdir(folder, 0o700)
            self._lock(folder)
        except FileExistsError:
            raise JournalError(BUSY) from None
        except OSError as error:
            if self.create:
                raise
            raise JournalError(_odd(reason(error))) from error
        return self

    def _lock(self, folder: str) -> None:
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            raise JournalError(_odd("it is no folder"))
        if sys.platform == "win32":  # which has no such locks
            return
        self._descriptor = os.open(folder, OPEN_FLAGS | os.O_DIRECTORY)
        try:
            _take_lock(self._descriptor, folder)
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def path(self, name: str = "") -> str:
        """The path of the folder on disk, or of a file in it."""
        return os.path.join(self.root, FOLDER, name) if name else os.path.join(self.root, FOLDER)

    def plan(self) -> Plan | None:
        """The plan; None when no file has been touched. Raises `JournalError` for what no run wrote."""
        try:
            return _parse(read_file(self.path(_PLAN), limits.MAX_JOURNAL_BYTES))
        except FileNotFoundError:
            return None
        except (
            OSError,
            UnfitError,
            ValueError,
            TypeError,
            LookupError,
            AttributeError,
            RecursionError,
        ) as error:
            raise JournalError(_odd("its plan can't be read")) from error

    def stage(self, name: str, data: bytes, mode: int | None) -> tuple[int, int]:
        """Put a content into the folder, with a mode or that of new files; its mark."""
        path = self.path(name)
        with os.fdopen(os.open(path, _MAKE, 0o644 if mode is None else 0o600), "wb") as stream:
            stream.write(data)
            stream.flush()
            if mode is not None:
                os.chmod(path, mode)
            os.fsync(stream.fileno())
        return _mark(os.lstat(path))

    def begin(self, plan: Plan) -> None:
        """Put a plan into the folder. From now on, what is killed is finished later."""
        import json  # noqa: PLC0415 - only a fix needs it

        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path(_DRAFT))
        steps = [[step.path, step.old, step.new, step.staged, step.mark] for step in plan.steps]
        value = {"gaebot": 1, "steps": steps, "folders": plan.folders, "is_undo": plan.is_undo}
        # Names that are no UTF-8 hold lone surrogates, which ASCII spells out.
        self.stage(_DRAFT, json.dumps(value).encode("ascii"), None)
        os.replace(self.path(_DRAFT), self.path(_PLAN))
        sync_folder(self.path())

    def is_ready(self, step: Step) -> bool:
        """Whether the new content lies here, made by a run on this machine and not changed since.

        Where a file is to go, whether it was made by such a run.
        """
        path = self.path(step.staged) if step.new is not None else _on_disk(self.root, step.path)
        try:
            status = os.lstat(path)
            is_it = stat.S_ISREG(status.st_mode) and _mark(status) == step.mark
            return is_it and digest(read_file(path, _most_bytes())) == (step.new or step.old)
        except (OSError, UnfitError):
            return False

    def mark(self, path: str) -> tuple[int, int]:
        """What the system says of a file of the app."""
        return _mark(os.lstat(_on_disk(self.root, path)))

    def carry_out(self, step: Step, *, again: bool = False) -> None:
        """Move a new content into place. `again` tells that it may have been killed on the way there."""
        target, staged = _on_disk(self.root, step.path), self.path(step.staged)
        if step.new is None:
            os.unlink(target)
        elif step.old is None and not (again and os.path.lexists(target)):
            publish(staged, target)
        else:
            os.replace(staged, target)

    def end(self, plan: Plan | None, *, keep_folders: bool) -> None:
        """Remove the journal: nothing is left to do. Without `keep_folders`, empty folders go, too."""
        steps, folders = (plan.steps, plan.folders) if plan is not None else ((), ())
        for path in reversed(() if keep_folders else folders):
            with contextlib.suppress(OSError):
                if not behind_link(self.root, path):
                    os.rmdir(_on_disk(self.root, path))
        for folder in {os.path.dirname(_on_disk(self.root, step.path)) for step in steps}:
            sync_folder(folder)
        # Without its plan, the rest of a journal means nothing.
        for name in sorted(filter(_OURS.fullmatch, os.listdir(self.path())), key=lambda name: name != _PLAN):
            os.unlink(self.path(name))
        os.rmdir(self.path())


def digest(data: bytes) -> str:
    """The hash by which contents are known."""
    import hashlib  # noqa: PLC0415 - only a fix needs it

    return hashlib.sha256(data).hexdigest()


def is_inner_path(path: str) -> bool:
    """Whether a path, relative to a root and with slashes, names a file below it that may be written."""
    parts = path.split("/")
    is_odd = any(part in {"", ".", ".."} or "\0" in part or os.sep in part for part in parts)
    return not (is_odd or os.path.isabs(path) or parts[0] == FOLDER)


def behind_link(root: str, path: str) -> bool:
    """Whether one of the folders between a root and a path is a symbolic link."""
    folders = path.split("/")[:-1]
    return any(os.path.islink(os.path.join(root, *folders[: end + 1])) for end in range(len(folders)))


def sync_folder(folder: str) -> None:
    """Make sure that the names in a folder survive a loss of power, where the system can do that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, OPEN_FLAGS)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _take_lock(descriptor: int, folder: str) -> None:
    """Lock an open folder until it is closed. Raises `JournalError` when a run that is alive has done so."""
    import fcntl  # noqa: PLC0415 - Windows has none

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise JournalError(BUSY) from None
    except OSError:  # a file system without locks
        pass
    if not os.path.lexists(folder) or not os.path.samestat(os.fstat(descriptor), os.lstat(folder)):
        raise JournalError(BUSY)


def _parse(data: bytes) -> Plan:
    """A plan from the bytes of its file. Raises all kinds of errors for what no run of ours wrote."""
    import json  # noqa: PLC0415 - as above

    shape = json.loads(data)
    if shape["gaebot"] != 1:
        raise ValueError(shape["gaebot"])
    steps = tuple(
        Step(path, old, new, staged, (number, changed))
        for path, old, new, staged, (number, changed) in shape["steps"]
    )
    folders = tuple(shape["folders"])
    if not all(map(_is_sound, steps)) or not all(map(is_inner_path, folders)):
        raise ValueError("a step leads out of the app")
    if len({step.path for step in steps}) < len(steps) or len({step.staged for step in steps}) < len(steps):
        raise ValueError("two steps are one")
    return Plan(steps, folders, bool(shape["is_undo"]))


def _is_sound(step: Step) -> bool:
    hashes = [each for each in (step.old, step.new) if each is not None]
    return (
        is_inner_path(step.path)
        and step.staged.isdecimal()
        and all(isinstance(each, str) for each in hashes)
        and step.old != step.new
    )


def _content(root: str, path: str) -> str | State | None:
    """The hash of what a file holds, None where there is none; `OTHER` for what is no plain file."""
    if behind_link(root, path):
        return State.OTHER
    try:
        return digest(read_file(_on_disk(root, path), _most_bytes()))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnfitError):
        return State.OTHER


def _mark(status: os.stat_result) -> tuple[int, int]:
    return status.st_ino, status.st_ctime_ns


def _most_bytes() -> int:
    return limits.MAX_FILE_BYTES * 2


def _on_disk(root: str, path: str) -> str:
    return os.path.join(root, *path.split("/"))


def _odd(why: str) -> str:
    return f"{FOLDER} is not from a run of gaebot in this folder ({why}); delete it."
