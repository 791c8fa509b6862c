"""A report as Markdown for a job's summary or a comment, as GitHub renders it.

What comes from a repository is written so that nothing in it can be markup, a mention, a reference, or a
marker that a program looks for: names in code spans, and where they hold what could end one, as HTML with
everything but letters and digits escaped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gaebot.finding import Finding, Safety, Severity
from gaebot.render.places import app_roots, best_first
from gaebot.render.visible import visible
from gaebot.render.words import advice, counted, one_line
from gaebot.report import Report
from gaebot.rule import Rule
from gaebot.sharing import SharedState, ThreadSafety, Writer

MAX_BYTES = 1024 * 1024 - 16 * 1024
"""The most that a step may add to its summary is 1 MiB, of which this leaves something to others."""

_RESERVED = 1_000  # bytes for what is said at the end
_MAX_MESSAGE = 1_500  # characters of a message
_MAX_NAME = 300  # characters of a path or a name
_MAX_NAMES = 5  # places, handlers or folders that are named in one sentence

# What a code span may hold and stay one, also in a row of a table. The runner's commands have no place here.
_SAFE_CODE = re.compile(r"(?! )(?:(?!##\[|::)[^`|<>\\&$])+(?<! )")
# What is left as it is in a sentence: a colon is when a blank follows, an underscore within a word.
_PLAIN = re.compile(r"[A-Za-z0-9 ,.;'\"()/%?-]|:(?= |$)|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])|[^\x00-\x7f]")
_REFERENCE = re.compile(r"\b(www(?=\.)|gh(?=-\d))(.)", re.IGNORECASE)
_SPLIT = frozenset("@#$:")  # what begins a mention, a reference, a formula, an emoji

# The order in which rows are taken while there is room: errors, what is written without a lock, …
_FIRST, _ERRORS, _UNGUARDED, _WARNINGS, _GUARDED, _NOTES = range(6)
_RANKS = {Severity.ERROR: _ERRORS, Severity.WARNING: _WARNINGS, Severity.NOTE: _NOTES}


@dataclass(frozen=True)
class _Row:
    """A line of a block, and how early it is taken: lower ranks first, then lower places."""

    text: str
    rank: int
    place: int = 0


@dataclass(frozen=True)
class _Block:
    """A part of the summary: `head`, rows, `foot`. It is left out when there is no room for any row.

    `noun` says what a row is, to count what was left out.
    """

    head: str
    rows: tuple[_Row, ...]
    foot: str = "\n"
    noun: str = "row"

    def cost(self) -> int:
        """Bytes that it takes beside its rows, with the line about what was left out."""
        return _size(self.head) + _size(self.foot) + 80


def render_markdown(report: Report, rules: Sequence[Rule], *, limit: int = MAX_BYTES) -> str:  # noqa: ARG001
    """The report as Markdown of at most `limit` bytes of UTF-8 (of 4,000, when `limit` is less).

    Where there is no room for all, whole rows are left out, the least important ones, and it says how many.
    """
    head = "\n".join(_head(report))
    blocks = [
        *_app_blocks(report),
        *_failure_blocks(report),
        *_finding_blocks(report),
        *_sharing_blocks(report.thread_safety),
    ]
    shown, left_out = _fitting(blocks, max(limit, 4_000) - _size(head) - _RESERVED)
    parts = [head, *(_block_text(block, kept) for block, kept in zip(blocks, shown, strict=True) if kept)]
    if left_out:
        counts = ", ".join(counted(count, noun) for noun, count in left_out.items())
        parts.append(f"There was no room here for {counts}: the report in another format lists them.\n")
    return "\n".join(parts)


# -- room ----------------------------------------------------------------------------------


def _fitting(blocks: Sequence[_Block], room: int) -> tuple[list[list[_Row]], Counter[str]]:
    """The rows of each block for which there is room, and how many are left out, by what they are."""
    order = sorted(
        (row.rank, row.place, number, at)
        for number, block in enumerate(blocks)
        for at, row in enumerate(block.rows)
    )
    taken: list[list[int]] = [[] for _ in blocks]
    left_out: Counter[str] = Counter()
    full = False
    for _, _, number, at in order:
        block = blocks[number]
        cost = _size(block.rows[at].text) + 1 + (0 if taken[number] else block.cost())
        full = full or cost > room
        if full:
            left_out[block.noun] += 1
            continue
        room -= cost
        taken[number].append(at)
    return [
        [block.rows[at] for at in sorted(kept)] for block, kept in zip(blocks, taken, strict=True)
    ], left_out


def _block_text(block: _Block, kept: Sequence[_Row]) -> str:
    lines = "".join(f"{row.text}\n" for row in kept)
    missing = len(block.rows) - len(kept)
    more = f"\n… and {counted(missing, block.noun)} more\n" if missing else ""
    return f"{block.head}{lines}{more}{block.foot}"


def _size(text: str) -> int:
    return len(text.encode())


# -- the beginning -------------------------------------------------------------------------


def _head(report: Report) -> Iterator[str]:
    counts = [(report.count(severity), severity.value) for severity in Severity]
    said = ", ".join(counted(count, noun) for count, noun in counts if count)
    yield f"## gaebot: {said or 'nothing to report'}\n"
    if report.findings:
        yield f"{_fixable(report)}\n"
    for line in _unlisted(report):
        yield f"{line}\n"


def _fixable(report: Report) -> str:
    safe, review = report.fixable(Safety.SAFE), report.fixable(Safety.REVIEW)
    if not safe and not review:
        return "None of them can be fixed automatically."
    said = []
    if safe:
        said.append(f"{counted(safe, 'finding')} can be fixed safely with `gaebot fix`.")
    if review:
        number = f"{review:,} more" if safe else counted(review, "finding")
        said.append(f"{number} can be fixed with review: `gaebot fix --unsafe`.")
    return " ".join(said)


def _unlisted(report: Report) -> Iterator[str]:
    """Sentences about what is not in the list: silenced, known to the baseline, third-party code."""
    if report.silenced:
        yield f"Comments in the files silence {counted(report.silenced, 'finding')}."
    if (baseline := report.baseline) is not None:
        said = (
            f"Of {counted(baseline.known, 'finding')} that the baseline {_code(baseline.path)} lists, "
            f"{baseline.left:,} are still there and left out here."
        )
        gone = f" {counted(len(baseline.gone), 'entry').replace('entrys', 'entries')} can go from it."
        yield said + (gone if baseline.gone else "")
    if report.vendored:
        yield f"Third-party code left alone: {_listed(map(_code, report.vendored), len(report.vendored))}."


def _listed(names: Iterable[str], count: int) -> str:
    """The first names, with commas between, and how many more there are."""
    first = [name for name, _ in zip(names, range(_MAX_NAMES), strict=False)]
    return ", ".join(first) + (f" and {count - len(first):,} more" if count > len(first) else "")


# -- apps and failures ---------------------------------------------------------------------


def _app_blocks(report: Report) -> Iterator[_Block]:
    """A table with a row for each app; nothing for one alone without services, of which all was said."""
    roots = app_roots(report)
    if len(roots) < 2 and not report.thread_safety:
        return
    rows = [_app_row(report, app) for app in roots]
    head = "| app | errors | warnings | notes | fixed safely | with review | threadsafe |\n"
    yield _Block(head + "|---|--:|--:|--:|--:|--:|---|\n", tuple(rows), noun="app")


def _app_row(report: Report, app: str) -> _Row:
    found = [finding for finding in report.findings if finding.app == app]
    counts = [sum(finding.severity is severity for finding in found) for severity in Severity]
    safeties = [
        sum(finding.fix is not None and finding.fix.safety is safety for finding in found)
        for safety in (Safety.SAFE, Safety.REVIEW)
    ]
    values = sorted({_value(entry) for entry in report.thread_safety if entry.app == app}, reverse=True)
    cells = [_code(app or "."), *(f"{count:,}" for count in (*counts, *safeties)), ", ".join(values)]
    return _Row(f"| {' | '.join(cells)} |", _FIRST)


def _failure_blocks(report: Report) -> Iterator[_Block]:
    rows = []
    for failure in report.failures:
        where = _code(failure.full_path or "gaebot")
        whose = " (a fault of gaebot: please report it)" if failure.internal else ""
        rows.append(_Row(f"- {where}: {_prose(failure.message)}{whose}", _FIRST))
    if rows:
        yield _Block("### Could not be read or checked\n\n", tuple(rows), noun="failure")


# -- findings ------------------------------------------------------------------------------


def _finding_blocks(report: Report) -> Iterator[_Block]:
    """For each app a table of what is wrong, and one of the notes, which is folded."""
    roots = app_roots(report)
    best = {index: rank for rank, index in enumerate(best_first(report))}
    for app in roots:
        numbers = [index for index, finding in enumerate(report.findings) if finding.app == app]
        title = f"### {_code(app or '.')}\n\n" if len(roots) > 1 else "### Findings\n\n"
        for is_note in (False, True):
            chosen = [n for n in numbers if (report.findings[n].severity is Severity.NOTE) is is_note]
            if not chosen:
                continue
            rows = tuple(_finding_row(report.findings[n], best[n]) for n in chosen)
            if is_note:
                folded = f"<details><summary>{counted(len(rows), 'note')}</summary>\n\n"
                head, foot, noun = title + folded, "\n</details>\n", "note"
            else:
                head, foot, noun = title, "\n", "finding"
            yield _Block(f"{head}| place | | rule | message |\n|---|---|---|---|\n", rows, foot, noun)
            title = ""


def _finding_row(finding: Finding, place: int) -> _Row:
    where = f"{_code(finding.path)}:{finding.place.start.line}"
    said = _prose(finding.message)
    if fix := advice(finding):
        said += f"<br>Fix: {_prose(fix)}"
    text = f"| {where} | {finding.severity.value} | {_code(finding.rule)} | {said} |"
    return _Row(text, _RANKS[finding.severity], place)


# -- thread safety -------------------------------------------------------------------------


def _sharing_blocks(entries: Sequence[ThreadSafety]) -> Iterator[_Block]:
    if entries:
        rows = tuple(_Row(f"- {line}", _FIRST) for line in map(_verdict, entries))
        yield _Block("### Thread safety\n\n", rows, noun="service")
    for entry in entries:
        rows = tuple(_writer_row(entry, state, writer) for state in entry.states for writer in state.writers)
        if rows:
            what = f"what requests of {_html_code(entry.path)} share and change"
            yield _Block(
                f"<details><summary>{counted(len(entry.states), 'name')}: {what}</summary>\n\n"
                "| shared | kept in | changed by | from | lock | rule |\n|---|---|---|---|---|---|\n",
                rows,
                "\n</details>\n",
                "change of shared state",
            )


def _verdict(entry: ThreadSafety) -> str:
    said = f"{_code(entry.path)}: **threadsafe: {_value(entry)}**, because {_prose(entry.reason)}."
    if entry.to_mend:
        places = (f"{_code(entry.in_app(place.path))}:{place.start.line}" for place in entry.to_mend)
        said += f" To mend before `true`: {_listed(places, len(entry.to_mend))}."
    return said


def _value(entry: ThreadSafety) -> str:
    return "true" if entry.is_safe else "false"


def _writer_row(entry: ThreadSafety, state: SharedState, writer: Writer) -> _Row:
    kept = ""
    if state.place is not None:
        kept = f"{_code(entry.in_app(state.place.path))}:{state.place.start.line}"
    others = [name for name in writer.handlers if name != writer.function]
    cells = (
        _code(state.name),
        kept,
        f"{_code(writer.function)} {_code(entry.in_app(writer.place.path))}:{writer.place.start.line}",
        _listed(map(_code, others), len(others)),
        _code(writer.lock) if writer.lock else "none",
        _code(writer.rule) if writer.rule else "",
    )
    return _Row(f"| {' | '.join(cells)} |", _GUARDED if writer.lock else _UNGUARDED)


# -- text from a repository ----------------------------------------------------------------


def _prose(text: str) -> str:
    """A message of a rule, in which backticks set off names; the text between them is escaped."""
    parts = _cut(one_line(text), _MAX_MESSAGE).split("`")
    if len(parts) % 2 == 0:  # one backtick has no partner
        parts[-2:] = ["`".join(parts[-2:])]
    said = ""
    for number, part in enumerate(parts):
        if number % 2 == 0:
            said += _escaped(part)
        else:  # two code spans must not touch
            said += _html_code(part) if said.endswith("`") else _code(part)
    return said


def _code(text: str) -> str:
    """A name as code."""
    shown = _cut(visible(text), _MAX_NAME)
    return f"`{shown}`" if _SAFE_CODE.fullmatch(shown) else _html_code(text)


def _html_code(text: str) -> str:
    """A name as code where Markdown is not read, or would read something into it."""
    shown = _cut(visible(text), _MAX_NAME)
    return f"<code>{_escaped(shown)}</code>" if shown else ""


def _escaped(text: str) -> str:
    """The text with no character left that means anything in Markdown, HTML, or to GitHub."""
    escaped = "".join(
        character if _PLAIN.match(text, at) else _entity(character) for at, character in enumerate(text)
    )
    return _REFERENCE.sub(lambda found: f"{found[1]}{_tagged(found[2])}", escaped)


def _entity(character: str) -> str:
    return _tagged(character) if character in _SPLIT else f"&#{ord(character)};"


def _tagged(character: str) -> str:
    """A character in a tag: GitHub looks for mentions and the like in the text, when escapes are gone."""
    return f"<span>&#{ord(character)};</span>"


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"
