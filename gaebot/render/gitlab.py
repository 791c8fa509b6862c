"""A report as GitLab's code quality report: a list of findings, as CodeClimate tells them.

GitLab compares the fingerprints of two reports to tell what a merge request brings and what it mends.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from gaebot.finding import Failure, Finding, Severity
from gaebot.render.visible import visible
from gaebot.render.words import advice, one_line
from gaebot.report import Report
from gaebot.rule import Rule

# Of GitLab's five words those that say what ours mean: what does not deploy is in the way of everything.
_SEVERITIES = {Severity.ERROR: "blocker", Severity.WARNING: "major", Severity.NOTE: "info"}

Json = dict[str, object]


def render_gitlab(report: Report, rules: Sequence[Rule]) -> str:  # noqa: ARG001 - the same for all formats
    """The report as a JSON list, in ASCII, with a line feed at the end.

    The format has no place for failures: each is an entry of the check `gaebot`, at the first line of its
    file.
    """
    findings = [
        _finding(finding, fingerprint)
        for finding, fingerprint in zip(report.findings, report.fingerprints, strict=True)
    ]
    failures = [_failure(failure, number) for number, failure in enumerate(report.failures)]
    return json.dumps([*findings, *failures], indent=2) + "\n"


def _finding(finding: Finding, fingerprint: str) -> Json:
    said, fix = one_line(finding.message), advice(finding)
    return {
        "check_name": finding.rule,
        "severity": _SEVERITIES[finding.severity],
        "description": f"{said} Fix: {fix}" if fix else said,
        "fingerprint": fingerprint,
        "location": _location(finding.path, finding.place.start.line),
    }


def _failure(failure: Failure, number: int) -> Json:
    name = f"{number}\0{failure.rule}\0{failure.full_path}\0{failure.message}"
    return {
        "check_name": "gaebot",
        "severity": "critical",
        "description": one_line(failure.message),
        "fingerprint": hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16],
        "location": _location(failure.full_path or ".", 1),
    }


def _location(path: str, line: int) -> Json:
    return {"path": visible(path), "lines": {"begin": line}}
