"""A report as Markdown for a job's summary or a comment, as GitHub renders it.

What comes from a repository is inert in it: no markup, no mention, no reference, no marker.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gaebot.finding import Finding, Safety, Severity
from gaebot.render.blocks import Block, Row, fit, size
from gaebot.render.inert import code, html_code, prose
from gaebot.render.places import app_roots, best_first
from gaebot.render.words import advice, counted
from gaebot.report import Report
from gaebot.rule import Rule
from gaebot.sharing import SharedState, ThreadSafety, Writer

MAX_BYTES = 1024 * 1024 - 16 * 1024
"""The most that a step may add to its summary is 1 MiB, of which this leaves something to others."""

_RESERVED = 1_000  # bytes for what is said at the end
_MAX_NAMES = 5  # places, handlers or folders that are named in one sentence

# The order in which rows are taken while there is room: errors, what is written without a lock, …
_FIRST, _ERRORS, _UNGUARDED, _WARNINGS, _GUARDED, _NOTES = range(6)
_RANKS = {Severity.ERROR: _ERRORS, Severity.WARNING: _WARNINGS, Severity.NOTE: _NOTES}


def render_markdown(report: Report, rules: Sequence[Rule], *, limit: int = MAX_BYTES) -> str:  # noqa: ARG001
    """The report as Markdown of at most `limit` bytes of UTF-8 (of 4,000, when `limit` is less).

    Where there is no room for all, whole rows are left out, the least important ones, and it says how many.
    """
    return fitted_markdown(report, limit=limit)[0]


def fitted_markdown(report: Report, *, limit: int = MAX_BYTES) -> tuple[str, int]:
    """What `render_markdown` says, and how many of the findings it had no room for."""
    head = "\n".join(_head(report))
    blocks = [
        *_app_blocks(report),
        *_failure_blocks(report),
        *_finding_blocks(report),
        *_sharing_blocks(report.thread_safety),
    ]
    texts, left_out = fit(blocks, max(limit, 4_000) - size(head) - _RESERVED)
    parts = [head, *texts]
    if left_out:
        counts = ", ".join(counted(count, noun) for noun, count in left_out.items())
        parts.append(f"There was no room here for {counts}: the report in another format lists them.\n")
    return "\n".join(parts), left_out["finding"] + left_out["note"]


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
            f"Of {counted(baseline.known, 'finding')} that the baseline {code(baseline.path)} lists, "
            f"{baseline.left:,} are still there and left out here."
        )
        gone = f" {counted(len(baseline.gone), 'entry').replace('entrys', 'entries')} can go from it."
        yield said + (gone if baseline.gone else "")
    if report.vendored:
        yield f"Third-party code left alone: {_listed(map(code, report.vendored), len(report.vendored))}."


def _listed(names: Iterable[str], count: int) -> str:
    """The first names, with commas between, and how many more there are."""
    first = [name for name, _ in zip(names, range(_MAX_NAMES), strict=False)]
    return ", ".join(first) + (f" and {count - len(first):,} more" if count > len(first) else "")


# -- apps and failures ---------------------------------------------------------------------


def _app_blocks(report: Report) -> Iterator[Block]:
    """A table with a row for each app; nothing for one alone without services, of which all was said."""
    roots = app_roots(report)
    if len(roots) < 2 and not report.thread_safety:
        return
    rows = [_app_row(report, app) for app in roots]
    head = "| app | errors | warnings | notes | fixed safely | with review | threadsafe |\n"
    yield Block(head + "|---|--:|--:|--:|--:|--:|---|\n", tuple(rows), noun="app")


def _app_row(report: Report, app: str) -> Row:
    found = [finding for finding in report.findings if finding.app == app]
    counts = [sum(finding.severity is severity for finding in found) for severity in Severity]
    safeties = [
        sum(finding.fix is not None and finding.fix.safety is safety for finding in found)
        for safety in (Safety.SAFE, Safety.REVIEW)
    ]
    values = sorted({_value(entry) for entry in report.thread_safety if entry.app == app}, reverse=True)
    cells = [code(app or "."), *(f"{count:,}" for count in (*counts, *safeties)), ", ".join(values)]
    return Row(f"| {' | '.join(cells)} |", _FIRST)


def _failure_blocks(report: Report) -> Iterator[Block]:
    rows = []
    for failure in report.failures:
        where = code(failure.full_path or "gaebot")
        whose = " (a fault of gaebot: please report it)" if failure.internal else ""
        rows.append(Row(f"- {where}: {prose(failure.message)}{whose}", _FIRST))
    if rows:
        yield Block("### Could not be read or checked\n\n", tuple(rows), noun="failure")


# -- findings ------------------------------------------------------------------------------


def _finding_blocks(report: Report) -> Iterator[Block]:
    """For each app a table of what is wrong, and one of the notes, which is folded."""
    roots = app_roots(report)
    best = {index: rank for rank, index in enumerate(best_first(report))}
    for app in roots:
        numbers = [index for index, finding in enumerate(report.findings) if finding.app == app]
        title = f"### {code(app or '.')}\n\n" if len(roots) > 1 else "### Findings\n\n"
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
            yield Block(f"{head}| place | | rule | message |\n|---|---|---|---|\n", rows, foot, noun)
            title = ""


def _finding_row(finding: Finding, place: int) -> Row:
    where = f"{code(finding.path)}:{finding.place.start.line}"
    said = prose(finding.message)
    if fix := advice(finding):
        said += f"<br>Fix: {prose(fix)}"
    text = f"| {where} | {finding.severity.value} | {code(finding.rule)} | {said} |"
    return Row(text, _RANKS[finding.severity], place)


# -- thread safety -------------------------------------------------------------------------


def _sharing_blocks(entries: Sequence[ThreadSafety]) -> Iterator[Block]:
    if entries:
        rows = tuple(Row(f"- {line}", _FIRST) for line in map(_verdict, entries))
        yield Block("### Thread safety\n\n", rows, noun="service")
    for entry in entries:
        rows = tuple(_writer_row(entry, state, writer) for state in entry.states for writer in state.writers)
        if rows:
            what = f"what requests of {html_code(entry.path)} share and change"
            yield Block(
                f"<details><summary>{counted(len(entry.states), 'name')}: {what}</summary>\n\n"
                "| shared | kept in | changed by | from | lock | rule |\n|---|---|---|---|---|---|\n",
                rows,
                "\n</details>\n",
                "change of shared state",
            )


def _verdict(entry: ThreadSafety) -> str:
    said = f"{code(entry.path)}: **threadsafe: {_value(entry)}**, because {prose(entry.reason)}."
    if entry.to_mend:
        places = (f"{code(entry.in_app(place.path))}:{place.start.line}" for place in entry.to_mend)
        said += f" To mend before `true`: {_listed(places, len(entry.to_mend))}."
    return said


def _value(entry: ThreadSafety) -> str:
    return "true" if entry.is_safe else "false"


def _writer_row(entry: ThreadSafety, state: SharedState, writer: Writer) -> Row:
    kept = ""
    if state.place is not None:
        kept = f"{code(entry.in_app(state.place.path))}:{state.place.start.line}"
    others = [name for name in writer.handlers if name != writer.function]
    cells = (
        code(state.name),
        kept,
        f"{code(writer.function)} {code(entry.in_app(writer.place.path))}:{writer.place.start.line}",
        _listed(map(code, others), len(others)),
        code(writer.lock) if writer.lock else "none",
        code(writer.rule) if writer.rule else "",
    )
    return Row(f"| {' | '.join(cells)} |", _GUARDED if writer.lock else _UNGUARDED)
