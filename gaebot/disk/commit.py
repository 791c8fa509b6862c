"""Which commit of a git repository is checked out."""

from __future__ import annotations

import os
import re

from gaebot.disk.files import UnfitError, read_file

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_BRANCH = re.compile(r"ref: (?P<name>refs/heads/[^\x00-\x20\x7f~^:?*\[\\]+)")
_MOST_BYTES = 5_000_000  # of the list of branches


def checked_out(folder: str) -> str | None:
    """The commit that is checked out in a folder, None where that can't be told.

    Read from git's own files: no program is started, which would do what the repository's settings say.
    """
    git = os.path.join(folder or ".", ".git")
    head = _text(os.path.join(git, "HEAD"))
    if _COMMIT.fullmatch(head):
        return head
    branch = _BRANCH.fullmatch(head)
    if branch is None or ".." in branch["name"].split("/"):
        return None
    loose = _text(os.path.join(git, *branch["name"].split("/")))
    if _COMMIT.fullmatch(loose):
        return loose
    for line in _text(os.path.join(git, "packed-refs")).splitlines():
        sha, _, name = line.partition(" ")
        if name == branch["name"] and _COMMIT.fullmatch(sha):
            return sha
    return None


def _text(path: str) -> str:
    """What a file says, without blanks around it; nothing where it can't be read."""
    try:
        return read_file(path, _MOST_BYTES).decode("utf-8", "replace").strip()
    except (OSError, UnfitError):
        return ""
