"""A report as JUnit XML, which nearly every CI system shows.

JUnit knows tests, not findings. Each rule that has something to say about a file is one test of that file, so
that a test keeps its name, and its history, while lines move. Errors and warnings make it fail. Notes are
advice and never break a build: with nothing but notes the test passes and says them as its output. They are
not skipped tests, because nothing was skipped. What could not be read or checked is a test with an error. An
app about which nothing is to be said has one test that passes: most systems take a report without tests for
one that went missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from gaebot.finding import Failure, Finding, Severity
from gaebot.paths import full_path
from gaebot.render.places import app_roots
from gaebot.render.visible import visible
from gaebot.render.words import advice, one_line
from gaebot.report import Report
from gaebot.rule import Rule

# What XML 1.0 does not allow and `visible` leaves: the two places of each plane that are no characters may
# stand in XML, but for those of the first.
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(report: Report, rules: Sequence[Rule]) -> str:  # noqa: ARG001 - the same for all formats
    """The report as an XML document in ASCII, one suite for each app, with a line feed at the end."""
    suites = [_suite(report, app) for app in app_roots(report)]
    root = ET.Element("testsuites", name="gaebot")
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.attrib[name]) for suite in suites)))
    root.extend(suites)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="us-ascii", xml_declaration=True)
    return document.decode("ascii") + "\n"


def _suite(report: Report, app: str) -> ET.Element:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.findings:
        if finding.app == app:
            groups.setdefault((finding.path, finding.rule), []).append(finding)
    tests = [_test(path, rule, found) for (path, rule), found in groups.items()]
    tests += _error_tests([failure for failure in report.failures if failure.app == app])
    if not tests:
        tests = [ET.Element("testcase", classname=_xml(app) or ".", name="gaebot has nothing to report")]
    suite = ET.Element("testsuite", name=_xml(app) or ".")
    suite.extend(tests)
    counts = {tag: sum(test.find(tag) is not None for test in tests) for tag in ("failure", "error")}
    suite.attrib |= {
        "tests": str(len(tests)),
        "failures": str(counts["failure"]),
        "errors": str(counts["error"]),
    }
    return suite


def _test(path: str, rule: str, found: Sequence[Finding]) -> ET.Element:
    """The test for the findings of a rule in a file. It fails with the first of the worst of them."""
    test = ET.Element("testcase", classname=_xml(path), name=rule)
    worst = max(found, key=lambda finding: finding.severity)
    text = "\n\n".join("\n".join(_lines(finding)) for finding in found)
    if worst.severity is Severity.NOTE:
        ET.SubElement(test, "system-out").text = text
        return test
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    failure = ET.SubElement(
        test, "failure", type=worst.severity.value, message=f"{_word(worst.message)}{more}"
    )
    failure.text = text
    return test


def _lines(finding: Finding) -> Iterator[str]:
    line, column = finding.place.start
    yield f"{_xml(finding.path)}:{line}:{column}: {finding.severity.value}: {_word(finding.message)}"
    for related in finding.related:
        where = related.place.start
        path = full_path(finding.app, related.place.path)
        yield f"  see {_xml(path)}:{where.line}:{where.column}: {_word(related.message)}"
    if fix := advice(finding):
        yield f"  fix: {_word(fix)}"


def _error_tests(failures: Sequence[Failure]) -> Iterator[ET.Element]:
    """A test for each failure. Its name is the rule that raised, or says that a file was to be read."""
    for failure in failures:
        name = failure.rule or "can be read"
        test = ET.Element("testcase", classname=_xml(failure.full_path) or ".", name=_word(name))
        kind = "internal" if failure.internal else "input"
        error = ET.SubElement(test, "error", type=kind, message=_word(failure.message))
        error.text = _word(failure.message)
        yield test


def _word(text: str) -> str:
    """A text on one line that XML can hold."""
    return _xml(one_line(text))


def _xml(text: str) -> str:
    """A path as XML can hold it."""
    return _NOT_XML.sub(_escape, visible(text))


def _escape(found: re.Match[str]) -> str:
    return found.group().encode("ascii", "backslashreplace").decode()
