"""The journal of a write: which files it changes, noted before the first of them is touched.

Files are renamed into place one after the other, and a run can be killed between two of them. So what is meant to
be written is noted in a file at the app's root, `.gaebot-journal`. It has a line before anything else is made (the
plan), and another one when every new content lies ready beside its target (the marks). What a killed run has
left behind is told from these.

A journal may have come with a checkout, and then it is hostile. It holds no contents, and its marks say of the
files that lie ready what only the system of this machine can have given them: number and time of change. Neither
git nor an archive can set those, so files that came with a checkout never fit.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import posixpath
import re
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from gaebot import limits
from gaebot.disk.files import UnfitError, read_file

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment]

FILE = ".gaebot-journal"
"""The name of the journal, at the root that is written to."""

_FORMAT = 1
_STAGED = re.compile(r"\.gaebot-[a-z0-9]{12}\.tmp")
_HASH = re.compile(r"[0-9a-f]{64}")


class JournalError(ValueError):
    """A journal that none of our runs has left here; the text says what is wrong with it."""


class State(Enum):
    """What a target of a journal holds now."""

    OLD = "old"  # what it held before
    NEW = "new"  # what was to be written
    OTHER = "other"  # something else: it has been changed since, or is gone


@dataclass(frozen=True)
class Entry:
    """A file that a run wants to write: hashes of what it holds before and after; None for a new file.

    `staged` is the name of the file beside it that holds the new content until it is renamed.
    """

    path: str
    old: str | None
    new: str
    staged: str

    @property
    def staged_path(self) -> str:
        """Path of the file that lies ready, relative to the root."""
        return posixpath.join(posixpath.dirname(self.path), self.staged)


@dataclass(frozen=True)
class Mark:
    """What the system says about a file that lies ready, and no checkout can make it say."""

    device: int
    number: int
    changed: int

    @staticmethod
    def of(status: os.stat_result) -> Mark:
        """The mark of a file."""
        return Mark(status.st_dev, status.st_ino, status.st_ctime_ns)


@dataclass(frozen=True)
class Journal:
    """What a run wants to write. `folders` are those that it makes for new files, outer ones first.

    `marks`, one for each entry, are there once all new contents lie ready; no file has been touched before.
    """

    entries: tuple[Entry, ...]
    folders: tuple[str, ...] = ()
    marks: tuple[Mark, ...] | None = None


def is_ours(name: str) -> bool:
    """Whether a file with this name is one of ours, and none of the app: a journal, or what lies ready."""
    return name == FILE or _STAGED.fullmatch(name) is not None


def staged_name() -> str:
    """A name for a file that lies ready, which no other file has."""
    return f".gaebot-{secrets.token_hex(6)}.tmp"


def digest(data: bytes) -> str:
    """The hash by which contents are known."""
    return hashlib.sha256(data).hexdigest()


def is_inner_path(path: str) -> bool:
    """Whether a path, relative to a root and with forward slashes, names something below it."""
    parts = path.split("/")
    is_odd = any(part in {"", ".", ".."} or "\0" in part or os.sep in part for part in parts)
    return not (is_odd or os.path.isabs(path))


# -- the file ----------------------------------------------------------------------------------


def plan_line(journal: Journal) -> bytes:
    """The first line: what is to be written."""
    files = [[entry.path, entry.old, entry.new, entry.staged] for entry in journal.entries]
    return _line({"gaebot": _FORMAT, "files": files, "folders": list(journal.folders)})


def marks_line(marks: Sequence[Mark]) -> bytes:
    """The second line: everything lies ready."""
    return _line({"ready": [[mark.device, mark.number, mark.changed] for mark in marks]})


def _line(value: object) -> bytes:
    # Names that are no UTF-8 hold lone surrogates, which ASCII spells out.
    return json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"


def parse(data: bytes) -> Journal | None:
    """The journal in the bytes of its file; None when not even its first line was finished.

    Raises `JournalError` for what no run of ours can have written.
    """
    plan, end, rest = data.partition(b"\n")
    if not end:
        return None
    shape = _load(plan)
    if not isinstance(shape, dict) or shape.get("gaebot") != _FORMAT:
        raise JournalError("it is no journal of this version of gaebot")
    files, folders = shape.get("files"), shape.get("folders")
    if not isinstance(files, list) or not isinstance(folders, list):
        raise JournalError("it names no files")
    entries = tuple(_entry(file) for file in files)
    if len({entry.path for entry in entries}) < len(entries):
        raise JournalError("it names a file twice")
    if len({entry.staged_path for entry in entries}) < len(entries):
        raise JournalError("two of its files are to become one")
    if not all(isinstance(folder, str) and is_inner_path(folder) for folder in folders):
        raise JournalError("it names a folder outside the app")
    marks, end, rest = rest.partition(b"\n")
    if rest:
        raise JournalError("it has a line too many")
    return Journal(entries, tuple(folders), _marks(marks, len(entries)) if end else None)


def _load(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise JournalError("it can't be read") from None


def _entry(shape: object) -> Entry:
    if not isinstance(shape, list) or len(shape) != 4:
        raise JournalError("it does not say what it names")
    path, old, new, staged = shape
    if not isinstance(path, str) or not is_inner_path(path) or is_ours(posixpath.basename(path)):
        raise JournalError("it names a file that gaebot does not write")
    if not isinstance(staged, str) or _STAGED.fullmatch(staged) is None:
        raise JournalError("it names a file that is none of gaebot's")
    if not (old is None or _is_hash(old)) or not _is_hash(new):
        raise JournalError("it does not say what its files hold")
    return Entry(path, old, new, staged)


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def _marks(line: bytes, count: int) -> tuple[Mark, ...]:
    shape = _load(line)
    marks = shape.get("ready") if isinstance(shape, dict) else None
    if not isinstance(marks, list) or len(marks) != count:
        raise JournalError("it does not say what lies ready")
    if not all(
        isinstance(mark, list) and len(mark) == 3 and all(type(n) is int for n in mark) for mark in marks
    ):
        raise JournalError("it does not say what lies ready")
    return tuple(Mark(*mark) for mark in marks)


# -- what it says of the disk --------------------------------------------------------------------


def target_state(root: str, entry: Entry) -> State:
    """What a target holds now. Nothing behind a link is looked at."""
    path = os.path.join(root, *entry.path.split("/"))
    if is_behind_link(root, entry.path) or os.path.islink(path):
        return State.OTHER
    try:
        data = read_file(path, limits.MAX_FILE_BYTES * 2)
    except (FileNotFoundError, NotADirectoryError):
        return State.OLD if entry.old is None else State.OTHER
    except (OSError, UnfitError):
        return State.OTHER
    if digest(data) == entry.new:
        return State.NEW
    # Without hard links, the name of a new file is taken by an empty one first.
    is_old = not data if entry.old is None else digest(data) == entry.old
    return State.OLD if is_old else State.OTHER


def lies_ready(root: str, entry: Entry, mark: Mark) -> bool:
    """Whether the new content of a target is there, made by a run on this machine and not changed since."""
    path = os.path.join(root, *entry.staged_path.split("/"))
    try:
        status = os.lstat(path)
        if is_behind_link(root, entry.path) or not stat.S_ISREG(status.st_mode) or Mark.of(status) != mark:
            return False
        return digest(read_file(path, limits.MAX_FILE_BYTES * 2)) == entry.new
    except (OSError, UnfitError):
        return False


def is_behind_link(root: str, path: str) -> bool:
    """Whether one of the folders between a root and a path is a symbolic link."""
    folder = root
    for part in path.split("/")[:-1]:
        folder = os.path.join(folder, part)
        if os.path.islink(folder):
            return True
    return False


# -- locks -------------------------------------------------------------------------------------


def is_free(descriptor: int) -> bool:
    """Take a lock on an open journal, until it is closed; False when a run that is alive holds it."""
    if fcntl is not None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
    return True


def is_same(descriptor: int, path: str) -> bool:
    """Whether an open file is still the one at a path."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    except OSError:
        return False


def sync_folder(folder: str) -> None:
    """Make sure that the names in a folder survive a loss of power, where the system can do that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
