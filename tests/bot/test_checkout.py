import os
import subprocess
from pathlib import Path

import pytest

from gaebot.bot.checkout import GitChecks
from gaebot.bot.forge import PullRequest, UnreachableError
from gaebot.bot.git import Clone
from gaebot.bot.settings import Settings
from gaebot.config import ConfigError
from tests.bot.fake_forge import FakeForge, Fault
from tests.trees import APP_YAML, write_tree

BASE = {
    "README": "x\n",
    "shop/app.yaml": APP_YAML,
    "shop/main.py": "import os\nprint 'x'\n",
}


def git(folder, *arguments):
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    identity = ("-c", "user.name=dev", "-c", "user.email=dev@example.org", "-c", "commit.gpgSign=false")
    done = subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True, env=environment
    )
    return done.stdout.decode().strip()


def commit(folder, files=None):
    write_tree(folder, files or {})
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "x")
    return git(folder, "rev-parse", "HEAD")


class World:
    """A repository with a commit of the base and one of the pull request, checked out."""

    def __init__(self, folder: Path, base=None, head=None, settings=None):
        self.folder = write_tree(folder, {})
        git(folder, "init", "-q", "-b", "main")
        self.base = commit(folder, BASE if base is None else base)
        git(folder, "checkout", "-q", "-b", "topic")
        self.head = commit(folder, head or {})
        self.forge = FakeForge(dict(base or BASE), {})
        self.forge.pull = PullRequest(
            7, "t", "b", True, False, False, "dev", "topic", self.head, "o/r", "main", self.base
        )
        self.settings = settings or Settings()

    def checks(self):
        return GitChecks(str(self.folder), self.settings, self.forge, self.forge.pull)


def rules(report):
    return {finding.rule for finding in report.findings}


def test_paths_are_those_in_the_repository(tmp_path):
    world = World(tmp_path / "r", head={"blog/app.yaml": APP_YAML, "blog/main.py": "x = 1\n"})
    head, base = world.checks().head(), world.checks().base()
    assert head.apps == ("blog", "shop")
    assert base.apps == ("shop",)
    assert {finding.path for finding in base.findings} <= {"shop/app.yaml", "shop/main.py"}
    names = dict(zip(head.fingerprints, head.findings, strict=True))
    assert set(base.fingerprints) <= set(names)
    assert {finding.app for name, finding in names.items() if name not in base.fingerprints} == {"blog"}
    assert all(path.startswith(("blog/", "shop/")) for path in head.sources)


def test_the_clone_answers_and_the_host_is_not_asked(tmp_path):
    world = World(tmp_path / "r", base={**BASE, ".gaebot.yaml": "ignore: yaml-runtime\n"})
    assert "yaml-runtime" not in rules(world.checks().head())
    assert world.forge.calls["file"] == 0


@pytest.mark.parametrize("in_clone", [True, False])
@pytest.mark.parametrize("place", [".gaebot.yaml", "shop/.gaebot.yaml"])
def test_a_pull_request_can_not_silence_the_check(tmp_path, in_clone, place):
    brought = {place: "skip: ['*']\nseverity: {yaml-runtime: note}\nfail-on: never\nbaseline: known.json\n"}
    world = World(tmp_path / "r", head=brought)
    checks = world.checks()
    if not in_clone:
        checks = GitChecks(str(world.folder), world.settings, world.forge, replace_sha(world.forge, "d" * 40))
    report = checks.head()
    assert "yaml-runtime" in rules(report)
    assert report.fail_on == {}
    assert report.baseline is None
    if not in_clone:
        assert checks.base() is None
        assert world.forge.calls["file"] > 0


def replace_sha(forge, sha):
    from dataclasses import replace

    forge.pull = replace(forge.pull, base_sha=sha)
    return forge.pull


def test_paths_in_the_settings_of_the_base_are_relative_to_their_folder(tmp_path):
    known = {".gaebot.yaml": "skip: shop/main.py\nfail-on: note\n"}
    world = World(tmp_path / "r", base={**BASE, **known}, head={"shop/main.py": "import os\nraise 'x'\n"})
    report = world.checks().head()
    assert {finding.path for finding in report.findings} == {"shop/app.yaml"}
    assert report.fail_on == {"shop": "note"}


@pytest.mark.parametrize("by_input", [True, False])
def test_the_baseline_is_that_of_the_base(tmp_path, by_input):
    first = World(tmp_path / "a")
    from gaebot.api import write_baseline

    path = first.folder / "known.json"
    write_baseline(first.folder, file=str(path))
    files = {**BASE, "known.json": path.read_bytes().decode()}
    if not by_input:
        files[".gaebot.yaml"] = "baseline: known.json\n"
    settings = Settings(baseline="known.json") if by_input else Settings()
    world = World(
        tmp_path / "b",
        base=files,
        head={"known.json": "nonsense", "shop/cron.yaml": "cron: {"},
        settings=settings,
    )
    report = world.checks().head()
    assert rules(report) == {"yaml-invalid", "deploy-tests"}  # the second one speaks of cron.yaml
    assert report.baseline.path == "known.json"
    assert report.baseline.left == report.baseline.known > 0
    assert world.checks().base().findings == ()


