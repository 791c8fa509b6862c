"""What differs between two commits, as git says it: files, hunks, and the lines a comment may stand on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.github.repository import Repository

_STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True)
class Line:
    """A line of a hunk: its text with the sign, its numbers on both sides, its position in the patch."""

    text: str
    old: int | None
    new: int | None
    position: int

    def number(self, side: str) -> int | None:
        """Its number on a side, LEFT or RIGHT; on LEFT stand what was removed and what was kept."""
        return self.old if side == "LEFT" else self.new


@dataclass(frozen=True)
class Hunk:
    """A hunk: its header and its lines."""

    header: str
    lines: tuple[Line, ...]

    def find(self, number: int, side: str) -> Line | None:
        """The line with this number, if it is here."""
        return next((line for line in self.lines if line.number(side) == number), None)

    def up_to(self, last: Line) -> str:
        """The hunk's text until a line, as GitHub shows it with a comment."""
        return "\n".join([self.header, *(line.text for line in self.lines if line.position <= last.position)])


@dataclass(frozen=True)
class FileDiff:
    """A file that differs."""

    name: str
    previous: str | None
    status: str
    sha: str | None
    additions: int
    deletions: int
    patch: str | None
    hunks: tuple[Hunk, ...]

    def find(self, number: int, side: str) -> tuple[Hunk, Line] | None:
        """The hunk and the line with this number."""
        for hunk in self.hunks:
            line = hunk.find(number, side)
            if line is not None:
                return hunk, line
        return None

    def at(self, position: int) -> tuple[Hunk, Line] | None:
        """The hunk and the line at a position of the patch."""
        for hunk in self.hunks:
            for line in hunk.lines:
                if line.position == position:
                    return hunk, line
        return None


def between(repository: Repository, old: str, new: str) -> list[FileDiff]:
    """How a commit's files differ from an older one's."""
    options = ("diff", "--no-color", "--no-ext-diff", "--find-renames")
    raw = repository.git(*options, "--raw", "-z", "--no-abbrev", old, new).decode("utf-8", "replace")
    patches = repository.git(*options, "--patch", old, new).decode("utf-8", "replace")
    sections = iter(re.split(r"(?m)^(?=diff --git )", patches)[1:])
    files = []
    for name, previous, status, sha in _raw_entries(raw):
        section = next(sections)
        if status == "changed":  # a link that became a file: its removal, and then its addition
            next(sections)
            section = ""
        files.append(_file(name, previous, status, sha, section))
    return files


def _raw_entries(raw: str) -> Iterator[tuple[str, str | None, str, str]]:
    """Name, previous name, status and SHA of each entry that `git diff --raw -z` prints."""
    parts = iter(raw.split("\0"))
    for entry in parts:
        if not entry:
            return
        _, _, old, new, status = entry.removeprefix(":").split(" ")
        name = next(parts)
        previous = None
        if status[0] in "RC":
            previous, name = name, next(parts)
        yield name, previous, _STATUS[status[0]], old if status == "D" else new


def _file(name: str, previous: str | None, status: str, sha: str, section: str) -> FileDiff:
    """A file, from what git says about it."""
    start = re.search(r"(?m)^@@ ", section)
    patch = section[start.start() :].removesuffix("\n") if start else None
    hunks = tuple(_hunks(patch or ""))
    signs = [line.text[:1] for hunk in hunks for line in hunk.lines]
    return FileDiff(name, previous, status, sha, signs.count("+"), signs.count("-"), patch, hunks)


def _hunks(patch: str) -> Iterator[Hunk]:
    """The hunks of a patch. Positions count from the line below the first header, headers included."""
    header, lines, old, new = "", [], 0, 0
    for position, text in enumerate(patch.split("\n") if patch else ()):
        found = _HUNK.match(text)
        if found:
            if header:
                yield Hunk(header, tuple(lines))
            header, lines = text, []
            old, new = int(found[1]), int(found[3])
        elif text.startswith("\\"):
            continue
        else:
            sign = text[:1] or " "
            lines.append(Line(text, old if sign != "+" else None, new if sign != "-" else None, position))
            old += sign != "+"
            new += sign != "-"
    if header:
        yield Hunk(header, tuple(lines))


def moved(files: list[FileDiff], path: str, number: int) -> int | None:
    """Where a line went between two commits, by their diff; nothing if it was changed or its file is gone."""
    for file in files:
        if file.name == path and file.previous is None:
            if file.status == "removed":
                return None
            shift = 0
            for hunk in file.hunks:
                found = hunk.find(number, "LEFT")
                if found is not None:
                    return found.new
                last_old = max((line.old for line in hunk.lines if line.old is not None), default=0)
                if last_old < number:
                    signs = [line.text[:1] for line in hunk.lines]
                    shift += signs.count("+") - signs.count("-")
            return number + shift
        if file.previous == path:
            return None
    return number
