"""The programs that are compared: how each is called, and how it is seen that it did its work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from against.environment import Environment

HERE = Path(__file__).parent
CHECK = "gaebot check"
FIX = "gaebot fix"
PARSER = "tree-sitter"
PYUPGRADE = "pyupgrade"
FIXIT = "fixit"
FIXIT_ALONE = "fixit, one process"

Command = Callable[[Environment, Sequence[str]], list[str]]


@dataclass(frozen=True)
class Seen:
    """What a run shows: how many lines tell of its work, and the last of them; its exit code; its files."""

    count: int
    last: re.Match[str] | None
    code: int
    files: int


@dataclass(frozen=True, eq=False)
class Program:
    """One program, called in the folder of a tree.

    `command` makes the call from the environment and the tree's Python files. `seen` is a pattern for the
    lines that tell its work, and `told` makes a few words of what was seen; it raises ValueError where that
    shows that the work was not done. `writes` says that it changes the tree, and `parser` is the one whose
    work is counted.
    """

    name: str
    packages: tuple[str, ...]
    command: Command
    seen: re.Pattern[str]
    told: Callable[[Seen], str]
    codes: frozenset[int] = frozenset({0, 1})
    parser: str = ""
    writes: bool = False
    counts_as: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    about: str = ""

    def evidence(self, lines: Iterable[str], code: int, files: int) -> str:
        """What it did, in a few words, from what it printed. ValueError: it did not do its work."""
        end: list[str] = []
        count, last = 0, None
        for line in lines:
            end = [*end[-2:], line.strip()]
            if match := self.seen.search(line):
                count, last = count + 1, match
        if code not in self.codes:
            raise ValueError(f"it ended with {code}: {' '.join(end)}"[:300])
        return self.told(Seen(count, last, code, files))


def _gaebot(what: str) -> Command:
    def command(environment: Environment, _files: Sequence[str]) -> list[str]:
        return [environment.python, str(HERE / "gaebot_here.py"), what, "--isolated", "."]

    return command


def _script(name: str) -> Command:
    def command(environment: Environment, files: Sequence[str]) -> list[str]:
        return [environment.python, str(HERE / name), *files]

    return command


def _ruff(environment: Environment, _files: Sequence[str]) -> list[str]:
    options = ["--isolated", "--no-cache", "--select", "ALL", "--quiet", "--output-format", "concise"]
    return [environment.program("ruff"), "check", *options, "."]


def _pyupgrade(environment: Environment, files: Sequence[str]) -> list[str]:
    return [environment.program("pyupgrade"), "--py310-plus", *files]


def _django_upgrade(environment: Environment, files: Sequence[str]) -> list[str]:
    return [environment.program("django-upgrade"), "--check", "--target-version", "6.1", *files]


def _fixit(environment: Environment, _files: Sequence[str]) -> list[str]:
    return [environment.program("fixit"), "-c", str(HERE / "fixit.toml"), "lint", "."]


def _fixit_alone(environment: Environment, _files: Sequence[str]) -> list[str]:
    script = str(HERE / "fixit_alone.py")
    return [environment.python, script, "-c", str(HERE / "fixit.toml"), "lint", "."]


def _fissix(environment: Environment, _files: Sequence[str]) -> list[str]:
    return [environment.python, "-m", "fissix", "."]


def _summary(seen: Seen) -> str:
    """The last line that tells of the work, which there must be."""
    if seen.last is None:
        raise ValueError("it did not tell its result")
    return seen.last.group().rstrip(".")


def _all_files(seen: Seen) -> str:
    """As `_summary`, of a program that tells how many files there were: all, or it did not do its work."""
    text = _summary(seen)
    if seen.last is None or int(seen.last.group(1)) != seen.files:
        raise ValueError(f"there are {seen.files} files, and it tells: {text}")
    return text


def _counted(word: str) -> Callable[[Seen], str]:
    """How often something was told, of a program whose exit code says whether it was."""

    def told(seen: Seen) -> str:
        if bool(seen.count) != bool(seen.code):
            raise ValueError(f"it tells of {seen.count} {word}, and ends with {seen.code}")
        return f"{seen.count} {word}"

    return told


def _refactored(seen: Seen) -> str:
    """How many files fissix would change, which may be none whatever its exit code."""
    return f"{seen.count} to be rewritten"


_FOUND = re.compile(r"^(?:\d+ (?:error|warning|note)s?\b.*|Nothing to report.*)")
_FIXIT_SEEN = re.compile(r"(\d+) files? (?:checked, \d+ files? with errors|clean)")
_FIXIT_CODES = frozenset({0, 1, 2, 3})  # 1: findings, 2: files that it can't parse; with both 3

PROGRAMS = (
    Program(CHECK, (), _gaebot("check"), _FOUND, _summary, parser="tree_sitter", about="all rules"),
    Program(
        FIX, (), _gaebot("fix"), _FOUND, _summary, parser="tree_sitter", writes=True, about="the safe fixes"
    ),
    Program(
        PARSER,
        ("tree-sitter", "tree-sitter-python"),
        _script("parse_tree_sitter.py"),
        re.compile(r"^(\d+) files, \d+ without errors"),
        _all_files,
        codes=frozenset({0}),
        parser="tree_sitter",
        about="a script that reads and parses, and keeps nothing",
    ),
    Program(
        "LibCST",
        ("libcst",),
        _script("visit_libcst.py"),
        re.compile(r"^(\d+) files, \d+ without errors"),
        _all_files,
        codes=frozenset({0}),
        parser="libcst",
        about="a script that parses and visits each node with a visitor that does nothing",
    ),
    Program(
        PYUPGRADE,
        ("pyupgrade",),
        _pyupgrade,
        re.compile(r"^Rewriting |is non-utf-8"),
        _counted("rewritten or refused"),
        parser="ast",
        writes=True,
        about="--py310-plus; writes, as it has no other mode",
    ),
    Program(
        "django-upgrade",
        ("django-upgrade",),
        _django_upgrade,
        re.compile(r"^Would rewrite |is non-utf-8"),
        _counted("to be rewritten or refused"),
        parser="ast",
        about="--check, for Django 6.1: all its fixers; it leaves files early that import no Django",
    ),
    Program(
        "fissix (2to3)",
        ("fissix",),
        _fissix,
        re.compile(r"^RefactoringTool: Refactored "),
        _refactored,
        parser="fissix",
        about="all fixers but the optional ones; prints diffs and writes nothing",
    ),
    Program(
        FIXIT,
        ("fixit",),
        _fixit,
        _FIXIT_SEEN,
        _all_files,
        codes=_FIXIT_CODES,
        parser="libcst",
        about="lint with its default rules; as many processes as there are processors",
    ),
    Program(
        FIXIT_ALONE,
        ("fixit",),
        _fixit_alone,
        _FIXIT_SEEN,
        _all_files,
        codes=_FIXIT_CODES,
        counts_as=FIXIT,
        about="the same through a script, as it has no option for it",
    ),
    Program(
        "ruff",
        ("ruff",),
        _ruff,
        re.compile(r"^\S.*?:\d+:\d+: "),
        _counted("findings"),
        about="check with all rules, without its cache; as many threads as there are processors",
    ),
    Program(
        "ruff, one thread",
        ("ruff",),
        _ruff,
        re.compile(r"^\S.*?:\d+:\d+: "),
        _counted("findings"),
        environment={"RAYON_NUM_THREADS": "1"},
        counts_as="ruff",
        about="the same with RAYON_NUM_THREADS=1",
    ),
)
