"""The hooks, run by pre-commit itself as it installs them."""

import re
from pathlib import Path

import pytest

from tests.hooks.apps import (
    APP,
    GOOD_APP,
    MAIN,
    NEW,
    NEW_SERVICE,
    OLD,
    OLD_SERVICE,
    RULE,
    SERVICE_RULE,
    below,
)
from tests.trees import write_tree

BOTH = ("gaebot-fix", "gaebot")


@pytest.fixture
def project(repository, homes, source):
    """A repository with both hooks configured, and pre-commit's own hook installed."""
    repository.variables.update(homes)
    repository.configure(source, *BOTH)
    done = repository.tool("pre-commit", "install")
    assert done.returncode == 0, done.stderr
    return repository


def outcomes(done):
    """What the hooks came to, by name."""
    return dict(re.findall(r"^(\S+?)\.+(?:\(.*\))?(\w+)$", done.stdout + done.stderr, re.MULTILINE))


# -- installation --------------------------------------------------------------------------


def test_try_repo_ends_with_the_finding(registry, source, repository):
    repository.stage(APP)
    done = repository.tool("pre-commit", "try-repo", source, "gaebot", "--all-files")
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"main.py:1:1 warning {RULE}" in done.stdout
    assert outcomes(done) == {"gaebot": "Failed"}


def test_a_pinned_revision_ends_with_the_finding(project):
    project.stage(APP)
    done = project.tool("pre-commit", "run", "gaebot", "--all-files")
    assert done.returncode == 1
    assert f"main.py:1:1 warning {RULE}" in done.stdout
    assert "mutable" not in done.stdout + done.stderr


def test_only_what_it_needs_is_installed(project):
    home = Path(project.variables["PRE_COMMIT_HOME"])
    (site,) = home.glob("*/py_env-*/lib/*/site-packages")
    assert (site / "tree_sitter").is_dir()
    assert (site / "gaebot" / "hooks" / "check.py").is_file()
    assert not (site / "github").exists()
    assert not (site / "hooks").exists()


# -- commits -------------------------------------------------------------------------------


def test_a_commit_is_refused_then_passes_after_the_fix(project):
    project.stage(APP)
    refused = project.commit()
    assert refused.returncode == 1
    assert outcomes(refused) == {"gaebot-fix": "Failed", "gaebot": "Passed"}
    assert f"fixed main.py: {RULE}" in refused.stderr + refused.stdout
    assert (project.root / "main.py").read_text() == NEW + MAIN
    project.git("add", "--all")
    assert project.commit().returncode == 0
    assert project.is_clean()


def test_a_commit_is_refused_by_the_check_alone(project, source):
    project.configure(source, "gaebot")
    project.stage(APP)
    assert project.commit().returncode == 1
    assert (project.root / "main.py").read_text() == OLD + MAIN
    project.stage(GOOD_APP)
    assert project.commit().returncode == 0


def test_a_finding_elsewhere_does_not_keep_a_commit_up(project):
    project.stage(APP)
    project.git("commit", "--no-verify", "--quiet", "--message", "Old")
    project.stage({"util.py": "import os\n", "static/a.css": "b {}\n"})
    done = project.commit()
    assert done.returncode == 0, done.stdout + done.stderr
    assert outcomes(done) == {"gaebot-fix": "Passed", "gaebot": "Passed"}


def test_files_that_belong_to_no_app_pass(project):
    project.stage({"setup.py": OLD, "docs/index.html": "<p>{{ value }}</p>", "ci.yaml": "a: b\n"})
    done = project.commit()
    assert done.returncode == 0, done.stdout + done.stderr
    assert outcomes(done) == {"gaebot-fix": "Passed", "gaebot": "Passed"}


def test_files_that_it_does_not_read_skip_it(project):
    project.stage({**GOOD_APP})
    project.git("commit", "--no-verify", "--quiet", "--message", "Good")
    project.stage({"static/a.css": "b {}\n", "static/logo.png": b"\x89PNG\0"})
    done = project.commit()
    assert done.returncode == 0
    assert outcomes(done) == {"gaebot-fix": "Skipped", "gaebot": "Skipped"}


