"""Runs workflows with act, which is another implementation of GitHub's runner, on this machine and without GitHub.

The action is used as its users do, by a name of a repository. What comes from other repositories has
stand-ins: they name this machine's Python, clone the repository of the test, copy what they are given to keep.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.hooks.repositories import Repository
from tests.trees import write_tree

ROOT = Path(__file__).parents[2]
STEPS = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
USED = sorted({step["uses"] for step in STEPS if "uses" in step})

SETUP_PYTHON = """\
name: names the Python that there is
inputs:
  python-version: {default: ""}
  architecture: {default: ""}
  update-environment: {default: ""}
outputs:
  python-path:
    value: ${{ steps.name.outputs.path }}
runs:
  using: composite
  steps:
  - id: name
    shell: bash
    env:
      VERSION: ${{ inputs.python-version }}
    run: |
      echo "asked for Python $VERSION"
      echo "path=$PYTHON_OF_THE_TESTS" >> "$GITHUB_OUTPUT"
"""
UPLOAD_ARTIFACT = """\
name: copies what is to be kept
inputs:
  name: {default: ""}
  path: {default: ""}
  if-no-files-found: {default: ""}
  overwrite: {default: ""}
runs:
  using: composite
  steps:
  - shell: bash
    env:
      NAME: ${{ inputs.name }}
      FOLDER: ${{ inputs.path }}
    run: mkdir "$ARTIFACTS/$NAME"; cp -r "$FOLDER" "$ARTIFACTS/$NAME"
"""
CHECKOUT = """\
name: clones the repository of the test, where act would not do that itself
inputs:
  ref: {default: HEAD}
  fetch-depth: {default: "1"}
  persist-credentials: {default: "true"}
runs:
  using: composite
  steps:
  - shell: bash
    env:
      REF: ${{ inputs.ref }}
    run: git clone -q "$REPOSITORY_OF_THE_TEST" . && git checkout -q "$REF"
"""
STAND_INS = {
    "actions/checkout": CHECKOUT,
    "actions/setup-python": SETUP_PYTHON,
    "actions/upload-artifact": UPLOAD_ARTIFACT,
}

# The modules of the bot that know GitHub, each as a recorder: it tells in the log what it was called with.
RECORDERS = {
    "gaebot/bot/github.py": """\
class GitHub:
    def __init__(self, *arguments):
        self.arguments = arguments
""",
    "gaebot/bot/checkout.py": """\
class GitChecks:
    def __init__(self, root, settings, forge, pull):
        self.arguments = (root, pull.number, pull.base_sha)
""",
    "gaebot/bot/recorder.py": """\
import json, os, sys

import gaebot, yaml
from gaebot.bot.outcome import Outcome


def record(name, forge, job, settings, output, **others):
    told = {
        "called": name,
        "job": repr(job),
        "settings": repr(settings),
        "forge": forge.arguments,
        "isolated": sys.flags.isolated,
        "path": sys.path,
        "folder": os.getcwd(),
        "files": [gaebot.__file__, yaml.__file__],
        "hidden": [name for name in ("sitecustomize", "usercustomize") if name in sys.modules],
        **others,
    }
    output.log("recorded " + json.dumps(told))
    output.log("::error::not a command")
    output.annotate("::warning file=app.yaml,line=1::100%25 old\\n")
    output.summarise("# What was found")
    output.keep("gaebot-plan.json", b"{}")
    output.keep("more.txt", b"more")
    report = gaebot.check(*settings.paths) if os.listdir() else None
    return Outcome(report=report, went={"review": 7}, review_url="http://127.0.0.1/review", pull_requests=(7, 8))
""",
    "gaebot/bot/review/__init__.py": "",
    "gaebot/bot/review/run.py": """\
from gaebot.bot.recorder import record


def review(forge, job, settings, checks, output):
    return record("review", forge, job, settings, output, checks=checks.arguments)


def post(forge, job, settings, output):
    return record("post", forge, job, settings, output)
""",
    "gaebot/bot/fixups/__init__.py": "",
    "gaebot/bot/fixups/run.py": """\
from gaebot.bot.recorder import record


def fix_up(forge, job, settings, root, output):
    return record("fix_up", forge, job, settings, output, root=root)
""",
    "gaebot/bot/commands.py": """\
