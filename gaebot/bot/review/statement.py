"""What there is to say about a pull request, as plain data: no Markdown, no place that needs a file.

It is made where the code is and may be told elsewhere (`stored`), so nothing in it is trusted by those who
tell it. Lines are counted as git does: only a line feed ends one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gaebot.finding import Finding, Fix, Place, RunsOn, Safety, Severity
from gaebot.paths import full_path
from gaebot.render.places import app_roots, best_first
from gaebot.report import Report, fingerprints
from gaebot.text import SourceFile

MOST_QUOTED = 5  # lines of a finding that are held against the diff
MOST_REPLACED = 20  # lines that a suggestion may replace
MOST_SUGGESTED = 60  # lines that it may have
MOST_LETTERS = 8_000  # of a suggestion
_MOST_OF_A_LINE = 300  # letters of a quoted line


@dataclass(frozen=True)
class Lines:
    """Consecutive lines of a file, and what a fix makes of them: the whole fix is that."""

    start: int
    old: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def end(self) -> int:
        """The number of the last line that is replaced."""
        return self.start + len(self.old) - 1


@dataclass(frozen=True)
class Remedy:
    """A fix: how many files it changes, and the lines where it is nothing but a few of them."""

    title: str
    safety: Safety
    runs_on: RunsOn
    files: int
    lines: Lines | None = None


@dataclass(frozen=True)
class Remark:
    """A finding. `path` is that in the repository.

    `quote` are its first lines, as `comparable` leaves them. `former` is its fingerprint under the name that
    the file had before the pull request, empty where it has been called so all along. `is_new` tells whether
    it came with the pull request, None where that is not known; `blocks` whether it has to be mended before
    `threadsafe` may be true.
    """

    fingerprint: str
    rule: str
    severity: Severity
    app: str
    path: str
    line: int
    end_line: int
    quote: tuple[str, ...]
    message: str
    remedy: Remedy | None = None
    former: str = ""
    is_new: bool | None = None
    blocks: bool = False

    @property
    def is_blocker(self) -> bool:
        """Whether the app can't be moved, or not with `threadsafe: true`, while it is there."""
        return self.severity is Severity.ERROR or self.blocks

    @property
    def names(self) -> tuple[str, ...]:
        """The fingerprints that it may have been told under."""
        return (self.fingerprint, self.former) if self.former else (self.fingerprint,)


@dataclass(frozen=True)
class ServiceState:
    """Whether a service may serve several requests at once, why, and how many places are to be mended."""

    app: str
    path: str
    is_safe: bool
    reason: str
    to_mend: int


@dataclass(frozen=True)
class Trouble:
    """Something that could not be read or checked; `path` is empty where that is no file."""

    path: str
    message: str


