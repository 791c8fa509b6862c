"""Git repositories with hooks, and the tools that run them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.trees import write_tree

REVISION = "v0.0.0"
_IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "somebody"), ("EMAIL", "somebody@example.com"))
}


def run(
    command: Sequence[str | Path], cwd: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, in an environment that knows nothing of this checkout or of the user's git."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON", "PRE"))
    }
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **_IDENTITY}
    return subprocess.run(
        command,
        cwd=cwd,
        env={**kept, **quiet, **variables},
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=600,
        check=False,
    )


class Repository:
    """A git repository in a folder, with the environment variables that the tools run with."""

    def __init__(self, root: Path, **variables: str) -> None:
        self.root = root
        self.variables = variables
        self.git("init", "--quiet")

    def git(self, *arguments: str) -> str:
        """What git prints; it has to succeed."""
        done = self.try_git(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def try_git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run git."""
        return run(["git", *arguments], self.root, **self.variables)

    def tool(self, name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program that stands beside the Python that runs the tests."""
        return run([Path(sys.executable).parent / name, *arguments], self.root, **self.variables)

    def configure(self, source: Path, *hooks: str | Mapping[str, Any], revision: str = REVISION) -> None:
        """Write the configuration, with hooks named by their ids or told in full, and stage it."""
        told = [{"id": hook} if isinstance(hook, str) else dict(hook) for hook in hooks]
        repositories = [{"repo": str(source), "rev": revision, "hooks": told}]
        path = self.root / ".pre-commit-config.yaml"
        path.write_text(yaml.safe_dump({"repos": repositories}), encoding="utf-8")
        self.git("add", path.name)

    def stage(self, files: Mapping[str, str | bytes]) -> None:
        """Write files and stage them."""
        write_tree(self.root, files)
        self.git("add", "--all")

    def commit(self) -> subprocess.CompletedProcess[str]:
        """Try to commit what is staged."""
        return self.try_git("commit", "--message", "A change")

    def is_clean(self) -> bool:
        """Whether there is a commit and nothing differs from it."""
        return self.try_git("rev-parse", "HEAD").returncode == 0 and not self.git("status", "--porcelain")
