"""The table of Google's sentences and our rules: no row without a rule, no rule that is not there, nothing out of date."""

from __future__ import annotations

import runpy
from pathlib import Path

from gaebot.rule import discover
from tests.rules.helpers import HOP

ROOT = Path(__file__).parent.parent
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "coverage.py"))
RULES = {rule.id for rule in discover(HOP)}
SECTIONS = [
    *(
        "What 2.7 brings",
        "Prerequisites and considerations",
        "Concurrent requests and WSGI",
        "Updating app.yaml",
    ),
    *(
        "Using WSGI",
        "Using the app root directory",
        "Configuring libraries",
        "Making your application threadsafe",
    ),
    *("Updating your application to webapp2", "And your upgrade is complete"),
]


def test_every_sentence_has_rules_that_exist() -> None:
    for row in SCRIPT["rows"]():
        assert row["rules"], row["asks"]
        assert set(row["rules"]) <= RULES, row["asks"]
        assert len(set(row["rules"])) == len(row["rules"])
        assert row["asks"].endswith(".")


def test_the_sections_are_those_of_the_guide_in_order() -> None:
    found = [row["section"] for row in SCRIPT["rows"]()]
    assert list(dict.fromkeys(found)) == SECTIONS


def test_no_sentence_stands_there_twice() -> None:
    sentences = [row["asks"] for row in SCRIPT["rows"]()]
    assert len(set(sentences)) == len(sentences)


def test_every_rule_is_named() -> None:
    page = SCRIPT["page"]()
    assert all(f"`{rule}`" in page for rule in RULES)


def test_the_page_is_what_the_script_makes() -> None:
    assert (ROOT / "docs" / "coverage.md").read_text("utf-8") == SCRIPT["page"]()
