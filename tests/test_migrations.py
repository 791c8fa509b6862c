"""The lists of what maintainers changed for python27, which `bench/maintainers.py` measures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from gaebot.rule import discover
from tests.rules.helpers import HOP

RULES = {rule.id for rule in discover(HOP)}
LISTS = sorted((Path(__file__).parent / "migrations").glob("*.yaml"))


def listed(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def test_there_is_a_list_for_each_pair() -> None:
    assert len(LISTS) == 11


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_list_says_where_it_is_from_and_what_it_leaves_out(path: Path) -> None:
    content = listed(path)
    assert set(content) == {"repository", "changes", "left_out"}
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", content["repository"])
    assert all(isinstance(reason, str) for reason in content["left_out"])


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_each_change_is_a_place_words_and_rules_that_exist(path: Path) -> None:
    for change in listed(path)["changes"]:
        assert set(change) == {"at", "what", "rules"}
        assert re.fullmatch(r"[^:]+:[1-9]\d*", change["at"])
        assert change["what"].strip()
        assert set(change["rules"]) <= RULES


def test_no_change_is_counted_twice() -> None:
    for path in LISTS:
        keys = [(change["at"], change["what"], *change["rules"]) for change in listed(path)["changes"]]
        assert len(set(keys)) == len(keys), path.stem
