"""The verdicts on findings of real apps, which `bench/false_alarms.py` counts."""

from __future__ import annotations

from pathlib import Path

import yaml

from gaebot.rule import discover
from tests.rules.helpers import HOP

LABELS = yaml.safe_load((Path(__file__).parent / "labels" / "findings.yaml").read_text("utf-8"))
RULES = {rule.id for rule in discover(HOP)}


def test_each_finding_has_a_place_a_rule_that_exists_a_verdict_and_a_reason() -> None:
    assert set(LABELS) == {"seed", "apps", "of", "findings"}
    for entry in LABELS["findings"]:
        assert set(entry) == {"app", "path", "line", "rule", "verdict", "why"}
        assert entry["rule"] in RULES
        assert entry["verdict"] in {"right", "wrong"}
        assert entry["why"].strip()


def test_no_finding_is_judged_twice() -> None:
    keys = [(e["app"], e["path"], e["line"], e["rule"], e["why"]) for e in LABELS["findings"]]
    places = [key[:4] for key in keys]
    assert len(keys) == 150
    assert len(set(places)) == len(places)


def test_at_most_eight_are_wrong() -> None:
    assert sum(entry["verdict"] == "wrong" for entry in LABELS["findings"]) <= 8
