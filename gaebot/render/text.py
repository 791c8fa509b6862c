"""A report as text for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gaebot.finding import Failure, Finding, Fix, Place, Safety, Severity
from gaebot.render.thread_safety import thread_safety_lines
from gaebot.render.visible import columns, visible
from gaebot.render.words import one_line
from gaebot.render.wrapping import wrapped
from gaebot.report import Report

Paint = Callable[[str, str], str]
"""Gives a text (first) a style (second): 'bold', 'dim', 'red', 'yellow', 'cyan', 'green'."""

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_SAFETIES = {
    Safety.SAFE: "safe",
    Safety.REVIEW: "to be reviewed: needs --unsafe",
    Safety.DISPLAY: "for you to make",
}
_BEFORE = 60  # characters of a long source line that are shown in front of the place


Link = Callable[[str, str], str]
"""Makes a text (first) a link to a file (second)."""


def no_link(text: str, _path: str) -> str:
    """The link that leaves everything plain."""
    return text


def plain(text: str, _style: str) -> str:
    """The paint that leaves everything plain."""
    return text


def render_report(
    report: Report,
    *,
    paint: Paint = plain,
    width: int = 100,
    link: Link = no_link,
    quiet: bool = False,
) -> str:
    """The findings, each with its source line, then the summary. Ends with a line feed.

    `width` is that of the terminal, in columns. Every line of repository text is indented, and
    control characters are made visible. With `quiet`, only findings and what could not be read or checked
    are told: nothing, where there is none of both.
    """
    lines: list[str] = []
    shown: set[Fix] = set()
    for app in report.apps:
        findings = [finding for finding in report.findings if finding.app == app]
        if findings and len(report.apps) > 1:
            lines += [paint(f"{visible(app) or '.'}: {_count(findings)}", "bold"), ""]
        for finding in findings:
            lines += _finding_lines(finding, paint, width, link)
            if finding.fix is not None:
                again = finding.fix in shown
                lines += _indented(_fix_text(finding.fix, again=again), width)
                shown.add(finding.fix)
            lines.append("")
    if quiet:
        lines += _failures(report, paint)
    else:
        lines += [*_sharing(report, paint, width), *_summary(report, paint, width)]
    return "".join(f"{line}\n" for line in lines)


def _sharing(report: Report, paint: Paint, width: int) -> Iterator[str]:
    """The section about what requests share; nothing where no service was asked about."""
    if report.thread_safety:
        yield paint("Thread safety", "bold")
        for entry in report.thread_safety:
            yield from thread_safety_lines(entry, paint, width)
        yield ""


def render_fixed(fixed: Iterable[Finding], *, dry: bool = False, paint: Paint = plain) -> str:
    """One line for each finding whose fix was made (with `dry`: would be made), and their number."""
    found = list(fixed)
    verb = "would fix" if dry else "fixed"
    lines = [
        f"{paint(verb, 'green')} {visible(finding.path)}: {paint(finding.rule, 'bold')}: "
        f"{visible(finding.fix.title)}"
        for finding in found
        if finding.fix is not None
    ]
    files = {
        finding.in_app(path) for finding in found if finding.fix is not None for path in finding.fix.paths
    }
    lines.append(f"{verb.capitalize()} {_number(len(found), 'finding')} in {_number(len(files), 'file')}.")
    return "\n".join(lines) + "\n"


def _finding_lines(finding: Finding, paint: Paint, width: int, link: Link) -> Iterator[str]:
    line, column = finding.place.start
    heading = link(f"{visible(finding.path)}:{line}:{column}", finding.path)
    severity = paint(finding.severity.value, _STYLES[finding.severity])
    template = " (template)" if finding.in_template else ""
    yield f"{heading} {severity} {paint(finding.rule, 'bold')}{template}"
    yield from _indented(finding.message, width)
    yield from _excerpt(finding.place, paint, width, _STYLES[finding.severity])
    for related in finding.related:
        place = related.place
        path = visible(finding.in_app(place.path))
        yield from _indented(f"see {path}:{place.start.line}:{place.start.column}: {related.message}", width)


def _fix_text(fix: Fix, *, again: bool) -> str:
    if again:  # one fix for several findings
        return f"fix: as above: {fix.title}"
    return f"fix: {fix.title} ({_SAFETIES[fix.safety]}; then runs on {fix.runs_on.value})"


def _excerpt(place: Place, paint: Paint, width: int, style: str) -> Iterator[str]:
    """The first line of a place, with the place underlined."""
    start, end = place.start, place.end
    text = place.source.line_text(start.line)
    stop = end.column - 1 if end.line == start.line else len(text.rstrip())
    before, marked, after = text[: start.column - 1], text[start.column - 1 : stop], text[stop:]
    if len(before) > _BEFORE:
        before = "…" + before[-_BEFORE:]
    before = visible(before)
    number = str(start.line)
    room = max(20, width - len(number) - 5)
    marked = _cut(visible(marked), max(10, room - columns(before)))
    after = _cut(visible(after), max(0, room - columns(before + marked)))
    gutter = " " * len(number)
    arrows = "^" * max(1, columns(marked))
    yield f"  {paint(f'{number} |', 'dim')} {before}{marked}{after}".rstrip()
    yield f"  {paint(f'{gutter} |', 'dim')} {' ' * columns(before)}{paint(arrows, style)}"


def _cut(text: str, room: int) -> str:
    return text if columns(text) <= room else text[: max(0, room - 1)] + "…"


def render_completed(paths: Iterable[str]) -> str:
    """A line that says which files an interrupted fix had left unwritten."""
    return visible(f"An interrupted fix was completed: {', '.join(paths)}.") + "\n"


def _indented(text: str, width: int) -> list[str]:
    return wrapped(one_line(text), width, "  ")


def _summary(report: Report, paint: Paint, width: int) -> Iterator[str]:
    if report.findings:
        apps = f" in {len(report.apps)} apps" if len(report.apps) > 1 else ""
        yield paint(f"{_count(report.findings)}{apps}.", "bold")
        yield from _fixable(report)
    else:
        is_new = " new" if report.baseline is not None else ""
        yield paint(f"Nothing{is_new} to report.", "green" if not report.failures else "bold")
    yield from _left_out(report, width)
    if report.vendored:
        names = ", ".join(map(visible, report.vendored))
        yield from wrapped(f"Third-party code left alone: {names}.", width)
    yield from _failures(report, paint)


def _left_out(report: Report, width: int) -> Iterator[str]:
    """What a baseline and comments keep from being told."""
    lines = []
    if report.baseline is not None:
        known, gone = report.baseline, len(report.baseline.gone)
        lines.append(f"{known.left} of {_number(known.known, 'finding')} in {visible(known.path)} are left.")
        if gone:
            them = "it" if gone == 1 else "them"
            lines.append(f"{gone} can go from it: `gaebot baseline --prune` takes {them} out.")
    if report.silenced:
        lines.append(f"{_number(report.silenced, 'finding')} silenced by comments.")
    for line in lines:
        yield from wrapped(line, width)


def _failures(report: Report, paint: Paint) -> Iterator[str]:
    if report.failures:
        yield paint("Could not be read or checked:", "bold")
        for failure in report.failures:
            yield f"  {_failure_text(failure)}"


def _fixable(report: Report) -> Iterator[str]:
    safe, review = report.fixable(Safety.SAFE), report.fixable(Safety.REVIEW)
    if safe:
        yield f"{_number(safe, 'finding')} can be fixed safely: gaebot fix"
    if review:
        more = " more" if safe else ""
        yield f"{review}{more} can be fixed with review: gaebot fix --unsafe"
    if not safe and not review:
        yield "None of them can be fixed automatically."


def _failure_text(failure: Failure) -> str:
    text = " ".join(failure.message.split())
    return visible(f"{failure.full_path}: {text}" if failure.full_path else text)


def _count(findings: Iterable[Finding]) -> str:
    found = list(findings)
    counts = [(severity, sum(f.severity is severity for f in found)) for severity in Severity]
    return ", ".join(_number(count, severity.value) for severity, count in counts if count)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
