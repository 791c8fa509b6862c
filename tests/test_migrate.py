"""docs/migrate.md: every command prints what stands there, every change can be made, and the app that it ends with is done."""

from __future__ import annotations

import re
import runpy
import subprocess
from pathlib import Path

import pytest

import gaebot
from gaebot.finding import Severity
from gaebot.prove import ProofError, compile_files, find_python27
from gaebot.rule import discover

ROOT = Path(__file__).parent.parent
PAGE = "docs/migrate.md"
GUIDE = (ROOT / PAGE).read_text("utf-8")
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "console_blocks.py"))
STEPS = SCRIPT["steps"](GUIDE)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The app after all steps, and what each printed. A change that can't be made fails here."""
    return SCRIPT["play"](PAGE, tmp_path_factory.mktemp("guide"))


def test_every_command_prints_what_the_guide_shows(played: tuple[Path, list[str]]) -> None:
    _, outputs = played
    for step, output in zip(STEPS, outputs, strict=True):
        assert step.output == output, f"$ {step.command}\nrun `python scripts/console_blocks.py`"


def test_the_script_would_change_nothing(played: tuple[Path, list[str]]) -> None:
    assert SCRIPT["rewritten"](GUIDE, played[1]) == GUIDE


def test_it_ends_with_notes_at_most(played: tuple[Path, list[str]]) -> None:
    app, _ = played
    report = gaebot.check(app)
    assert report.apps == (str(app),)
    assert [f for f in report.findings if f.severity > Severity.NOTE] == []
    assert not report.failures
    assert "\nruntime: python27\n" in (app / "app.yaml").read_text("utf-8")
    assert "\nthreadsafe: true\n" in (app / "app.yaml").read_text("utf-8")


def test_nothing_is_left_to_fix_or_to_commit(played: tuple[Path, list[str]]) -> None:
    app, _ = played
    assert gaebot.fix(app, unsafe=True, write=False).changes == ()
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=app, capture_output=True, text=True, check=True
    )
    assert status.stdout == ""


def test_every_commit_compiles(played: tuple[Path, list[str]], tmp_path: Path) -> None:
    """Under CPython 2.7, where there is one."""
    try:
        python27 = find_python27()
    except ProofError as error:
        pytest.skip(str(error))
    app, _ = played
    listed = subprocess.run(
        ["git", "log", "--format=%H"], cwd=app, capture_output=True, text=True, check=True
    ).stdout.split()
    for commit in listed:
        (tmp_path / commit).mkdir()
        archive = subprocess.run(["git", "archive", commit], cwd=app, capture_output=True, check=True)
        subprocess.run(["tar", "-x"], cwd=tmp_path / commit, input=archive.stdout, check=True)
    errors = compile_files(python27, sorted(tmp_path.rglob("*.py")))
    assert {path: error for path, error in errors.items() if error is not None} == {}
    assert len(listed) == 6


def test_all_but_the_last_commit_run_on_the_old_runtime(played: tuple[Path, list[str]]) -> None:
    app, _ = played
    said = [
        subprocess.run(
            ["git", "show", f"{commit}:app.yaml"], cwd=app, capture_output=True, text=True, check=True
        ).stdout
        for commit in ("HEAD", "HEAD~1")
    ]
    assert ["\nruntime: python\n" in text for text in said] == [False, True]


def test_the_rules_that_it_names_exist() -> None:
    rules = {rule.id for rule in discover("python27")}
    prose = re.sub(r"^```.*?^```$", "", GUIDE, flags=re.MULTILINE | re.DOTALL)
    named = set(
        re.findall(r"`((?:yaml|wsgi|webapp|webob|tmpl|lib|py|cwd|ts|deploy|perf)-[a-z0-9-]+)`", prose)
    )
    assert named
    assert named <= rules


@pytest.mark.parametrize("name", sorted(set(re.findall(r"\]\(([^)#:]+)\)", GUIDE))))
def test_its_links_lead_somewhere(name: str) -> None:
    assert (ROOT / "docs" / name).exists()


def test_a_command_that_fails_says_so() -> None:
    text = "```console\n$ ls nowhere\nmain.py\n$ gaebot rules\n```\n"
    command, other = SCRIPT["steps"](text)
    assert (command.command, command.output, other.output) == ("ls nowhere", "main.py\n", "")
    new = SCRIPT["rewritten"](text, ["exit code 2\n", "rule\n"])
    assert new == "```console\n$ ls nowhere\nexit code 2\n$ gaebot rules\nrule\n```\n"
