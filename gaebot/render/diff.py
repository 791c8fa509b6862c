"""Changes as a patch in git's format."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from gaebot.engine import Change

_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


def render_diff(changes: Iterable[Change]) -> bytes:
    """The patch that `git apply` takes; nothing when nothing changes.

    Bytes, because files hold what they hold: line endings and encodings are part of the change.
    """
    return b"".join(_file_diff(change) for change in changes)


def _file_diff(change: Change) -> bytes:
    old_name, new_name = _quoted(f"a/{change.path}"), _quoted(f"b/{change.path}")
    lines = [b"diff --git %s %s\n" % (old_name, new_name)]
    if change.old is None:
        lines.append(b"new file mode 100644\n")
        old_name = b"/dev/null"
    hunks = list(_hunks(change.old or b"", change.new))
    if hunks:
        lines += [b"--- %s\n" % _ended(old_name), b"+++ %s\n" % _ended(new_name), *hunks]
    return b"".join(lines)


def _hunks(old: bytes, new: bytes) -> Iterator[bytes]:
    compared = difflib.diff_bytes(difflib.unified_diff, _lines(old), _lines(new))
    for number, line in enumerate(compared):
        if number < 2:  # the names of the files, which `_file_diff` writes itself
            continue
        yield line
        if not line.endswith(b"\n"):
            yield b"\n\\ No newline at end of file\n"


def _lines(data: bytes) -> list[bytes]:
    """The lines with their ends. To git only a line feed ends one."""
    *whole, rest = data.split(b"\n")
    return [line + b"\n" for line in whole] + ([rest] if rest else [])


def _quoted(path: str) -> bytes:
    """A path as git writes it: in quotes, C style, when it holds unusual bytes."""
    raw = path.encode("utf-8", "surrogateescape")
    if all(32 <= byte < 127 and byte not in _ESCAPES for byte in raw):
        return raw
    escaped = (_ESCAPES.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}") for byte in raw)
    return b'"%s"' % "".join(escaped).encode("ascii")


def _ended(name: bytes) -> bytes:
    """A name in a `---` or `+++` line: a tab shows where it ends when it holds blanks."""
    return name + b"\t" if b" " in name else name
