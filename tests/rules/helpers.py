"""What every rule's tests are written with: an app from a dict, and what one rule makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import dedent

from gaebot.app import App
from gaebot.engine import Asked, check, fix
from gaebot.finding import Finding
from gaebot.rule import Rule, discover

HOP = "python27"

APP_YAML = """\
application: guestbook
version: 1
runtime: python
api_version: 1
handlers:
- url: /.*
  script: main.py
"""


def rule(rule_id: str) -> Rule:
    """The rule with this id."""
    return next(rule for rule in discover(HOP) if rule.id == rule_id)


def make_app(files: dict[str, str | bytes], others: tuple[str, ...] = ()) -> App:
    """An app from paths and contents; texts are dedented, bytes are taken as they are."""
    return App(
        {path: data if isinstance(data, bytes) else dedent(data).encode() for path, data in files.items()},
        others=others,
    )


def find(rule_id: str, files: dict[str, str | bytes], others: tuple[str, ...] = ()) -> list[Finding]:
    """What one rule finds in an app. A rule that raises fails the test.

    So does one that finds something else in a file when it is asked about that file alone.
    """
    app = make_app(files, others)
    report = check(app, [rule(rule_id)])
    assert not report.failures, report.failures
    for finding in report.findings:
        assert_lies_where_expected(app, finding)
    for path in app.files:
        assert_same_alone(app, path, [rule(rule_id)], report.findings)
    return list(report.findings)


def assert_lies_where_expected(app: App, finding: Finding) -> None:
    """A rule finds nothing in files for which it would not run."""
    where = rule(finding.rule).only_in
    assert where is None or where.holds(app, finding.place.path), where


def assert_same_alone(app: App, path: str, rules: Sequence[Rule], findings: Iterable[Finding]) -> None:
    """Compare what is found in one file with what is found there when nobody asks about the others."""
    asked = Asked(lambda finding: finding.place.path == path)
    alone = check(app.without_files(()).asking_for(path.__eq__), rules, asked=asked)
    assert list(alone.findings) == [finding for finding in findings if finding.place.path == path], path


def fixed(rule_id: str, files: dict[str, str | bytes], *, unsafe: bool = True) -> dict[str, str]:
    """The texts of all files after one rule's fixes; a second run is checked to change nothing."""
    result = fix(make_app(files), [rule(rule_id)], unsafe=unsafe)
    assert not result.report.failures, result.report.failures
    again = fix(result.app, [rule(rule_id)], unsafe=unsafe)
    assert not again.changes, again.changes
    return {path: source.data.decode() for path, source in result.app.files.items()}
