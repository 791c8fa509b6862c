"""The README shows what gaebot really prints."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from gaebot.rule import discover

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "console_blocks.py"))


def test_there_is_an_example() -> None:
    assert any(step.command.startswith("gaebot ") for step in SCRIPT["steps"](README))


def test_its_examples_are_what_is_printed(tmp_path: Path) -> None:
    _, outputs = SCRIPT["play"]("README.md", tmp_path)
    assert SCRIPT["rewritten"](README, outputs) == README, "run `python scripts/console_blocks.py`"


@pytest.mark.parametrize("family", sorted({rule.family for rule in discover("python27")}))
def test_every_family_is_named(family: str) -> None:
    assert f"`{family}`" in README


@pytest.mark.parametrize("name", sorted(re.findall(r"\]\(([^)#:]+)\)", README)))
def test_its_links_lead_somewhere(name: str) -> None:
    assert (ROOT / name).exists()
