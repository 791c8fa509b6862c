import json
import os
import posixpath
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

import jsonschema
import pytest

from gaebot.finding import Failure, Finding, Fix, Place, Related, RunsOn, Safety, Severity
from gaebot.render import sarif
from gaebot.render.sarif import render_sarif
from gaebot.report import Report
from gaebot.rule import discover
from gaebot.text import SourceFile, Span
from tests.render.example_apps import EXAMPLE_APPS, example_report
from tests.render.golden import HOSTILE_NAMES, RULES, golden_report
from tests.render.judges import multitool_complaints

SCHEMA = json.loads(Path(__file__).with_name("schemas").joinpath("sarif-2.1.0.json").read_bytes())

# Advice of the multitool that does not fit: ids of messages, version control (which is not gaebot's business),
# whether it can reach an address, rule ids with numbers, text around a place, a page on the net for each rule.
NOT_FOR_US = {"SARIF2002", "SARIF2003", "SARIF2006", "SARIF2009", "SARIF2010", "SARIF2011", "SARIF2012"}


def run_of(report, rules=RULES):
    text = render_sarif(report, rules)
    assert text.isascii()
    log = json.loads(text)
    jsonschema.validate(log, SCHEMA, jsonschema.Draft202012Validator)
    (run,) = log["runs"]
    return run


def finding(path="a.py", **named):
    source = SourceFile(path, b"old = 1\n")
    given = {"rule": "ts-counter", "severity": Severity.ERROR, "message": "It is old.", **named}
    return Finding(place=Place(source, Span(0, 3)), **given)


# -- judged by others ----------------------------------------------------------------------


@pytest.mark.parametrize("app", EXAMPLE_APPS)
def test_apps_pass_the_schema(app):
    run = run_of(example_report(app), discover("python27"))
    assert {result["ruleId"] for result in run["results"]} == {
        rule["id"] for rule in run["tool"]["driver"]["rules"]
    }


def test_the_multitool_has_nothing_to_say(multitool, tmp_path):
    reports = {"golden": (golden_report(), RULES), "empty": (Report(apps=("x",)), RULES)}
    for app in EXAMPLE_APPS:
        reports[app] = (example_report(app), discover("python27"))
    for name, (report, rules) in reports.items():
        log = tmp_path / f"{name}.sarif"
        log.write_text(render_sarif(report, rules))
        said = multitool_complaints(multitool, log)
        assert [one for one in said if one[0] not in NOT_FOR_US or one[1] != "note"] == []


def test_the_multitool_would_say_something(multitool, tmp_path):
    broken = json.loads(render_sarif(golden_report(), RULES))
    broken["runs"][0]["results"][0]["ruleIndex"] = 99
    del broken["runs"][0]["results"][1]["locations"]
    log = tmp_path / "broken.sarif"
    log.write_text(json.dumps(broken))
    said = multitool_complaints(multitool, log)
    assert {level for _, level, _ in said} >= {"error"}
    assert any(rule.startswith("GH") for rule, _, _ in said)


# -- fixes ---------------------------------------------------------------------------------


def applied(text, replacements):
    """The text with the replacements made: an own reading of SARIF's regions, in code points."""
    lines = re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$", text)

    def offset(line, column):
        return sum(map(len, lines[: line - 1])) + column - 1

    for part in sorted(replacements, key=lambda part: -offset(*starts(part))):
        where = part["deletedRegion"]
        start, end = offset(*starts(part)), offset(where["endLine"], where["endColumn"])
        text = text[:start] + part["insertedContent"]["text"] + text[end:]
    return text


def starts(part):
    return part["deletedRegion"]["startLine"], part["deletedRegion"]["startColumn"]


@pytest.mark.parametrize("app", [*EXAMPLE_APPS, "golden"])
def test_each_fix_makes_what_gaebot_makes(app):
    report = example_report(app) if app != "golden" else golden_report()
    results = run_of(report, discover("python27"))["results"]
    assert any(result.get("fixes") for result in results)
    for result, found in zip(results, report.findings, strict=True):
        for fix in result.get("fixes", ()):
            made = {}
            for change in fix["artifactChanges"]:
                path = os.fsdecode(unquote_to_bytes(change["artifactLocation"]["uri"]))
                source = report.sources.get(path)
                old = source.decode() if source is not None else ""
                made[path] = applied(old, change["replacements"])
            wanted = {found.in_app(new.path): new.data.decode() for new in found.fix.new_files}
            for path in {edit.path for edit in found.fix.edits}:
                source = report.sources[found.in_app(path)]
                after = source.apply(edit for edit in found.fix.edits if edit.path == path)
                wanted[found.in_app(path)] = after.data[len(source.bom) :].decode(source.encoding)
            assert made == wanted


def test_a_fix_that_findings_share_stands_once():
    results = run_of(golden_report())["results"]
    first, later = results[0], results[3]
    assert later["ruleId"] == first["ruleId"]
    assert "fixes" not in later
    assert later["properties"] == {
        "safety": "review",
        "runsOn": "2.7 only",
        "sameFixAs": "sarif:/runs/0/results/0",
    }
    (fix,) = first["fixes"]
    assert fix["description"]["text"] == (
        "Move app.yaml to python27 (makes shop/lib/__init__.py, shop/lib/new.py, which must not exist yet)"
    )