@pytest.mark.parametrize("hook", BOTH)
def test_unstaged_changes_survive(project, source, hook):
    project.configure(source, hook)
    project.stage({**GOOD_APP, "util.py": "import os\n", "other.yaml": NEW_SERVICE})
    assert project.commit().returncode == 0
    project.stage({"main.py": OLD + MAIN})
    unstaged = {
        "main.py": OLD + MAIN + "\n\nLATER = 1\n",
        "util.py": "import sys\n",
        "other.yaml": OLD_SERVICE,
    }
    write_tree(project.root, {**unstaged, "untracked.py": "x = 1\n"})
    done = project.commit()
    assert done.returncode == 1
    printed = done.stdout + done.stderr
    assert RULE in printed
    assert SERVICE_RULE not in printed  # which is not staged
    now = {path: (project.root / path).read_text() for path in (*unstaged, "untracked.py")}
    fixed = now.pop("main.py")
    assert now == {"util.py": "import sys\n", "other.yaml": OLD_SERVICE, "untracked.py": "x = 1\n"}
    assert fixed == (NEW if hook == "gaebot-fix" else OLD) + MAIN + "\n\nLATER = 1\n"


def test_removed_and_renamed_files(project):
    project.stage({**GOOD_APP, "old.py": "import os\n", "other.yaml": NEW_SERVICE})
    assert project.commit().returncode == 0
    project.git("rm", "--quiet", "old.py")
    project.git("mv", "other.yaml", "renamed service.yaml")
    done = project.commit()
    assert done.returncode == 0, done.stdout + done.stderr
    project.git("rm", "--quiet", "app.yaml", "main.py", "renamed service.yaml")
    assert project.commit().returncode == 0


# -- several apps, names, options ----------------------------------------------------------


def test_several_apps(project):
    project.stage({**below("one", APP), **below("two", APP), **below("good", GOOD_APP), "setup.py": OLD})
    done = project.tool("pre-commit", "run", "gaebot", "--all-files")
    assert done.returncode == 1
    assert re.findall(r"^\S+:1:1 ", done.stdout, re.MULTILINE) == ["one/main.py:1:1 ", "two/main.py:1:1 "]
    done = project.tool("pre-commit", "run", "gaebot", "--files", "two/main.py", "good/main.py")
    assert re.findall(r"^\S+:1:1 ", done.stdout, re.MULTILINE) == ["two/main.py:1:1 "]


@pytest.mark.parametrize("name", ["a b", "caf\xe9", "-x", "--select", "$(x)", "a'b\"c"])
def test_names_of_all_kinds(project, source, name):
    project.configure(source, {"id": "gaebot", "args": ["--select", "yaml"]}, "gaebot-fix")
    project.stage({**GOOD_APP, f"{name}.yaml": OLD_SERVICE})
    done = project.commit()
    assert done.returncode == 1
    assert outcomes(done) == {"gaebot": "Failed", "gaebot-fix": "Failed"}
    assert f"{name}.yaml:3:1 error {SERVICE_RULE}" in done.stdout + done.stderr
    assert (project.root / f"{name}.yaml").read_text() == NEW_SERVICE


def test_options_of_the_configuration(project, source):
    project.configure(source, {"id": "gaebot", "args": ["--fail-on", "error", "--ignore=wsgi"]})
    project.stage(APP)
    assert project.commit().returncode == 0
    project.configure(source, {"id": "gaebot", "args": ["--select", "nonsense"]})
    project.stage({"main.py": OLD + MAIN + "\n"})
    done = project.commit()
    assert done.returncode == 1
    assert "There is no rule called 'nonsense'" in done.stdout + done.stderr


def test_a_list_of_files_that_is_too_long_for_one_call(project):
    """The tool splits it; each part sees the whole app."""
    names = [f"part{number:04}{'x' * 150}.yaml" for number in range(1000)]
    services = dict.fromkeys(names[::100], OLD_SERVICE)
    project.stage({**GOOD_APP, **dict.fromkeys(names, "a: b\n"), **services})
    done = project.tool("pre-commit", "run", "gaebot", "--all-files")
    assert done.returncode == 1
    assert done.stdout.count(f"error {SERVICE_RULE}") == 10
    assert len(re.findall(r"^\d+ errors?\.$", done.stdout, re.MULTILINE)) > 1
