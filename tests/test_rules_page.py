"""docs/rules.md: nothing out of date, a page for every rule, links that lead somewhere, and all of it readable on GitHub."""

from __future__ import annotations

import re
import runpy
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from gaebot.rule import discover
from tests.rules.helpers import HOP

ROOT = Path(__file__).parent.parent
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "rules_page.py"))
TEXT = (ROOT / "docs" / "rules.md").read_text("utf-8")
RULES = discover(HOP)

# GitHub shows larger files as plain text.
LARGEST = 512 * 1024
FENCE = re.compile(r"^```(.*)\n(?:.*\n)*?```$", re.MULTILINE)
OUTSIDE = FENCE.sub("", TEXT)
HEADINGS = re.findall(r"^(#+) (.+)$", OUTSIDE, re.MULTILINE)


def anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def section(rule_id: str) -> str:
    """The page of a rule in docs/rules.md, without its heading."""
    _, _, rest = TEXT.partition(f"\n### {rule_id}\n")
    return re.split(r"\n###? ", rest)[0]


def test_the_page_is_what_the_script_makes() -> None:
    assert SCRIPT["page"]() == TEXT, "run `python scripts/rules_page.py`"


def test_github_renders_it() -> None:
    assert len(TEXT.encode()) < LARGEST


def test_every_rule_has_one_anchor_that_is_its_id() -> None:
    anchors = Counter(anchor(heading) for _, heading in HEADINGS)
    assert {rule.id: anchors[rule.id] for rule in RULES} == {rule.id: 1 for rule in RULES}


def test_the_outline_goes_down_by_single_steps() -> None:
    levels = [len(marks) for marks, _ in HEADINGS]
    assert levels[0] == 1
    assert 1 not in levels[1:]
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("family", sorted({rule.family for rule in RULES}))
def test_a_family_lists_its_rules_and_no_others(family: str) -> None:
    _, _, rest = TEXT.partition(f"**[{family}](#{family})**")
    listed = re.findall(r"^\| \[(.+?)\]\(#(.+?)\) \| (\w+) \|", rest.partition("\n**[")[0], re.MULTILINE)
    assert listed == [(rule.id, rule.id, rule.severity.value) for rule in RULES if rule.family == family]


def test_every_link_leads_somewhere() -> None:
    anchors = {anchor(heading) for _, heading in HEADINGS}
    links = re.findall(r"\]\((#[^)]*)\)", OUTSIDE)
    assert links
    assert {link for link in links if link[1:] not in anchors} == set()


def test_every_page_holds_its_examples_word_for_word() -> None:
    for rule in RULES:
        page = section(rule.id)
        assert f"**{rule.page.title}**".replace("<", "&lt;") in page
        for text in [*rule.page.before.values(), *rule.page.after.values()]:
            assert f"\n{text}```" in page or not text, rule.id


def test_fences_name_a_language_and_nothing_else() -> None:
    assert set(FENCE.findall(TEXT)) <= {"yaml", "python", "html", "text"}


def test_nothing_is_taken_for_html() -> None:
    assert re.findall(r"<\w[^>\n]*>?", re.sub(r"`[^`]+`", "", OUTSIDE)) == []