def test_equal_fixes_of_two_apps_stay_two():
    patch = Fix(
        "Mend", (Place(SourceFile("a.py", b"old"), Span(0, 3)).replace(b"new"),), Safety.SAFE, RunsOn.BOTH
    )
    one = Report((finding(fix=patch),), sources={"a.py": SourceFile("a.py", b"old")})
    both = Report.merge([one.for_app("x"), one.for_app("y")])
    uris = [
        result["fixes"][0]["artifactChanges"][0]["artifactLocation"]["uri"]
        for result in run_of(both)["results"]
    ]
    assert uris == ["x/a.py", "y/a.py"]


# -- places and texts ----------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_path_is_a_relative_uri_of_its_bytes(name):
    (result,) = run_of(Report((finding(name),)))["results"]
    where = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert where["uriBaseId"] == "%SRCROOT%"
    parts = urlsplit(where["uri"])
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert os.fsdecode(unquote_to_bytes(where["uri"])) == posixpath.normpath(name)


@pytest.mark.parametrize(
    ("app", "uri"),
    [
        ("/srv/my app", "file:///srv/my%20app/a.py"),
        ("C:/app", "file:///C:/app/a.py"),
        ("../app", "../app/a.py"),
    ],
)
def test_what_is_outside_has_no_base(app, uri):
    (result,) = run_of(Report((finding(),)).for_app(app))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri}


def test_nothing_of_a_message_becomes_a_link():
    said = "Read [this](https://evil.example), x[0](1)."
    (result,) = run_of(Report((finding(message=said),)))["results"]
    assert result["message"]["text"] == "Read \\[this]\\(https://evil.example), x\\[0]\\(1)."
    (result,) = run_of(Report((finding(message="x[0] and {y}"),)))["results"]
    assert result["message"]["text"] == "x[0] and {y}"


def test_columns_count_characters_behind_a_byte_order_mark():
    source = SourceFile("a.py", "\ufeff'🐍é' old".encode())
    start = source.data.index(b"old")
    found = replace(finding(), place=Place(source, Span(start, start + 3)))
    (result,) = run_of(Report((found,)))["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 1,
        "startColumn": 6,
        "endLine": 1,
        "endColumn": 9,
        "snippet": {"text": "old"},
    }


def test_an_empty_or_long_place_is_not_quoted():
    source = SourceFile("a.py", b"x" * 2000)
    for span in (Span(0, 0), Span(0, 2000)):
        (result,) = run_of(Report((replace(finding(), place=Place(source, span)),)))["results"]
        assert "snippet" not in result["locations"][0]["physicalLocation"]["region"]


def test_fingerprints_are_those_of_the_report():
    report = golden_report()
    told = [result["partialFingerprints"] for result in run_of(report)["results"]]
    assert told == [{"gaebotFingerprint/v1": name} for name in report.fingerprints]


# -- rules ---------------------------------------------------------------------------------


def test_only_rules_with_findings_are_listed_and_indices_are_right():
    run = run_of(golden_report())
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["not-known", "ts-counter", "yaml-runtime"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_every_rule_of_the_hop_can_be_described():
    rules = discover("python27")
    found = tuple(finding(rule=rule.id) for rule in rules)
    for told in run_of(Report(found), rules)["tool"]["driver"]["rules"]:
        assert told["help"]["markdown"]
        assert 0 < len(told["shortDescription"]["text"]) <= 1024
        assert 0 < len(told["fullDescription"]["text"]) <= 1024
        assert len(told["properties"]["tags"]) <= 20


# -- failures and limits -------------------------------------------------------------------


def test_failures_are_notifications():
    failures = (Failure("Too large.", "big.py"), Failure("Broke.", rule="r", internal=True))
    (told,) = run_of(Report(failures=failures[:1]))["invocations"]
    assert told["executionSuccessful"] is True
    (told,) = run_of(Report(failures=failures))["invocations"]
    assert told["executionSuccessful"] is False
    assert [said["message"]["text"] for said in told["toolExecutionNotifications"]] == [
        "Too large.",
        "Broke.",
    ]
    assert told["toolExecutionNotifications"][1]["associatedRule"] == {"id": "r"}


def test_beyond_the_limit_the_mildest_are_left_out(monkeypatch):
    monkeypatch.setattr(sarif, "MAX_RESULTS", 3)
    kinds = [Severity.NOTE, Severity.WARNING, Severity.NOTE, Severity.ERROR, Severity.NOTE]
    run = run_of(Report(tuple(finding(severity=kind) for kind in kinds)))
    assert [result["level"] for result in run["results"]] == ["note", "warning", "error"]
    (said,) = run["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"].startswith("5 findings were found; the mildest 2 are left out here")


def test_a_result_has_no_more_than_a_thousand_places():
    source = SourceFile("b.py", b"x")
    related = (Related(Place(source, Span(0, 1)), "Here."),) * 1200
    (result,) = run_of(Report((finding(related=related),)))["results"]
    assert len(result["locations"]) + len(result["relatedLocations"]) == 1000
    assert result["message"]["text"] == "It is old. 201 more places that belong to it are left out."


def test_the_order_is_that_of_the_report():
    report = golden_report()
    assert [result["ruleId"] for result in run_of(report)["results"]] == [f.rule for f in report.findings]
    assert render_sarif(report, RULES) == render_sarif(golden_report(), RULES)
