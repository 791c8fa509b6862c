"""Opening files of which nothing is known."""

from __future__ import annotations

import os
import stat

OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
"""How a file is opened of which nothing is known: no link is followed, no pipe waited for."""


class UnfitError(Exception):
    """A file that is not read because of what it is; the text is a sentence for the user."""


def read_file(path: str, most_bytes: int) -> bytes:
    """The bytes of a plain file. What is opened is looked at again: it may have been exchanged."""
    descriptor = os.open(path, OPEN_FLAGS)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UnfitError("This is not a plain file; remove it from the app.")
        data = stream.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise UnfitError(
            f"This file is larger than {most_bytes:,} bytes and was not read; "
            "make it smaller or keep it out of the app with skip_files."
        )
    return data


def publish(source: str, target: str) -> None:
    """Give a file a name that no other has. Raises `FileExistsError` when another program was faster.

    A rename would take the place of the other's file.
    """
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            os.replace(source, target)
        except BaseException:
            os.unlink(target)
            raise
    else:
        os.unlink(source)


def reason(error: OSError) -> str:
    """What the system says about an error, without the path."""
    return (error.strerror or str(error)).lower()


def is_inside(path: str, folder: str) -> bool:
    """Whether an absolute path is `folder` or lies below it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
