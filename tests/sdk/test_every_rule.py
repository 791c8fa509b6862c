"""Every rule before the judges: what it patches still compiles, and Google's parsers still take it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gaebot.app import App
from gaebot.engine import fix
from gaebot.prove import compile_files, validate_yaml
from gaebot.rule import Rule, discover
from tests.rules.helpers import HOP
from tests.trees import write_tree

RULES = discover(HOP)
PATCHING = [rule for rule in RULES if rule.page.after]


def files_of(app: App) -> dict[str, bytes]:
    return {path: source.data for path, source in app.files.items()}


@pytest.fixture(scope="module")
def refused(python27: Path, sdk: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the judges refuse of all examples, by 'rule/before/path' and the like, with their reason.

    `before` is the example, `after` what the rule makes of it, `all` what all rules make of it.
    """
    root = tmp_path_factory.mktemp("examples")
    for rule in PATCHING:
        before = App(rule.page.files())
        write_tree(root / rule.id / "before", files_of(before))
        write_tree(root / rule.id / "after", files_of(fix(before, [rule], unsafe=True).app))
        write_tree(root / rule.id / "all", files_of(fix(before, RULES, unsafe=True).app))
    files = [path for path in sorted(root.rglob("*")) if path.is_file()]
    compiled = compile_files(python27, [path for path in files if path.suffix == ".py"])
    parsed = validate_yaml(python27, sdk, [path for path in files if path.suffix in {".yaml", ".yml"}])
    verdicts = {**compiled, **{path: verdict.error for path, verdict in parsed.items()}}
    return {path.relative_to(root).as_posix(): error for path, error in verdicts.items() if error}


def refused_in(refused: dict[str, str], rule: Rule, state: str) -> dict[str, str]:
    start = f"{rule.id}/{state}/"
    return {path.removeprefix(start): error for path, error in refused.items() if path.startswith(start)}


@pytest.mark.parametrize("state", ["after", "all"])
@pytest.mark.parametrize("rule", PATCHING, ids=lambda rule: rule.id)
def test_what_the_judges_took_they_still_take(rule: Rule, state: str, refused: dict[str, str]) -> None:
    before = refused_in(refused, rule, "before")
    after = refused_in(refused, rule, state)
    assert {path: error for path, error in after.items() if path not in before} == {}
