"""Runs the commands of README.md and docs/migrate.md, and writes into them what the commands print now.

    python scripts/console_blocks.py

In a block of the kind ```` ```console ```` each line that begins with `$ ` is a command, and what it prints
follows. A block ```` ```diff ```` is a change that is made by hand: it is applied with `git apply`. All of a
page runs in its order in one temporary folder, with the shell, and with git as it is without settings. The
tests of both pages use the functions of this script.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent

STARTS = {
    "README.md": ("tests/apps", "tests/apps"),
    "docs/migrate.md": ("tests/apps/cinema", "."),
}
"""The pages, and for each what its folder holds at first: a folder of the repository, and its place."""

_BLOCK = re.compile(r"^```(?P<kind>console|diff)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (?P<command>.*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)

# gaebot finds its width and its colours, and git its author, in the environment.
_SETTINGS = {
    "COLUMNS": "100",
    "LC_ALL": "C.UTF-8",
    "NO_COLOR": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "init.defaultBranch",
    "GIT_CONFIG_VALUE_0": "main",
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@example.com",
    "GIT_COMMITTER_NAME": "Ann",
    "GIT_COMMITTER_EMAIL": "ann@example.com",
}
# What gaebot says by its exit code is no failure of the page.
_EXPECTED_CODES = {"gaebot": (0, 1)}


@dataclass(frozen=True)
class Step:
    """A command or a change of a page.

    `command` is given to the shell; a change is `git apply`, with `patch` as its input. `output` is what the
    page says that it prints, and stands there from `start` to `end`.
    """

    command: str
    output: str
    start: int
    end: int
    patch: str = ""


def steps(text: str) -> list[Step]:
    """The commands and changes of a page, in their order."""
    found = []
    for block in _BLOCK.finditer(text):
        if block["kind"] == "diff":
            found.append(Step("git apply", "", block.end(), block.end(), block["body"]))
        else:
            commands = _COMMAND.finditer(text, block.start("body"), block.end("body"))
            found += [Step(one["command"], one["output"], *one.span("output")) for one in commands]
    return found


def play(page: str, workplace: Path) -> tuple[Path, list[str]]:
    """Run all of a page ('README.md'): the folder that it ran in, and what each step printed.

    `workplace` is an empty folder that lies in no repository.
    """
    source, place = STARTS[page]
    folder = workplace / "work"
    shutil.copytree(ROOT / source, folder / place, ignore=shutil.ignore_patterns("*.py[co]"))
    environment = _environment(workplace)
    return folder, [_run(step, folder, environment) for step in steps((ROOT / page).read_text("utf-8"))]


def rewritten(text: str, outputs: Iterable[str]) -> str:
    """A page with other outputs of its steps."""
    parts, last = [], 0
    for step, output in zip(steps(text), outputs, strict=True):
        parts += [text[last : step.start], output]
        last = step.end
    return "".join([*parts, text[last:]])


def _run(step: Step, folder: Path, environment: dict[str, str]) -> str:
    """What a step prints, and its exit code where it failed.

    Raises `ValueError` for a change that can't be made.
    """
    done = subprocess.run(
        ["/bin/sh", "-c", step.command],
        cwd=folder,
        env=environment,
        input=step.patch,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if done.returncode in _EXPECTED_CODES.get(step.command.partition(" ")[0], (0,)):
        return done.stdout
    if step.patch:
        raise ValueError(f"git does not apply this change: {done.stdout}{step.patch}")
    return f"{done.stdout}exit code {done.returncode}\n"


def _environment(workplace: Path) -> dict[str, str]:
    """What the commands run with: this gaebot on PATH, and no settings of whoever calls."""
    programs, home = workplace / "bin", workplace / "home"
    programs.mkdir()
    home.mkdir()
    # Not `python -m gaebot`: that would look for modules in the app first.
    (programs / "start.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom gaebot.cli import main\nsys.exit(main())\n"
    )
    program = programs / "gaebot"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{programs / "start.py"}" "$@"\n')
    program.chmod(0o755)
    path = os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)])
    return {**_SETTINGS, "PATH": path, "HOME": str(home)}


if __name__ == "__main__":
    for name in STARTS:
        with tempfile.TemporaryDirectory() as temporary:
            _, printed = play(name, Path(temporary))
        old = (ROOT / name).read_text("utf-8")
        (ROOT / name).write_text(rewritten(old, printed), encoding="utf-8")
