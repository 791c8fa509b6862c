"""This repository as users' configurations name it, and repositories that use it.

The tests with real tools install the project as users do, which needs the package registry. Where that can't
be reached they skip and say why; with CI=true in the environment that is a failure instead. What is made for
the session is made once, whichever of pytest's processes needs it first.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hooks.repositories import REVISION, Repository, run

ROOT = Path(__file__).parents[2]
Once = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Gives a folder of the session by its name, which is filled on the first call in any process."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "hooks"
    shared.mkdir(exist_ok=True)

    def filled(name: str, fill: Callable[[Path], object]) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                done.touch()
        return folder

    return filled


@pytest.fixture(scope="session")
def registry(once: Once) -> None:
    """The package registry can be reached: what the project is built with can be fetched."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "hatchling"]
    done = run([*command, "--dest", once("registry", lambda _folder: None)])
    if done.returncode:
        reason = f"The package registry can't be reached: {done.stderr.strip()[-500:]}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def source(once: Once) -> Path:
    """A git repository with the files of this one as they are now, committed and tagged `REVISION`."""

    def fill(folder: Path) -> None:
        listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True).stdout.split(b"\0")
        for name in map(os.fsdecode, filter(None, names)):
            target = folder / name
            if os.path.lexists(ROOT / name):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, target, follow_symlinks=False)
        repository = Repository(folder)
        repository.git("add", "--all", "--force")
        repository.git("commit", "--quiet", "--message", "All of it")
        repository.git("tag", REVISION)

    return once("source", fill)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A git repository without files."""
    folder = tmp_path / "repository"
    folder.mkdir()
    return Repository(folder)


@pytest.fixture(scope="session")
def distributions(registry: None, source: Path, once: Once) -> Path:
    """A folder with the built sdist, and the wheel that is built of it."""

    def fill(folder: Path) -> None:
        done = run([sys.executable, "-m", "build", "--quiet", "--outdir", folder, source])
        assert done.returncode == 0, done.stdout + done.stderr

    return once("distributions", fill)


@pytest.fixture(scope="session")
def homes(registry: None, source: Path, once: Once) -> dict[str, str]:
    """The environment variables with which the tools find the hooks installed, at `REVISION`.

    pre-commit and prek keep each their own.
    """
    caches = once("caches", lambda _folder: None)
    variables = {"PRE_COMMIT_HOME": str(caches / "pre-commit"), "PREK_HOME": str(caches / "prek")}

    def fill(folder: Path) -> None:
        repository = Repository(folder, **variables)
        repository.configure(source, "gaebot", "gaebot-fix")
        for command in (["pre-commit", "install-hooks"], ["prek", "prepare-hooks"]):
            done = repository.tool(*command)
            assert done.returncode == 0, done.stdout + done.stderr

    once("installed", fill)
    return variables
