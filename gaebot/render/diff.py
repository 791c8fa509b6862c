"""Changes as a patch in git's format."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator

from gaebot.engine import Change

_CONTEXT = 3  # lines around a change
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
    start, end = _differing(old, new)
    above = old.count(b"\n", 0, start)
    parts = _lines(old[start : len(old) - end]), _lines(new[start : len(new) - end])
    for number, line in enumerate(difflib.diff_bytes(difflib.unified_diff, *parts, n=_CONTEXT)):
        if number < 2:  # the names of the files, which `_file_diff` writes itself
            continue
        yield _moved(line, above) if line.startswith(b"@@") else line
        if not line.endswith(b"\n"):
            yield b"\n\\ No newline at end of file\n"


def _differing(old: bytes, new: bytes) -> tuple[int, int]:
    """How many bytes at both ends are the same lines and not needed as context.

    What is left is small, and so compared quickly, however large the file is.
    """
    start = _same(old, new, min(len(old), len(new)), lambda data, begin, end: data[begin:end])
    most = min(len(old), len(new)) - start
    end = _same(old, new, most, lambda data, begin, end: data[len(data) - end : len(data) - begin])
    for _ in range(_CONTEXT + 1):
        start = old.rfind(b"\n", 0, max(0, start - 1)) + 1
    at = len(old) - end
    for _ in range(_CONTEXT + 1):
        at = old.find(b"\n", at) + 1 or len(old)
    return start, len(old) - at


def _same(old: bytes, new: bytes, most: int, part: Callable[[bytes, int, int], bytes]) -> int:
    """How many bytes are the same, `most` at most. `part` gives some, counted from the end that is meant."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        if part(old, least, middle) == part(new, least, middle):
            least = middle
        else:
            most = middle - 1
    return least


def _moved(header: bytes, lines: int) -> bytes:
    """The head of a hunk that begins some lines further down."""
    return re.sub(rb"(?<=[-+])\d+", lambda match: b"%d" % (int(match.group()) + lines), header)


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
