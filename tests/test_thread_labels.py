"""The recorded verdicts on findings about threads, and the races that readers found without gaebot."""

from __future__ import annotations

from pathlib import Path

import yaml

from gaebot.rule import discover
from tests.rules.helpers import HOP

FOLDER = Path(__file__).parent / "labels"
FINDINGS = yaml.safe_load((FOLDER / "thread_findings.yaml").read_text("utf-8"))["findings"]
RACES = yaml.safe_load((FOLDER / "races.yaml").read_text("utf-8"))["races"]
RULES = {rule.id for rule in discover(HOP)}


def test_each_finding_has_a_place_a_rule_that_exists_a_verdict_and_a_reason() -> None:
    assert len(FINDINGS) >= 120
    for entry in FINDINGS:
        assert set(entry) == {"app", "path", "line", "rule", "verdict", "why"}
        assert entry["rule"] in RULES
        assert entry["verdict"] in {"right", "wrong"}
        assert entry["why"].strip()


def test_no_finding_is_judged_twice() -> None:
    places = [(entry["app"], entry["path"], entry["line"], entry["rule"]) for entry in FINDINGS]
    assert len(set(places)) == len(places)


def test_each_race_has_a_place_a_name_and_a_reason() -> None:
    assert len(RACES) >= 60
    for entry in RACES:
        assert set(entry) == {"app", "path", "line", "name", "kind", "why", "reported"}
        assert entry["name"].strip()
        assert entry["why"].strip()
        assert not entry["reported"] or entry["reported"] in RULES


def test_precision_and_recall_are_what_they_must_be() -> None:
    right = sum(entry["verdict"] == "right" for entry in FINDINGS)
    assert right / len(FINDINGS) >= 0.85
    assert sum(bool(entry["reported"]) for entry in RACES) / len(RACES) >= 50 / 60
