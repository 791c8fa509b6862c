"""A report as SARIF 2.1.0, as GitHub's code scanning takes it.

SARIF counts columns in characters, as gaebot does; a region's end is the place just behind it. Paths become
relative URIs of the bytes of the file name, so that a strange name is still the right one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gaebot.finding import Failure, Finding, Fix, Place, Severity
from gaebot.render.places import (
    Region,
    best_first,
    creations,
    region,
    replacements,
    rule_link,
    rules_by_id,
)
from gaebot.render.visible import visible
from gaebot.report import Report
from gaebot.rule import Rule
from gaebot.text import Position
from gaebot.version import __version__

FINGERPRINT = "gaebotFingerprint/v1"
"""The key of a finding's fingerprint."""

MAX_RESULTS = 25_000  # GitHub refuses a file with more in a run
MAX_LOCATIONS = 1_000  # and one with more places in a result
_MAX_TAGS = 20
_MAX_TEXT = 1_024  # characters of a description that GitHub shows
_MAX_SNIPPET = 1_000  # bytes of a place that are quoted

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# What gaebot's findings come from: Google's guide to the move.
_GUIDE = "https://cloud.google.com/appengine/docs/legacy/standard/python/migrate27"
_ROOT = "%SRCROOT%"
_ROOT_IS = "The folder that paths are relative to: the root of the repository."
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/")
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}

Json = dict[str, object]


