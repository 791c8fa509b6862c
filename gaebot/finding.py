"""What a check has to say: `Finding`, `Fix`, and `Failure`. `report` holds them together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import total_ordering

from gaebot.paths import full_path, is_template
from gaebot.text import Edit, NewFile, Position, SourceFile, Span


@total_ordering
class Severity(Enum):
    """How bad a finding is. `ERROR` > `WARNING` > `NOTE`."""

    ERROR = "error"  # will not deploy or not run on the target
    WARNING = "warning"  # behaves differently there, or is deprecated
    NOTE = "note"  # advice

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Severity):
            return NotImplemented
        order = [Severity.NOTE, Severity.WARNING, Severity.ERROR]
        return order.index(self) < order.index(other)


class Safety(Enum):
    """How far a fix can be trusted."""

    SAFE = "safe"  # behaviour is provably kept: applied in place
    REVIEW = "review"  # a human should read it: applied with --unsafe only
    DISPLAY = "display"  # shown, never applied


class RunsOn(Enum):
    """The runtimes on which an app still works once a fix is made."""

    BOTH = "2.5 and 2.7"  # can be merged before the switch
    TARGET = "2.7 only"


@dataclass(frozen=True)
class Place:
    """A span in a file: where a finding points. No rule knows which parser found it."""

    source: SourceFile
    span: Span

    @property
    def path(self) -> str:
        """Path of the file, relative to the app root, with forward slashes."""
        return self.source.path

    @property
    def start(self) -> Position:
        """Line and column of the first character, both 1-based."""
        return self.source.position(self.span.start)

    @property
    def end(self) -> Position:
        """Line and column just behind the last character, both 1-based."""
        return self.source.position(self.span.end)

    @property
    def snippet(self) -> bytes:
        """The bytes that the place covers."""
        return self.source.data[self.span.start : self.span.end]

    def replace(self, new: bytes) -> Edit:
        """The edit that puts `new` here."""
        return self.source.edit(self.span, new)


@dataclass(frozen=True)
class Related:
    """A second place that helps to understand a finding, and what it has to do with it."""

    place: Place
    message: str


@dataclass(frozen=True)
class Fix:
    """A patch that is made whole or not at all, over any number of files.

    `title` is a short imperative sentence. `edits` of one file never overlap; `new_files` must
    not exist yet.
    """

    title: str
    edits: tuple[Edit, ...]
    safety: Safety
    runs_on: RunsOn
    new_files: tuple[NewFile, ...] = ()

    def __hash__(self) -> int:
        # Many findings share one large fix: hashing all of its edits for each of them would cost more
        # than the rest of a check.
        return hash((self.title, self.edits[:1], len(self.edits), self.new_files[:1]))

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that it changes or creates, each once, relative to the app root."""
        changed = (edit.path for edit in self.edits)
        created = (new.path for new in self.new_files)
        return tuple(dict.fromkeys((*changed, *created)))


@dataclass(frozen=True)
class Finding:
    """Something at `place` that keeps the app from running on the target, or that differs there.

    `message` says what is wrong and what to do, in whole sentences. `app` is the app root as the
    caller named it (empty for the current folder); rules leave it alone, the engine fills it in.
    """

    rule: str
    severity: Severity
    place: Place
    message: str
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    app: str = ""

    @property
    def path(self) -> str:
        """Path of the file as the caller would name it: app root and path in the app."""
        return self.in_app(self.place.path)

    def in_app(self, path: str) -> str:
        """Another path of the same app as the caller would name it."""
        return full_path(self.app, path)

    @property
    def in_template(self) -> bool:
        """Whether it is about a pattern for an app.yaml (app.yaml.example), not about one itself."""
        return is_template(self.place.path)

    @property
    def sort_key(self) -> tuple[str, Span, str, str]:
        """Order in which findings are shown and their fixes are taken."""
        return (self.place.path, self.place.span, self.rule, self.message)


@dataclass(frozen=True)
class Failure:
    """Something gaebot could not do: a file it could not read, a rule that raised.

    `path` is relative to the app root (empty when no file is concerned), `rule` is the id of the
    rule that raised, or empty. `internal` tells a fault of gaebot from one of the input.
    """

    message: str
    path: str = ""
    rule: str = ""
    app: str = ""
    internal: bool = False

    @property
    def full_path(self) -> str:
        """Path of the file as the caller would name it; empty when no file is concerned."""
        return full_path(self.app, self.path) if self.path or self.app else ""
