"""A report as workflow commands, of which GitHub's runner makes annotations.

The runner takes ten annotations of a kind from one step and drops the rest without a word, so what is
shown is chosen here, and what is not is counted. A line is a command when it begins with `::`, and in an old
form when `##[` stands anywhere in it: no other line here holds either, and in a command the text is escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from gaebot.finding import Failure, Finding, Severity
from gaebot.render.places import best_first
from gaebot.render.visible import visible
from gaebot.render.words import advice, counted, one_line
from gaebot.report import Report
from gaebot.rule import Rule

MAX_ANNOTATIONS = 10  # of a kind in a step
MAX_MESSAGE = 4_096  # UTF-16 units of a message; the runner cuts there

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_MAX_RELATED = 6  # further places that a message names


def render_github(report: Report, rules: Sequence[Rule]) -> str:  # noqa: ARG001 - the same for all formats
    """The report as lines for a step's log, in order of severity. Ends with a line feed.

    What could not be read or checked is one error, the first, so that findings do not push it out.
    """
    lines: list[str] = []
    if report.failures:
        lines.append(_failures(report.failures))
    shown = annotated(report)
    lines += [_annotation(report.findings[index]) for index in shown]
    left_out = Counter(finding.severity for finding in report.findings)
    left_out.subtract(report.findings[index].severity for index in shown)
    return "\n".join([*lines, *_tail(report, +left_out)]) + "\n"


def annotated(report: Report) -> list[int]:
    """The indices of the findings that become annotations, in their order."""
    count = Counter([Severity.ERROR] if report.failures else [])
    shown = []
    for index in best_first(report):
        severity = report.findings[index].severity
        if count[severity] < MAX_ANNOTATIONS:
            count[severity] += 1
            shown.append(index)
    return shown


def _tail(report: Report, left_out: Counter[Severity]) -> Iterator[str]:
    """The plain lines behind the commands. They hold numbers and words of ours, nothing else."""
    if left_out:
        counts = ", ".join(
            counted(left_out[severity], severity.value) for severity in Severity if left_out[severity]
        )
        yield f"Left out: {counts}. GitHub shows {MAX_ANNOTATIONS} annotations of a kind for each step."
    elif not report.findings and not report.failures:
        yield "gaebot has nothing to report."


def _annotation(finding: Finding) -> str:
    """The command for a finding. Columns belong to places within one line; the runner drops others."""
    start, end = finding.place.start, finding.place.end
    properties = {"file": _path(finding.path), "line": str(start.line)}
    if start.line == end.line:
        properties |= {"endLine": str(end.line), "col": str(start.column), "endColumn": str(end.column)}
    else:
        # A place that ends with its line's end does not reach into the next line.
        properties["endLine"] = str(end.line if end.column > 1 else max(start.line, end.line - 1))
    properties["title"] = f"gaebot: {finding.rule}"
    return _command(_COMMANDS[finding.severity], properties, "\n".join(_message(finding)))


def _message(finding: Finding) -> Iterator[str]:
    yield one_line(finding.message)
    for related in finding.related[:_MAX_RELATED]:
        path = visible(finding.in_app(related.place.path))
        yield f"See {path}:{related.place.start.line}: {one_line(related.message)}"
    if len(finding.related) > _MAX_RELATED:
        yield f"See also {len(finding.related) - _MAX_RELATED} more places."
    if fix := advice(finding):
        yield f"Fix: {fix}"


def _failures(failures: Sequence[Failure]) -> str:
    head = "gaebot: could not be read or checked"
    if len(failures) == 1 and failures[0].path:
        properties = {"file": _path(failures[0].full_path), "title": head}
        return _command("error", properties, one_line(failures[0].message))
    lines = [f"{visible(f.full_path) or 'gaebot'}: {one_line(f.message)}" for f in failures]
    return _command("error", {"title": f"{head} ({len(failures)})"}, "\n".join(lines))


def _command(name: str, properties: dict[str, str], message: str) -> str:
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {told}::{_data(_cut(message))}"


def _path(path: str) -> str:
    """The value of `file`. The runner would take a `=` that it begins with for the one before it."""
    shown = visible(path)
    return f"./{shown}" if shown.startswith("=") else shown


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _cut(text: str) -> str:
    """The text, cut where the runner would, with a mark that it was."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_MESSAGE:
        return text
    return units[: 2 * (MAX_MESSAGE - 1)].decode("utf-16-le", "ignore") + "…"
