"""A report as JSON, version 1. docs/json.md says what each field means."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from gaebot.evidence import Evidence, Judgement
from gaebot.finding import Failure, Finding, Fix, Place
from gaebot.render.places import Creation, Replacement, creations, region, replacements
from gaebot.render.visible import visible
from gaebot.report import AgainstBaseline, Report
from gaebot.sharing import SharedState, ThreadSafety

VERSION = 1

Json = dict[str, object]


def render_json(report: Report, fixed: Iterable[Finding] | None = None) -> str:
    """The report as one JSON object, in ASCII, with a line feed at the end.

    With `fixed`, the findings whose fix was made are listed too.
    """
    before: Json = {"version": VERSION}
    if fixed is not None:
        before["fixed"] = [_fixed(finding) for finding in fixed]
    shape: Json = {}
    shape["thread_safety"] = [_thread_safety(entry) for entry in report.thread_safety]
    if report.evidence:
        shape["evidence"] = [_evidence(entry) for entry in report.evidence]
    shape["errors"] = [_failure(failure) for failure in report.failures]
    shape["apps"] = [visible(app) or "." for app in report.apps]
    shape["vendored"] = [visible(name) for name in report.vendored]
    shape["silenced"] = report.silenced
    shape["baseline"] = _baseline(report.baseline) if report.baseline is not None else None
    fields = {
        **{name: _text(value) for name, value in before.items()},
        "findings": _array(_findings(report)),
        **{name: _text(value) for name, value in shape.items()},
    }
    return _object(fields) + "\n"


def _findings(report: Report) -> Iterator[str]:
    """The findings, each as text. Hundreds of them may have the same fix, which is made into text once."""
    fixes: dict[tuple[str, Fix | None], str] = {("", None): "null"}
    for finding, fingerprint in zip(report.findings, report.fingerprints, strict=True):
        fix = finding.fix
        key = (finding.app if fix is not None else "", fix)
        if fix is not None and key not in fixes:
            fixes[key] = _text(_fix(fix, finding.app, report))
        fields = {name: _text(value) for name, value in _finding(finding).items()}
        yield _object({**fields, "fix": fixes[key], "fingerprint": _text(fingerprint)})


def _text(value: object) -> str:
    return json.dumps(value, indent=2)


def _array(values: Iterable[str]) -> str:
    """An array of values that are text already. No text of JSON has a line feed in it."""
    inside = ",\n".join(f"  {_deeper(value)}" for value in values)
    return f"[\n{inside}\n]" if inside else "[]"


def _object(fields: Mapping[str, str]) -> str:
    """An object whose values are text already."""
    inside = ",\n".join(f"  {_text(name)}: {_deeper(value)}" for name, value in fields.items())
    return f"{{\n{inside}\n}}"


def _deeper(value: str) -> str:
    return value.replace("\n", "\n  ")


def _baseline(known: AgainstBaseline) -> Json:
    return {
        "path": visible(known.path),
        "known": known.known,
        "left": known.left,
        "gone": [
            {"path": visible(path), "rule": rule, "fingerprint": fingerprint}
            for path, rule, fingerprint in known.gone
        ],
    }


def _finding(finding: Finding) -> Json:
    """What of a finding comes before its fix."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "app": visible(finding.app) or ".",
        **_place(finding.place, finding.app),
        "template": finding.in_template,
        "message": finding.message,
        "related": [
            {**_place(related.place, finding.app), "message": related.message} for related in finding.related
        ],
    }


def _thread_safety(entry: ThreadSafety) -> Json:
    return {
        "app": visible(entry.app) or ".",
        "service": visible(entry.path),
        "threadsafe": entry.is_safe,
        "reason": entry.reason,
        "to_mend": [_place(place, entry.app) for place in entry.to_mend],
        "shared": [_state(state, entry.app) for state in entry.states],
    }


def _evidence(entry: Evidence) -> Json:
    return {
        "app": visible(entry.app) or ".",
        "proved": entry.is_whole,
        "steps": [
            {
                "step": proof.step.value,
                "title": proof.step.title,
                "outcome": proof.outcome.value,
                "about": visible(proof.about),
                "judgements": [_judgement(judgement, entry) for judgement in proof.judgements],
            }
            for proof in entry.proofs
        ],
        "judges": list(entry.judges),
        "advice": list(entry.advice),
    }


def _judgement(judgement: Judgement, entry: Evidence) -> Json:
    return {
        "path": visible(entry.in_app(judgement.path)) or None,
        "handler": judgement.handler or None,
        "script": judgement.script or None,
        "asked": judgement.asked or None,
        "status": judgement.status,
        "outcome": judgement.outcome.value,
        "said": judgement.said,
    }


def _state(state: SharedState, app: str) -> Json:
    return {
        "name": visible(state.name),
        "place": _place(state.place, app) if state.place is not None else None,
        "guarded": state.is_guarded,
        "writers": [
            {
                **_place(writer.place, app),
                "function": visible(writer.function),
                "handlers": [visible(name) for name in writer.handlers],
                "lock": visible(writer.lock) or None,
                "rule": writer.rule or None,
            }
            for writer in state.writers
        ],
    }


def _place(place: Place, app: str) -> Json:
    path, start, end = region(place, app)
    return {
        "path": visible(path),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }


def _fix(fix: Fix, app: str, report: Report) -> Json:
    edits = [_edit(edit) for edit in replacements(fix, app, report)]
    new_files = [_new_file(new) for new in creations(fix, app)]
    return {**_fix_head(fix), "edits": [*edits, *new_files]}


def _fix_head(fix: Fix) -> Json:
    return {"title": fix.title, "safety": fix.safety.value, "runs_on": fix.runs_on.value}


def _edit(edit: Replacement) -> Json:
    path, start, end = edit.region
    return {
        "path": visible(path),
        "start_line": start.line,
        "start_column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "old": edit.old,
        "new": edit.new,
    }


def _new_file(new: Creation) -> Json:
    return {"path": visible(new.path), "new": new.text, "create": True}


def _fixed(finding: Finding) -> Json:
    return {
        "rule": finding.rule,
        "app": visible(finding.app) or ".",
        **_place(finding.place, finding.app),
        "fix": _fix_head(finding.fix) if finding.fix is not None else None,
    }


def _failure(failure: Failure) -> Json:
    return {
        "path": visible(failure.full_path),
        "rule": failure.rule,
        "message": failure.message,
        "internal": failure.internal,
    }
