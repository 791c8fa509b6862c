"""Opening files of which nothing is known."""

from __future__ import annotations

import os
import stat

_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class UnfitError(Exception):
    """A file that is not read because of what it is; the text is a sentence for the user."""


def read_file(path: str, most_bytes: int) -> bytes:
    """The bytes of a plain file. What is opened is looked at again: it may have been exchanged."""
    descriptor = os.open(path, _OPEN_FLAGS)
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


def reason(error: OSError) -> str:
    """What the system says about an error, without the path."""
    return (error.strerror or str(error)).lower()


def is_inside(path: str, folder: str) -> bool:
    """Whether an absolute path is `folder` or lies below it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
