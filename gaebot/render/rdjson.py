"""A report in reviewdog's diagnostic format, rdjson.

Its columns count bytes of UTF-8, not characters.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from gaebot.finding import Failure, Finding, Place, Safety, Severity
from gaebot.render.places import rule_link, rules_by_id
from gaebot.render.visible import visible
from gaebot.render.words import one_line
from gaebot.report import Report
from gaebot.rule import Rule
from gaebot.text import SourceFile, Span

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}
_MAX_LINES = 50  # of a suggestion; a larger one is no help in a review

Json = dict[str, object]


def render_rdjson(report: Report, rules: Sequence[Rule]) -> str:
    """The report as one JSON object, in ASCII, with a line feed at the end.

    The format has no place for failures: each is a diagnostic without a rule.
    """
    known = rules_by_id(rules)
    links = {name: link for name, rule in known.items() if (link := rule_link(rule))}
    diagnostics = [_diagnostic(finding, report, links.get(finding.rule, "")) for finding in report.findings]
    severities = [finding.severity for finding in report.findings]
    if report.failures:
        severities.append(Severity.ERROR)
    shape: Json = {"source": {"name": "gaebot"}}
    if severities:
        shape["severity"] = _SEVERITIES[max(severities)]
    shape["diagnostics"] = [*diagnostics, *map(_failure, report.failures)]
    return json.dumps(shape, indent=2) + "\n"


def _diagnostic(finding: Finding, report: Report, link: str) -> Json:
    shape: Json = {
        "message": one_line(finding.message),
        "location": _location(finding.place, finding),
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.rule, **({"url": link} if link else {})},
    }
    if suggestions := list(_suggestions(finding, report)):
        shape["suggestions"] = suggestions
    if finding.related:
        shape["related_locations"] = [
            {"message": one_line(related.message), "location": _location(related.place, finding)}
            for related in finding.related
        ]
    return shape


def _suggestions(finding: Finding, report: Report) -> Iterator[Json]:
    """The fix as one text in place of another, for a fix of the file that the finding is in, and of no other.

    A suggestion is taken by itself, so it has to be the whole fix: all edits, and what stands between them.
    """
    fix = finding.fix
    if fix is None or fix.safety is Safety.DISPLAY or fix.paths != (finding.place.path,) or fix.new_files:
        return
    source = report.sources[finding.path]
    start = min(edit.span.start for edit in fix.edits)
    end = max(edit.span.end for edit in fix.edits)
    behind = len(source.data) - end
    after = source.apply(fix.edits).data
    new = after[start : len(after) - behind]
    if new.count(b"\n") > _MAX_LINES or source.data.count(b"\n", start, end) > _MAX_LINES:
        return
    yield {
        "range": _range(source, Span(start, end)),
        "text": new.decode(source.encoding, "backslashreplace"),
    }


def _location(place: Place, finding: Finding) -> Json:
    return {"path": visible(finding.in_app(place.path)), "range": _range(place.source, place.span)}


def _range(source: SourceFile, span: Span) -> Json:
    return {"start": _position(source, span.start), "end": _position(source, span.end)}


def _position(source: SourceFile, offset: int) -> Json:
    line = source.position(offset).line
    start = source.line_starts[line - 1] if line > 1 else len(source.bom)
    before = source.decode(Span(start, max(start, offset)))
    return {"line": line, "column": len(before.encode("utf-8", "surrogatepass")) + 1}


def _failure(failure: Failure) -> Json:
    shape: Json = {"message": one_line(failure.message), "severity": "ERROR"}
    if failure.full_path:
        shape["location"] = {"path": visible(failure.full_path)}
    return shape
