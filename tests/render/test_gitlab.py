import json

import pytest

from gaebot.finding import Failure
from gaebot.render.gitlab import render_gitlab
from gaebot.report import Report
from tests.render.golden import golden_report


def entries(report):
    text = render_gitlab(report, ())
    assert text.isascii()
    return json.loads(text)


def test_nothing_to_report_is_an_empty_list():
    assert entries(Report(apps=("x",))) == []


def test_an_entry_whole():
    assert entries(golden_report())[2] == {
        "check_name": "ts-counter",
        "severity": "major",
        "description": "All share `hits`, see h[0](1). Fix: Hold a lock (gaebot fix)",
        "fingerprint": golden_report().fingerprints[2],
        "location": {"path": "shop/main.py", "lines": {"begin": 4}},
    }


def test_each_entry_has_what_gitlab_asks_for():
    found = entries(golden_report())
    for entry in found:
        assert set(entry) == {"check_name", "severity", "description", "fingerprint", "location"}
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert entry["location"]["lines"]["begin"] >= 1
        assert entry["location"]["path"].isprintable() or "\ufffe" in entry["location"]["path"]
    names = [entry["fingerprint"] for entry in found]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("number", "severity"),
    [(0, "blocker"), (1, "info"), (2, "major")],
)
def test_severities(number, severity):
    assert entries(golden_report())[number]["severity"] == severity


def test_failures_are_entries_of_gaebot_itself():
    failures = (
        Failure("Too large.", "big.py", app="x"),
        Failure("Broke.", rule="r"),
        Failure("Broke.", rule="r"),
    )
    found = entries(Report(failures=failures))
    assert [(entry["check_name"], entry["severity"], entry["location"]["path"]) for entry in found] == [
        ("gaebot", "critical", "x/big.py"),
        ("gaebot", "critical", "."),
        ("gaebot", "critical", "."),
    ]
    assert len({entry["fingerprint"] for entry in found}) == 3
