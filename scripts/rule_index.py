"""Writes gaebot/rules/index.py: what is known of each rule before its module is loaded.

    python scripts/rule_index.py

It is taken from the modules themselves, so a rule says it in its own file, and only there.
"""

from __future__ import annotations

import json
from pathlib import Path

from gaebot.finding import Severity
from gaebot.rule import PAGES, YAML, Rule, hops, load, modules

ROOT = Path(__file__).parent.parent
INDEX = ROOT / "gaebot" / "rules" / "index.py"
LONGEST = 110  # letters; a linter complains of longer lines
NAMES = {YAML: "YAML", PAGES: "PAGES"}

HEAD = '''\
"""What is known of the rules before their modules are loaded.

Made by `python scripts/rule_index.py` from those modules, which a test compares. A rule that is missing here
is found all the same, and loaded at once.
"""

from __future__ import annotations

from gaebot.finding import Severity
from gaebot.rule import PAGES, YAML, Rule, python_with

# fmt: off
RULES = (
'''


def text() -> str:
    """The text of the module."""
    names = sorted({name for hop in hops() for name in modules(hop)})
    return HEAD + "".join(f"{line(load(name))}\n" for name in names) + ")\n"


def line(rule: Rule) -> str:
    """What makes a rule, as an entry of the list."""
    parts = [json.dumps(rule.module), f"Severity.{Severity(rule.severity).name}"]
    if rule.vendored:
        parts.append("vendored=True")
    if rule.only_in is not None:
        words = ", ".join(map(json.dumps, sorted(rule.only_in.words)))
        parts.append(f"only_in={f'python_with({words})' if words else NAMES[rule.only_in]}")
    made = f"    Rule({', '.join(parts)}),"
    return made if len(made) <= LONGEST else f"{made}  # noqa: E501"


if __name__ == "__main__":
    INDEX.write_text(text(), encoding="utf-8")
