"""Writes docs/coverage.md: what each sentence of Google's guide asks of an app, and the rules for it.

    python scripts/coverage.py

The sentences stand in docs/coverage.yaml, in our own words. What a rule does about a finding is read off
its example.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from gaebot.app import App
from gaebot.engine import check
from gaebot.finding import Safety
from gaebot.rule import Rule, discover

DOCS = Path(__file__).parent.parent / "docs"
GUIDE = "https://cloud.google.com/appengine/docs/legacy/standard/python/migrate27"
HEAD = """\
# Google's guide, sentence by sentence

Made by `python scripts/coverage.py` from `docs/coverage.yaml` and the rules themselves; a test keeps it true.

Each row is a sentence of ["Migrating to Python 2.7"]({guide}) that asks something of an app, told in our
words, with the rules that look for it. *Safe* and *review* say which kind of patch a rule makes of its own
example; the others report and say what to do.

| section | what it asks | rules |
|---|---|---|
"""
REST = """
## What real migrations ran into besides

Rules that no sentence of the guide speaks of.

| rule | what it is about | patch |
|---|---|---|
"""


def rows() -> list[dict[str, Any]]:
    """The sentences with their rules, in the order of the guide."""
    return list(yaml.safe_load((DOCS / "coverage.yaml").read_text("utf-8")))


def patch(rule: Rule) -> str:
    """How far a rule patches its own example: 'safe', 'review', or '' when it only reports."""
    app = App(rule.page.files())
    kinds = {finding.fix.safety for finding in check(app, [rule]).findings if finding.fix is not None}
    return next((kind.value for kind in (Safety.SAFE, Safety.REVIEW) if kind in kinds), "")


def page() -> str:
    """The text of docs/coverage.md."""
    rules = {rule.id: rule for rule in discover("python27")}
    named = {name for row in rows() for name in row["rules"]}
    lines = []
    for row in rows():
        listed = ", ".join(f"`{name}`{note(rules[name])}" for name in row["rules"])
        lines.append(f"| [{row['section']}]({GUIDE}) | {row['asks']} | {listed} |\n")
    rest = [
        f"| `{rule.id}` | {rule.page.title} | {patch(rule) or 'report'} |\n"
        for rule in rules.values()
        if rule.id not in named
    ]
    return HEAD.format(guide=GUIDE) + "".join(lines) + REST + "".join(rest)


def note(rule: Rule) -> str:
    """What stands behind a rule's name."""
    return f" *{patch(rule)}*" if patch(rule) else ""


if __name__ == "__main__":
    (DOCS / "coverage.md").write_text(page(), encoding="utf-8")
