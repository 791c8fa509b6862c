"""The trees that the programs are run on: copies, so that none of them changes what another one reads."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from synthetic import write_app

from against.counts import python_files

EXAMPLES = Path(__file__).parents[2] / "tests" / "apps"
START = 10  # modules of the smallest synthetic app, whose time and memory are taken for those of the start
# Settings of the programs, which would make them leave out files or rules, and what is no source.
LEFT_OUT = (
    ".git",
    ".hg",
    ".svn",
    "__pycache__",
    "*.pyc",
    ".gitignore",
    ".gaebot.yaml",
    ".gaebot-baseline.json",
    "pyproject.toml",
    "ruff.toml",
    ".ruff.toml",
    "fixit.toml",
    ".fixit.toml",
    ".fixit.config.yaml",
    "setup.cfg",
)


@dataclass(frozen=True)
class Tree:
    """A folder with its Python files; `modules` is the size of a synthetic app, 0 for other trees."""

    name: str
    folder: Path
    files: tuple[str, ...]
    bytes: int
    modules: int = 0


def copied(name: str, source: Path, folder: Path) -> Tree:
    """The copy of a tree without settings of the programs."""
    copy(source, folder)
    return _tree(name, folder)


def copy(source: Path, folder: Path) -> None:
    """Copy a tree; links stay links."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))


def synthetic(modules: int, folder: Path) -> Tree:
    """A synthetic app that Python 2.7 and Python 3 can parse."""
    write_app(folder, modules, "both")
    return _tree(f"synthetic, {modules:,} modules", folder, modules)


def all_trees(work: Path, *, examples: bool, named: Iterable[Path], sizes: Iterable[int]) -> list[Tree]:
    """The trees that are asked for, below a folder. The synthetic ones begin with the start."""
    trees = [copied("example apps", EXAMPLES, work / "examples")] if examples else []
    for number, path in enumerate(named):
        trees.append(copied(str(path), path.resolve(), work / f"tree{number}"))
    sizes = sorted({*sizes})
    trees += [synthetic(size, work / f"synthetic{size}") for size in ([START] if sizes else [])]
    return trees + [synthetic(size, work / f"synthetic{size}") for size in sizes if size != START]


def _tree(name: str, folder: Path, modules: int = 0) -> Tree:
    files = tuple(python_files(folder))
    return Tree(name, folder, files, sum((folder / path).stat().st_size for path in files), modules)
