"""The patches of fixes, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gaebot.engine import Change
from gaebot.finding import Fix
from gaebot.paths import full_path
from gaebot.render.diff import render_diff
from gaebot.text import OverlappingEditsError, SourceFile, StaleEditError

_LINES = 400  # how much of a patch is shown

_KINDS = {"@": "hunk", "+": "new", "-": "old", " ": "same"}  # by the first character of a line


@dataclass(frozen=True)
class PatchLine:
    """A line of a patch; `kind` is file, about, hunk, new, old or same."""

    kind: str
    text: str


@dataclass(frozen=True)
class PatchText:
    """The lines of a patch that are shown, and how many are not."""

    lines: tuple[PatchLine, ...]
    left_out: int = 0


def patch_text(fix: Fix, app: str, sources: Mapping[str, SourceFile]) -> PatchText:
    """The patch of a fix in git's format, with paths as the caller names them.

    `sources` are the files that it edits, by full path. A file that is not there, or is not what the fix
    was made for, has no lines.
    """
    lines: list[PatchLine] = []
    for path in fix.paths:
        source = sources.get(full_path(app, path))
        lines += _file_lines(fix, path, full_path(app, path), source)
    return PatchText(tuple(lines[:_LINES]), max(0, len(lines) - _LINES))


def _file_lines(fix: Fix, path: str, name: str, source: SourceFile | None) -> list[PatchLine]:
    created = next((new for new in fix.new_files if new.path == path), None)
    if created is not None:
        change, encoding = Change(name, None, created.data), SourceFile(path, created.data).encoding
    elif source is not None:
        try:
            new = source.apply(edit for edit in fix.edits if edit.path == path)
        except (StaleEditError, OverlappingEditsError):
            return []
        change, encoding = Change(name, source.data, new.data), source.encoding
    else:
        return []
    lines: list[PatchLine] = []
    is_head = True
    # To a patch only a line feed ends a line; the bytes of each line are in the file's encoding.
    for raw in render_diff([change]).removesuffix(b"\n").split(b"\n"):
        is_head = is_head and not raw.startswith(b"@@ ")
        lines.append(_line(raw.removesuffix(b"\r"), "utf-8" if is_head else encoding, is_head=is_head))
    return lines


def _line(raw: bytes, encoding: str, *, is_head: bool) -> PatchLine:
    text = raw.decode(encoding, "replace")
    if is_head:
        return PatchLine("file" if text.startswith("diff --git ") else "about", text)
    return PatchLine(_KINDS.get(text[:1], "about"), text)