from gaebot.bot.recorder import record


def command(forge, job, settings, root, output):
    return record("command", forge, job, settings, output, root=root)
""",
}


def _checkouts(repository: Repository) -> set[str]:
    """How the workflows of a repository call the action that checks it out."""
    files = (repository.root / ".github" / "workflows").glob("*.yml")
    return {
        name for file in files for name in re.findall(r"actions/checkout@[\w.]+", file.read_text("utf-8"))
    }


def copy_action(folder: Path) -> None:
    """Fill a folder with the action, as an archive on Windows leaves it: a link is a file. Recorders are in it."""
    shutil.copy2(ROOT / "action.yml", folder)
    for name in ("gaebot", "hooks"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=ignored)
    (folder / "gaebot" / "hooks").unlink()
    for name in ("commands", "review", "fixups"):
        shutil.rmtree(folder / "gaebot" / "bot" / name, ignore_errors=True)
    write_tree(folder, {**RECORDERS, "gaebot/hooks": "../hooks"})


@dataclass(frozen=True)
class Run:
    """What a run of act came to: whether it failed, its log, and what it took for commands of the steps."""

    failed: bool
    lines: tuple[str, ...]
    commands: tuple[dict[str, Any], ...]
    artifacts: Path

    @property
    def log(self) -> str:
        """What was printed."""
        return "\n".join(self.lines)

    def said(self, command: str) -> list[str]:
        """The texts of the commands of a kind ('error'), each once and in order."""
        key = "content" if command == "summary" else "arg"
        return list(dict.fromkeys(one[key] for one in self.commands if one["command"] == command))

    def outputs(self) -> dict[str, str]:
        """The last value of each output."""
        return {one["name"]: one["arg"] for one in self.commands if one["command"] == "set-output"}

    def recorded(self) -> list[dict[str, Any]]:
        """What recorders were called with, in order."""
        return [json.loads(line.partition("recorded ")[2]) for line in self.lines if "recorded {" in line]


def run_act(
    repository: Repository,
    workplace: Path,
    event: str,
    payload: Mapping[str, Any],
    *,
    action: Path,
    name: str = "octo/gaebot@v1",
    token: str = "a-secret",  # noqa: S107 - which opens nothing
    **variables: str,
) -> Run:
    """Run the workflows of a repository for an event. `name` is what they call the action."""
    artifacts = workplace / "artifacts"
    artifacts.mkdir(parents=True, exist_ok=True)
    (workplace / "event.json").write_text(json.dumps(payload), encoding="utf-8")
    command = [Path(sys.executable).with_name("act"), event, "--json", "--no-cache-server"]
    command += [
        "-P",
        "ubuntu-latest=-self-hosted",
        "-e",
        workplace / "event.json",
        "-s",
        f"GITHUB_TOKEN={token}",
    ]
    command += ["--action-cache-path", workplace / "cache", "--local-repository", f"{name}={action}"]
    for used in [*USED, *_checkouts(repository)]:
        folder = workplace / used.partition("@")[0]
        write_tree(folder, {"action.yml": STAND_INS[used.partition("@")[0]]})
        command += ["--local-repository", f"{used}={folder}"]
    given = {
        "GITHUB_API_URL": "http://127.0.0.1:9",
        "GITHUB_REPOSITORY": "octo/demo",
        "PYTHON_OF_THE_TESTS": sys.executable,
        "REPOSITORY_OF_THE_TEST": str(repository.root),
        "ARTIFACTS": str(artifacts),
        **variables,
    }
    for variable, value in given.items():
        command += ["--env", f"{variable}={value}"]
    home = {"HOME": str(workplace), "XDG_CONFIG_HOME": str(workplace / "xdg")}
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "RUNNER_"))}
    try:
        done = subprocess.run(
            command,
            cwd=repository.root,
            env={**kept, **home},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=300,
        )
    finally:
        shutil.rmtree(workplace / "cache", ignore_errors=True)  # act leaves the checkouts of failed jobs
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert told, done.stderr
    lines = [re.sub(r"\x1b\[[\d;]*m", "", str(entry.get("msg", ""))).rstrip("\n") for entry in told]
    commands = [entry for entry in told if "command" in entry]
    return Run(done.returncode != 0, tuple(lines), tuple(commands), artifacts)
