"""The run itself: that it makes the same apps again, and notices what is wrong."""

import subprocess
import sys

import pytest

from gaebot.finding import Failure
from gaebot.rule import discover
from tests.fakes import FunctionRule, WordRule
from tests.fuzz import trial as trials
from tests.fuzz.seeds import Seeds, shrunk
from tests.fuzz.trial import trial
from tests.rules.helpers import HOP

APP = {"app.yaml": b"runtime: python27\n", "a.py": b"old\n"}


@pytest.fixture(scope="module")
def seeds():
    return Seeds("1")


def kinds(monkeypatch, rule, files=APP):
    monkeypatch.setattr(trials, "RULES", (rule,))
    return [problem.kind for problem in trial(files).problems]


def test_a_seed_makes_the_same_apps_and_another_one_others(seeds):
    apps = [seeds.app(number) for number in range(30)]
    assert apps == [Seeds("1").app(number) for number in range(30)]
    others = [Seeds("2").app(number) for number in range(30)]
    assert sum(one != other for one, other in zip(apps, others, strict=True)) > 25


def test_all_rules_and_apps_are_seeds(seeds):
    assert len(seeds.small) == len(discover(HOP))
    assert len(seeds.real) >= 15


def test_a_good_run(monkeypatch):
    assert kinds(monkeypatch, WordRule("old", b"old", b"new")) == []


def test_a_rule_that_raises_is_a_problem(monkeypatch):
    def explode(app):
        raise ZeroDivisionError("oh")

    found = kinds(monkeypatch, FunctionRule("bad", explode))
    assert "check: bad: rule bad failed with ZeroDivisionError: oh" in found


def test_a_fix_that_never_rests_is_a_problem(monkeypatch):
    assert any(
        "did not come to rest" in kind for kind in kinds(monkeypatch, WordRule("grow", b"old", b"x\nold"))
    )


def test_a_fix_that_breaks_a_file_is_a_problem(monkeypatch):
    found = kinds(monkeypatch, WordRule("bad", b"old", b"("))
    assert any("would have broken" in kind for kind in found)


def test_what_takes_too_long_or_too_much_is_a_problem(monkeypatch):
    monkeypatch.setattr(trials, "MOST_SECONDS", -1.0)
    assert "slow: check" in kinds(monkeypatch, WordRule("old", b"old", b"new"))
    monkeypatch.setattr(trials, "MOST_BYTES", 1)
    assert "memory" in kinds(monkeypatch, WordRule("old", b"old", b"new"))


def test_what_raises_outside_of_rules_is_a_problem(monkeypatch):
    def raises(*_arguments, **_named):
        raise KeyError("x")

    monkeypatch.setattr(trials, "read_app", raises)
    (kind,) = kinds(monkeypatch, WordRule("old", b"old"))
    assert kind.startswith("raised KeyError")


def test_failures_of_the_input_are_none(monkeypatch):
    files = {**APP, "b.py": b"\0", "app.yaml": b"\xff"}
    assert kinds(monkeypatch, WordRule("odd", b"odd"), files) == []
    assert Failure("x").internal is False


def test_a_smaller_app_is_found():
    files = {"a.py": b"x\n" * 50 + b"BAD\n" + b"y\n" * 50, "b.py": b"z\n"}
    assert shrunk(files, lambda app: b"BAD" in b"".join(app.values())) == {"a.py": b"BAD"}


def test_the_program_ends_in_time_and_counts():
    run = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--seconds", "3", "--workers", "1", "--seed", "7"],
        check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert run.stdout.startswith("seed 7: ")
    assert " apps with " in run.stdout
    assert "most memory" in run.stdout