def test_settings_that_the_base_does_not_have_are_an_error(tmp_path):
    world = World(tmp_path / "r", head={"ci.yaml": "ignore: yaml\n"}, settings=Settings(config="ci.yaml"))
    with pytest.raises(ConfigError, match=r"no ci\.yaml on the branch"):
        world.checks().head()


def test_settings_that_can_not_be_had_are_a_failure(tmp_path):
    world = World(tmp_path / "r")
    world.forge.fail("file", Fault(UnreachableError("502")))
    checks = GitChecks(str(world.folder), Settings(), world.forge, replace_sha(world.forge, "d" * 40))
    report = checks.head()
    assert report.findings == ()
    assert "502" in report.failures[0].message


@pytest.mark.parametrize("path", ["nowhere", "..", "/", "out"])
def test_paths_without_an_app_or_outside_are_failures(tmp_path, path):
    world = World(tmp_path / "r", settings=Settings(paths=(path,)))
    write_tree(tmp_path / "other", {"app.yaml": APP_YAML})
    (world.folder / "out").symlink_to(tmp_path / "other")
    report = world.checks().head()
    assert report.apps == ()
    assert "no App Engine app" in report.failures[0].message


def test_several_paths_in_one_app_are_one_app(tmp_path):
    world = World(tmp_path / "r", settings=Settings(paths=("shop/app.yaml", "shop/main.py")))
    whole = World(tmp_path / "s", settings=Settings(paths=("shop", "shop/main.py", ".")))
    assert world.checks().head().apps == ("shop",)
    assert len(world.checks().head().fingerprints) == len(set(world.checks().head().fingerprints))
    assert whole.checks().head().fingerprints == whole.checks().base().fingerprints != ()
    assert world.checks().base().fingerprints == world.checks().head().fingerprints


def test_it_is_held_against_where_the_pull_request_began(tmp_path):
    world = World(tmp_path / "r", head={"shop/cron.yaml": "cron: {"})
    git(world.folder, "checkout", "-q", "main")
    tip = commit(world.folder, {"shop/app.yaml": APP_YAML.replace("python", "python27")})
    git(world.folder, "checkout", "-q", "topic")
    checks = GitChecks(str(world.folder), Settings(), world.forge, replace_sha(world.forge, tip))
    assert "yaml-runtime" in rules(checks.base())


def test_nothing_of_the_repository_runs(tmp_path):
    """Filters, hooks and replaced commands of a clone leave a trace when they run."""
    trace = tmp_path / "trace"
    world = World(
        tmp_path / "r",
        base={
            **BASE,
            ".gitattributes": "* filter=evil diff=evil export-subst\n",
            "shop/x.txt": "$Format:%H$\n",
        },
    )
    command = f"touch {trace}; cat"
    for key in (
        "filter.evil.smudge",
        "filter.evil.clean",
        "core.fsmonitor",
        "diff.evil.textconv",
        "core.pager",
    ):
        git(world.folder, "config", key, command)
    git(world.folder, "config", "filter.evil.required", "true")
    hooks = world.folder / ".git" / "hooks"
    for name in ("post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {trace}\n")
        (hooks / name).chmod(0o755)
    trace.unlink(missing_ok=True)
    assert world.checks().head().findings
    assert world.checks().base().findings
    assert Clone(str(world.folder)).unpack(world.base, str(write_tree(tmp_path / "out", {})))
    assert (tmp_path / "out/shop/x.txt").read_text() == "$Format:%H$\n"
    assert not trace.exists()


def test_a_folder_that_is_no_clone_and_a_name_that_is_no_commit(tmp_path):
    write_tree(tmp_path / "plain", {"a": "x"})
    world = World(tmp_path / "r")
    assert not Clone(str(tmp_path / "plain")).has("a" * 40)
    assert not Clone(str(world.folder)).has("--help")
    assert not Clone(str(world.folder)).has("HEAD")
    assert Clone(str(world.folder)).has(world.base)


def test_links_and_strange_names_are_not_unpacked(tmp_path):
    world = World(tmp_path / "r")
    (world.folder / "link").symlink_to("/etc/passwd")
    (world.folder / "li\nne").write_text("x")
    made = commit(world.folder)
    blob = git(world.folder, "rev-parse", f"{made}:README")
    tree = subprocess.run(
        ["git", "-C", str(world.folder), "mktree", "-z"],
        input=f"100644 blob {blob}\tok\0".encode() + f"100644 blob {blob}\tGIT~1x".encode(),
        capture_output=True, check=True,
    ).stdout.decode().strip()  # fmt: skip
    names = [entry.path for entry in Clone(str(world.folder)).entries(made)]
    assert "link" not in names
    assert "li\nne" in names
    assert Clone(str(world.folder)).entries(tree)
