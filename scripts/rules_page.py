"""Writes docs/rules.md: all rules, first as a table for each family, then with their pages.

    python scripts/rules_page.py

The pages are the docstrings of the rules, which `gaebot explain` prints too.
"""

from __future__ import annotations

import importlib
import re
import runpy
from itertools import groupby
from pathlib import Path

from gaebot.rule import Rule, discover

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "rules.md"
PATCH = runpy.run_path(str(ROOT / "scripts" / "coverage.py"))["patch"]

HEAD = """\
# The rules

Made by `python scripts/rules_page.py` from the rules themselves; a test keeps it true. `gaebot rules` lists
them, and `gaebot explain RULE` prints one of these pages.

The severity is that of most findings of a rule: an *error* will not deploy or not run on python27, a
*warning* behaves differently there or is deprecated, a *note* is advice. The last column says what gaebot
does about the rule's own example: a *safe* patch keeps what the app does and is made by `gaebot fix`, one to
*review* needs `--unsafe` and a reader, and where there is only a *report*, the page says what to do by hand.

"""
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_EXAMPLE = re.compile(
    r"^```(?P<language>\w+) (?P<when>before|after) (?P<path>\S+)"
    r"(?: in (?P<encoding>\S+))?\n(?P<text>.*)^```$",
    re.MULTILINE | re.DOTALL,
)
_HEADING = re.compile(r"^#+ ", re.MULTILINE)
_CODE = re.compile(r"`[^`]+`")


def families() -> dict[str, list[Rule]]:
    """The rules of each family, both in the order of their names."""
    rules = sorted(discover("python27"), key=lambda rule: (rule.family, rule.id))
    return {family: list(members) for family, members in groupby(rules, key=lambda rule: rule.family)}


def page() -> str:
    """The text of docs/rules.md."""
    groups = families()
    known = frozenset(rule.id for members in groups.values() for rule in members)
    contents = "".join(
        f"{about(family, members)}\n\n{table(members)}\n" for family, members in groups.items()
    )
    pages = "".join(
        f"## {family.capitalize()}\n\n" + "".join(rule_page(rule, known) for rule in members)
        for family, members in groups.items()
    )
    return f"{HEAD}{contents}{pages.rstrip()}\n"


def about(family: str, rules: list[Rule]) -> str:
    """The line above the table of a family: its name, which leads to its pages, and what its package says."""
    folder = importlib.import_module(rules[0].module.rpartition(".")[0])
    summary = (folder.__doc__ or "").strip().partition("\n")[0]
    return f"**[{family}](#{family})**: {summary}"


def table(rules: list[Rule]) -> str:
    """The rules of a family, a row each."""
    rows = []
    for rule in rules:
        title, patch = cell(rule.page.title), PATCH(rule) or "report"
        rows.append(f"| [{rule.id}](#{rule.id}) | {rule.severity.value} | {title} | {patch} |\n")
    return "| rule | severity | what it is about | patch |\n|---|---|---|---|\n" + "".join(rows)


def cell(text: str) -> str:
    """A text as it stands in a table."""
    return _outside_code(text).replace("|", "\\|")


def rule_page(rule: Rule, known: frozenset[str]) -> str:
    """The page of a rule below a heading that is its id; where it names another rule, a link leads there."""
    _, _, body = rule.page.text.partition("\n")
    parts, last = [], 0
    for fence in _FENCE.finditer(body):
        parts += [_prose(body[last : fence.start()], rule, known), _example(fence.group())]
        last = fence.end()
    parts.append(_prose(body[last:], rule, known))
    title = _outside_code(rule.page.title)
    return f"### {rule.id}\n\n**{title}**\n\n{''.join(parts).strip()}\n\n"


def _prose(text: str, rule: Rule, known: frozenset[str]) -> str:
    """What stands between the fences: headings two levels deeper, links to other rules."""

    def link(code: re.Match[str]) -> str:
        name = code.group().strip("`")
        return f"[{code.group()}](#{name})" if name in known and name != rule.id else code.group()

    return _CODE.sub(link, _HEADING.sub(lambda heading: "##" + heading.group(), _outside_code(text)))


def _outside_code(text: str) -> str:
    """A text in which nothing is taken for HTML."""
    parts, last = [], 0
    for code in _CODE.finditer(text):
        parts += [text[last : code.start()].replace("<", "&lt;"), code.group()]
        last = code.end()
    return "".join([*parts, text[last:].replace("<", "&lt;")])


def _example(fence: str) -> str:
    """A file of an example: a line that says which, and a block that GitHub highlights."""
    block = _EXAMPLE.fullmatch(fence)
    if block is None:
        return fence
    which = f"{block['when'].capitalize()}, {_name(block['path'])}"
    if block["encoding"]:
        which += f" in {block['encoding']}"
    if not block["text"]:
        return f"{which}: an empty file."
    return f"{which}:\n\n```{block['language']}\n{block['text']}```"


def _name(path: str) -> str:
    """The name of a file, as code where something in it would be taken for Markdown."""
    return f"`{path}`" if re.search(r"[_*]", path) else path


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
