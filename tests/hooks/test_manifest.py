"""What `.pre-commit-hooks.yaml` says."""

import re
import sys
from pathlib import Path

import pytest
import yaml

from gaebot.hooks import check, fix
from gaebot.paths import _PAGE_SUFFIXES, is_yaml, may_be_page
from tests.hooks.conftest import ROOT
from tests.hooks.repositories import run

MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOKS = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
PROGRAMS = {"gaebot-hook-check": check, "gaebot-hook-fix": fix}
by_id = pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])


@pytest.mark.parametrize("tool", ["pre-commit", "prek"])
def test_the_tools_take_it(tool):
    done = run([Path(sys.executable).parent / tool, "validate-manifest", MANIFEST])
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hooks():
    assert [hook["id"] for hook in HOOKS] == ["gaebot", "gaebot-fix"]


@by_id
def test_what_a_hook_says(hook):
    assert hook["language"] == "python"
    assert hook["require_serial"] is True
    assert hook["description"].endswith(".")
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    module = PROGRAMS[hook["entry"]].__name__
    assert f'\n{hook["entry"]} = "{module}:main"\n' in text


@by_id
@pytest.mark.parametrize(
    "name", [".coveragerc", "a.css", "a.js", "logo.png", "py", "a.pyc", "a.yaml.orig", "data.csv"]
)
def test_files_that_are_not_read_are_not_passed(hook, name):
    assert not re.search(hook["files"], f"folder/{name}")


@by_id
@pytest.mark.parametrize(
    "name",
    [
        *(
            "main.py",
            "app.yaml",
            "app.yml",
            "queue.yaml",
            "app.yaml.example",
            "app-sample.yaml",
            "App.yaml.dist",
        ),
        *(f"page{suffix}" for suffix in _PAGE_SUFFIXES),
        "INDEX.HTML",
    ],
)
def test_files_that_are_read_are_passed(hook, name):
    assert name == "main.py" or is_yaml(name) or may_be_page(name)
    assert re.search(hook["files"], name)
    assert re.search(hook["files"], f"folder/{name}")


@by_id
def test_it_stands_in_the_readme(hook):
    assert re.search(
        rf"^ *- id: {hook['id']}(?: +#.*)?$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
