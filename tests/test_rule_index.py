"""gaebot/rules/index.py: it says of each rule what the rule's module says, and loads none."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from gaebot.app import App
from gaebot.engine import Asked, check
from gaebot.rule import PAGES, YAML, Rule, discover, load, modules, python_with
from gaebot.rules import index
from tests.rules.helpers import HOP

ROOT = Path(__file__).parent.parent
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "rule_index.py"))
LOADED = """
import sys
from gaebot.app import App
from gaebot.engine import check
from gaebot.rule import discover
rules = discover("python27")
print(len([name for name in sys.modules if name in {rule.module for rule in rules}]))
check(App({"index.html": b""}), rules)
print(*sorted(rule.family for rule in rules if rule.module in sys.modules and rule.only_in is not None))
"""


def test_the_index_is_what_the_script_makes():
    assert SCRIPT["INDEX"].read_text("utf-8") == SCRIPT["text"](), "run `python scripts/rule_index.py`"


def test_every_rule_is_what_its_module_says():
    assert [load(rule.module) for rule in discover(HOP)] == list(discover(HOP))


def test_only_the_rules_are_loaded_that_can_find_something():
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, cwd=ROOT
    )
    discovered, concerned = done.stdout.splitlines()
    assert discovered == "0"
    assert set(concerned.split()) == {"templates"}


def test_a_rule_that_the_index_does_not_know_is_found(monkeypatch):
    known = tuple(rule for rule in index.RULES if rule.id != "py-sets")
    monkeypatch.setattr(index, "RULES", known)
    rules = discover.__wrapped__(HOP)
    assert rules == discover(HOP)
    assert {rule.module for rule in rules} == set(modules(HOP))


# -- where findings lie --------------------------------------------------------------------


APP = App(
    {
        "a.py": b"# it packs\nwords = 1\n",
        "b.py": b"pack(1)\n",
        "lib/c.py": b"md5\n",
        "d.yaml": b"",
        "e.html": b"",
    },
    vendored={"lib": "lib"},
)


@pytest.mark.parametrize(
    ("where", "paths"),
    [
        (YAML, {"d.yaml"}),
        (PAGES, {"e.html"}),
        (python_with("pack"), {"b.py"}),
        (python_with("packs", "pack"), {"a.py", "b.py"}),
        (python_with("word"), set()),
        (python_with("md5"), set()),
        (python_with("b"), {"b.py"}),
    ],
)
def test_files_in_which_findings_may_lie(where, paths):
    assert where.is_asked_for(APP) == bool(paths)
    for path in APP.files:
        assert where.is_asked_for(APP.asking_for(path.__eq__)) == (path in paths)
        assert where.holds(APP, path) == (path in paths)


def test_a_rule_does_not_run_for_files_in_which_it_finds_nothing():
    rule = Rule("no.such.module", load(discover(HOP)[0].module).severity, only_in=python_with("pack"))
    assert check(APP, [rule]).failures
    assert not check(APP.asking_for("a.py".__eq__), [rule], asked=Asked()).failures
