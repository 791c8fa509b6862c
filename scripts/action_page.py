"""Writes into README.md what action.yml and docs/workflows say: workflows to copy, inputs, outputs.

    python scripts/action_page.py

Each part stands between two comments, `<!-- action: NAME -->` and `<!-- end of NAME -->`. A test keeps it
true.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
WORKFLOWS = ROOT / "docs" / "workflows"
_PART = re.compile(
    r"(?P<start><!-- action: (?P<name>[\w.]+) -->\n).*?(?P<end><!-- end of (?P=name) -->\n)", re.DOTALL
)
_BLOCK = re.compile(r"^```yaml\n# (?P<path>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def page(text: str) -> str:
    """A text with its parts made anew. Raises `KeyError` for a part that nothing is known of."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    parts = {"inputs": table("input", action["inputs"]), "outputs": table("output", action["outputs"])}
    parts |= {path.name: workflow(path) for path in sorted(WORKFLOWS.glob("*.yml"))}
    return _PART.sub(lambda match: f"{match['start']}\n{parts[match['name']]}\n{match['end']}", text)


def workflow(path: Path) -> str:
    """A workflow as a block of code, under the path that it is copied to."""
    return f"```yaml\n# .github/workflows/gaebot-{path.name}\n{path.read_text('utf-8')}```\n"


def table(kind: str, entries: dict[str, dict[str, Any]]) -> str:
    """A table of inputs, with their defaults, or of outputs."""
    has_defaults = any("default" in entry for entry in entries.values())
    head = [kind, "default", "meaning"] if has_defaults else [kind, "meaning"]
    rows = [
        [
            f"`{name}`",
            *([_code(entry.get("default", ""))] if has_defaults else []),
            entry["description"].strip(),
        ]
        for name, entry in entries.items()
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in [head, ["---"] * len(head), *rows])


def _code(value: str) -> str:
    return f"`{value}`" if value else ""


def names(text: str) -> list[str]:
    """The parts that a text has, in order."""
    return [match["name"] for match in _PART.finditer(text)]


def workflows(text: str) -> dict[str, str]:
    """The workflows that a text shows, by the path that they are to be copied to."""
    return {match["path"]: match["text"] for match in _BLOCK.finditer(text)}


if __name__ == "__main__":
    README.write_text(page(README.read_text("utf-8")), encoding="utf-8")