@dataclass(frozen=True)
class Statement:
    """All that there is to say about a commit of a pull request.

    `remarks` come best first. `gone` is how many findings of the base are there no more, None where the base
    is not known; `known` how many the baseline keeps out, None without one.
    """

    number: int
    head_sha: str
    remarks: tuple[Remark, ...] = ()
    apps: tuple[str, ...] = ()
    services: tuple[ServiceState, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    gone: int | None = None
    silenced: int = 0
    known: int | None = None


def statement_of(
    report: Report, base: Report | None, number: int, head_sha: str, renames: Mapping[str, str]
) -> Statement:
    """What there is to say: the report on a commit, against that on the base.

    Paths are those in the repository. `renames` gives for the new path of a file the one it had before.
    """
    back = {old: new for new, old in renames.items()}
    before: frozenset[str] | None = None
    if base is not None:
        before = frozenset(fingerprints(base.findings, [back.get(f.path, f.path) for f in base.findings]))
    former = fingerprints(report.findings, [renames.get(f.path, f.path) for f in report.findings])
    blocking = {
        (entry.in_app(place.path), place.span) for entry in report.thread_safety for place in entry.to_mend
    }
    reader = _Reader()

    def remark(index: int) -> Remark:
        finding, fingerprint = report.findings[index], report.fingerprints[index]
        first, last = _git_lines(finding.place)
        return Remark(
            fingerprint,
            finding.rule,
            finding.severity,
            finding.app,
            finding.path,
            first,
            last,
            reader.quote(finding.place.source, first, last),
            finding.message,
            None if finding.fix is None else _remedy(finding, finding.fix, report, reader),
            "" if former[index] == fingerprint else former[index],
            None if before is None else fingerprint not in before,
            (finding.path, finding.place.span) in blocking,
        )

    remarks = tuple(map(remark, best_first(report)))
    gone = None if before is None else len(before - {remark.fingerprint for remark in remarks})
    return Statement(
        number,
        head_sha,
        remarks,
        tuple(app_roots(report)),
        tuple(
            ServiceState(entry.app, entry.path, entry.is_safe, entry.reason, len(entry.to_mend))
            for entry in report.thread_safety
        ),
        tuple(Trouble(failure.full_path, failure.message) for failure in report.failures),
        gone,
        report.silenced,
        None if report.baseline is None else report.baseline.left,
    )


def comparable(text: str) -> str:
    """What of a line is the same however it was decoded."""
    return "".join(letter for letter in text if letter.isascii() and letter != "\r")[:_MOST_OF_A_LINE]


class _Reader:
    """The files of findings, cut into the lines that git counts, each file once."""

    def __init__(self) -> None:
        self._lines: dict[SourceFile, list[bytes]] = {}

    def lines(self, source: SourceFile) -> list[bytes]:
        """The lines of a file without their line feeds; behind the last one there is an empty one."""
        if source not in self._lines:
            self._lines[source] = source.data.split(b"\n")
        return self._lines[source]

    def quote(self, source: SourceFile, first: int, last: int) -> tuple[str, ...]:
        """The first of some lines, as `comparable` leaves them."""
        quoted = self.lines(source)[first - 1 : min(last, first - 1 + MOST_QUOTED)]
        return tuple(comparable(line.decode("utf-8", "replace")) for line in quoted)


def _git_lines(place: Place) -> tuple[int, int]:
    """The first and the last line of a place, as git counts them."""
    data, (start, end) = place.source.data, place.span
    first = data.count(b"\n", 0, start) + 1
    return first, first + data.count(b"\n", start, max(start, end - 1))


def _remedy(finding: Finding, fix: Fix, report: Report, reader: _Reader) -> Remedy:
    lines = None
    if fix.paths == (finding.place.path,) and not fix.new_files and fix.safety is not Safety.DISPLAY:
        lines = _replaced(fix, report.sources.get(full_path(finding.app, finding.place.path)), reader)
    return Remedy(fix.title, fix.safety, fix.runs_on, len(fix.paths), lines)


def _replaced(fix: Fix, source: SourceFile | None, reader: _Reader) -> Lines | None:
    r"""The lines that a fix of one file replaces; None where lines of text can't say what it does.

    They can't where the file has a carriage return (what of a line is its end depends on who reads it), is
    not in UTF-8, or ends within them without a line feed, and where something in them would not show.
    """
    if source is None or not fix.edits or b"\r" in source.data or not _is_utf8(source.data):
        return None
    data = source.data
    start = min(edit.start for edit in fix.edits)
    last = max(max(edit.start, edit.span.end - 1) for edit in fix.edits)
    begin = data.rfind(b"\n", 0, start) + 1
    end = data.find(b"\n", last) + 1
    if not end:
        return None
    new = b"".join(_pieces(fix, data, begin, end))
    first = data.count(b"\n", 0, begin) + 1
    old = reader.lines(source)[first - 1 : first - 1 + data.count(b"\n", begin, end)]
    if new == data[begin:end] or (new and not new.endswith(b"\n")) or not _is_utf8(new):
        return None
    lines = Lines(first, _texts(old), _texts(new.split(b"\n")[:-1]))
    return lines if fits(lines) else None


def fits(lines: Lines) -> bool:
    """Whether a suggestion may say it: few lines, and nothing in them that does not show."""
    return (
        0 < len(lines.old) <= MOST_REPLACED
        and len(lines.new) <= MOST_SUGGESTED
        and sum(len(line) + 1 for line in lines.new) <= MOST_LETTERS
        and lines.old != lines.new
        and all(line.replace("\t", " ").isprintable() for line in lines.new)
    )


def _pieces(fix: Fix, data: bytes, begin: int, end: int) -> Iterable[bytes]:
    done = begin
    for edit in sorted(set(fix.edits), key=lambda edit: (edit.span, edit.new)):
        yield data[done : edit.start]
        yield edit.new
        done = max(done, edit.span.end)
    yield data[done:end]


def _texts(lines: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(line.decode() for line in lines)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in data
