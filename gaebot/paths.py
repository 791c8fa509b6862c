"""Paths in an app: text with forward slashes, relative to the app root."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator


def parents(path: str) -> Iterator[str]:
    """The folders around a path, innermost first, without the root."""
    parent = posixpath.dirname(path)
    while parent:
        yield parent
        parent = posixpath.dirname(parent)


def full_path(app: str, path: str) -> str:
    """A path in an app as the caller would name it: `app` is the root as the caller named it."""
    return posixpath.normpath(posixpath.join(app, path))
