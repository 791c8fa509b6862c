"""The hooks, run by prek, which reads the same configuration."""

import re

import pytest

from tests.hooks.apps import APP, GOOD_APP, MAIN, NEW, OLD, OLD_SERVICE, RULE, SERVICE_RULE, below


@pytest.fixture
def project(repository, homes, source):
    """A repository with both hooks configured, and prek's own hook installed."""
    repository.variables.update(homes)
    repository.configure(source, "gaebot-fix", "gaebot")
    done = repository.tool("prek", "install")
    assert done.returncode == 0, done.stderr
    return repository


def test_a_commit_is_refused_then_passes_after_the_fix(project):
    project.stage(APP)
    refused = project.commit()
    assert refused.returncode == 1
    assert f"fixed main.py: {RULE}" in refused.stdout + refused.stderr
    assert (project.root / "main.py").read_text() == NEW + MAIN
    project.git("add", "--all")
    done = project.commit()
    assert done.returncode == 0, done.stdout + done.stderr
    assert project.is_clean()


def test_the_check_ends_with_the_finding(project):
    project.stage(APP)
    done = project.tool("prek", "run", "gaebot", "--all-files")
    assert done.returncode == 1
    assert f"main.py:1:1 warning {RULE}" in done.stdout
    assert (project.root / "main.py").read_text() == OLD + MAIN


def test_several_apps_and_files_of_none(project):
    project.stage({**below("one", APP), **below("two", APP), **below("good", GOOD_APP), "setup.py": OLD})
    done = project.tool("prek", "run", "gaebot", "--all-files")
    assert done.returncode == 1
    assert re.findall(r"^ *(\S+):1:1 ", done.stdout, re.MULTILINE) == ["one/main.py", "two/main.py"]
    assert project.tool("prek", "run", "gaebot", "--files", "setup.py").returncode == 0


def test_unstaged_changes_survive(project):
    project.stage({**GOOD_APP, "util.py": "import os\n"})
    assert project.commit().returncode == 0
    project.stage({"main.py": OLD + MAIN})
    (project.root / "util.py").write_text("import sys\n")
    assert project.commit().returncode == 1
    assert (project.root / "main.py").read_text() == NEW + MAIN
    assert (project.root / "util.py").read_text() == "import sys\n"


@pytest.mark.parametrize("name", ["a b", "caf\xe9", "-x", "\udcff", "-\udcff"])
def test_names_of_all_kinds(project, source, name):
    project.stage({**GOOD_APP, f"{name}.yaml": OLD_SERVICE})
    done = project.tool("prek", "run", "gaebot", "--all-files")
    assert done.returncode == 1
    assert f".yaml:3:1 error {SERVICE_RULE}" in done.stdout
