"""The README shows what gaebot really prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gaebot.cli import main
from gaebot.rule import discover

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
CONSOLE = re.compile(r"^```console\n\$ gaebot (.+?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = CONSOLE.findall(README)


def test_there_is_an_example() -> None:
    assert EXAMPLES


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_its_examples_are_what_is_printed(
    command: str, output: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    main(command.split())
    assert capsys.readouterr().out == output


@pytest.mark.parametrize("family", sorted({rule.family for rule in discover("python27")}))
def test_every_family_is_named(family: str) -> None:
    assert f"`{family}`" in README


@pytest.mark.parametrize("name", sorted(re.findall(r"\]\(([^)#:]+)\)", README)))
def test_its_links_lead_somewhere(name: str) -> None:
    assert (ROOT / name).exists()