def render_sarif(report: Report, rules: Sequence[Rule]) -> str:
    """The report as one SARIF log, in ASCII, with a line feed at the end.

    A fix stands at the first of the findings that share it, so that it is not made twice; the others name
    that result as `sameFixAs`. What goes beyond GitHub's limits is left out, the mildest first, and a
    notification says so.
    """
    kept = sorted(best_first(report)[:MAX_RESULTS])
    known = rules_by_id(rules)
    used = sorted({report.findings[index].rule for index in kept})
    run: Json = {
        "tool": {
            "driver": {
                "name": "gaebot",
                "version": __version__,
                "semanticVersion": __version__,
                "informationUri": _GUIDE,
                "rules": [_rule(name, known.get(name)) for name in used],
            }
        },
        "invocations": [_invocation(report, len(report.findings) - len(kept))],
        "originalUriBaseIds": {_ROOT: {"description": {"text": _ROOT_IS}}},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": list(_results(report, kept, {name: index for index, name in enumerate(used)})),
        "properties": _counts(report),
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


# -- rules ---------------------------------------------------------------------------------


def _rule(name: str, rule: Rule | None) -> Json:
    """The descriptor of a rule; of one that the hop does not know, what can be told from its id."""
    told: Json = {"id": name, "name": "".join(word.capitalize() for word in name.split("-"))}
    if rule is None:
        text = {"text": f"The rule {name}."}  # GitHub wants all three
        return {**told, "shortDescription": text, "fullDescription": text, "help": text}
    page = rule.page
    why = " ".join(page.sections.get("Why", page.title).split("\n\n")[0].split())
    link = rule_link(rule)
    return {
        **told,
        "shortDescription": {"text": _cut(page.title, _MAX_TEXT)},
        "fullDescription": {"text": _cut(why, _MAX_TEXT)},
        **({"helpUri": link} if link else {}),
        "help": {"text": page.text, "markdown": page.text},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {
            "tags": ["google-app-engine", "migration", rule.family][:_MAX_TAGS],
            "problem.severity": _PROBLEMS[rule.severity],
        },
    }


# -- results -------------------------------------------------------------------------------


def _results(report: Report, kept: Iterable[int], places: Mapping[str, int]) -> Iterator[Json]:
    """The results for the findings at the indices `kept`; `places` are those of the rules."""
    bearers: dict[tuple[str, Fix], int] = {}  # at which result a fix of an app stands
    for number, index in enumerate(kept):
        finding = report.findings[index]
        result: Json = {
            "ruleId": finding.rule,
            "ruleIndex": places[finding.rule],
            "level": finding.severity.value,
            "message": {"text": _message(finding)},
            "locations": [_location(region(finding.place, finding.app), _snippet(finding.place))],
            "partialFingerprints": {FINGERPRINT: report.fingerprints[index]},
        }
        if related := list(_related(finding)):
            result["relatedLocations"] = related
        if finding.fix is not None:
            bearer = bearers.setdefault((finding.app, finding.fix), number)
            if bearer == number:
                result["fixes"] = [_fix(finding.fix, finding.app, report)]
            properties = {
                "safety": finding.fix.safety.value,
                "runsOn": finding.fix.runs_on.value,
                **({"sameFixAs": f"sarif:/runs/0/results/{bearer}"} if bearer != number else {}),
            }
            result["properties"] = properties
        yield result


def _message(finding: Finding) -> str:
    more = len(finding.related) - (MAX_LOCATIONS - 1)
    left_out = f" {more} more places that belong to it are left out." if more > 0 else ""
    return _text(finding.message + left_out)


def _related(finding: Finding) -> Iterator[Json]:
    for number, related in enumerate(finding.related[: MAX_LOCATIONS - 1], 1):
        place = _location(region(related.place, finding.app))
        yield {"id": number, **place, "message": {"text": _text(related.message)}}


def _fix(fix: Fix, app: str, report: Report) -> Json:
    changes: dict[str, list[Json]] = {}
    for where, _, new in replacements(fix, app, report):
        changes.setdefault(where.path, []).append(_replacement(where, new))
    made = list(creations(fix, app))
    for path, text in made:
        # SARIF has no word for a new file: the text is put at the beginning of one that is empty.
        changes[path] = [_replacement(Region(path, Position(1, 1), Position(1, 1)), text)]
    said = fix.title
    if made:
        said += f" (makes {', '.join(visible(path) for path, _ in made)}, which must not exist yet)"
    return {
        "description": {"text": _text(said)},
        "artifactChanges": [
            {"artifactLocation": _artifact(path), "replacements": parts} for path, parts in changes.items()
        ],
    }


def _replacement(where: Region, new: str) -> Json:
    return {"deletedRegion": _region(where), "insertedContent": {"text": new}}


# -- what could not be done, and counts ------------------------------------------------------


def _invocation(report: Report, left_out: int) -> Json:
    said = [_notification(failure) for failure in report.failures]
    if left_out:
        text = (
            f"{len(report.findings):,} findings were found; the mildest {left_out:,} are left out here, "
            f"because GitHub takes no more than {MAX_RESULTS:,}."
        )
        said.append({"level": "warning", "message": {"text": text}})
    return {
        "executionSuccessful": not any(failure.internal for failure in report.failures),
        "toolExecutionNotifications": said,
    }


def _notification(failure: Failure) -> Json:
    start: Json = {"level": "error", "message": {"text": _text(failure.message)}}
    if failure.path:
        start["locations"] = [{"physicalLocation": {"artifactLocation": _artifact(failure.full_path)}}]
    if failure.rule:
        start["associatedRule"] = {"id": failure.rule}
    return start


def _counts(report: Report) -> Json:
    """What the report does not list: findings silenced by comments, or known to a baseline."""
    counts: Json = {"silenced": report.silenced}
    if (baseline := report.baseline) is not None:
        counts["baseline"] = {"path": visible(baseline.path), "known": baseline.known, "left": baseline.left}
    return counts


# -- places and texts ----------------------------------------------------------------------


def _location(where: Region, snippet: Json | None = None) -> Json:
    shape = {**_region(where), **(snippet or {})}
    return {"physicalLocation": {"artifactLocation": _artifact(where.path), "region": shape}}


def _snippet(place: Place) -> Json:
    """The text of a place, for readers who do not have the file; nothing where it is empty or long."""
    text = place.source.decode(place.span) if place.span.end - place.span.start <= _MAX_SNIPPET else ""
    return {"snippet": {"text": text}} if text else {}


def _region(where: Region) -> Json:
    _, start, end = where
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


def _artifact(path: str) -> Json:
    """Where a file is: below the root of the repository, or at an address of its own when it is outside."""
    uri = _quoted(path)
    if path.startswith("/"):
        return {"uri": f"file://{uri}"}
    if path[1:3] == ":/":  # C:/app
        return {"uri": f"file:///{path[0]}:{_quoted(path[2:])}"}
    return {"uri": uri} if uri.startswith("../") else {"uri": uri, "uriBaseId": _ROOT}


def _quoted(path: str) -> str:
    """The path as part of a URI. A colon is escaped too, so that no folder is taken for a scheme."""
    raw = path.encode("utf-8", "surrogateescape")  # file names may be any bytes
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in raw)


def _text(text: str) -> str:
    """A message. `[…](…)` would be a link in SARIF, and what looks like one here comes from a repository."""
    return visible(text).replace("](", "]\\(").replace("[", "\\[") if "](" in text else visible(text)


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"
