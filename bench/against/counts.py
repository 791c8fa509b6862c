"""How many files of a tree a program reads, and how many its parser takes, in a run that is not timed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from against import measure
from against.digests import digests_of
from against.environment import Environment
from against.programs import Program

COUNTING = Path(__file__).parent / "counting"


def count(  # noqa: PLR0917 - one of each
    program: Program,
    environment: Environment,
    folder: Path,
    variables: Mapping[str, str],
    limit: float,
    output: Path,
) -> dict[str, int] | None:
    """Files that are read and parsed; None when it can't be told.

    The `.py` and the `.yaml` files below the folder count that the program opens, and the `.py` files whose
    text its parser takes without an exception. Of ruff, which is no Python, its own words count: the files
    that it shows, and those of them without `invalid-syntax`.
    """
    files = python_files(folder)
    command = program.command(environment, files)
    if not program.parser:
        return count_ruff(command, folder, variables, limit, output)
    log = output.with_name("count.log")
    log.unlink(missing_ok=True)
    watched = {"PYTHONPATH": str(COUNTING), "COUNT_LOG": str(log), "COUNT_PARSER": program.parser}
    contents = {path: (folder / path).read_bytes() for path in files}
    done = measure.run(command, folder, {**variables, **watched}, limit, output)
    if done.is_over or not log.is_file():
        return None
    lines = log.read_bytes().decode("utf-8", "surrogateescape").splitlines()
    return {
        "read": len(read(lines, folder, ".py")),
        "yaml": len(read(lines, folder, ".yaml")),
        "parsed": parsed(lines, contents.values()),
    }


def count_ruff(
    command: list[str], folder: Path, variables: Mapping[str, str], limit: float, output: Path
) -> dict[str, int] | None:
    """As `count`, by what ruff prints."""
    done = measure.run([*command, "--show-files"], folder, variables, limit, output)
    shown = {line for line in output.read_text("utf-8", "replace").splitlines() if line.endswith(".py")}
    found = measure.run(command, folder, variables, limit, output)
    if done.is_over or found.is_over:
        return None
    with output.open(encoding="utf-8", errors="replace") as lines:
        broken = {match.group(1) for line in lines if (match := _BROKEN.match(line))}
    return {"read": len(shown), "yaml": 0, "parsed": len(shown) - len(broken)}


_BROKEN = re.compile(r"(.+?):\d+:\d+: (?:invalid-syntax|E902)\b")


def read(lines: Iterable[str], folder: Path, ending: str) -> set[str]:
    """The files below a folder that a log says were opened, as its lines."""
    start = f"read {folder.resolve()}/"
    return {line for line in lines if line.startswith(start) and line.endswith(ending)}


def parsed(lines: Iterable[str], contents: Iterable[bytes]) -> int:
    """How many of the files with these contents a log says were parsed.

    A parser is given texts, not files. Files with the same text count as often as that text was parsed.
    """
    calls = Counter(line.removeprefix("parsed ") for line in lines if line.startswith("parsed "))
    files = Counter(digests_of(data) for data in contents)
    return sum(min(number, max(calls[name] for name in names)) for names, number in files.items())


def python_files(folder: Path) -> list[str]:
    """The Python files below a folder, links left aside, as paths in it."""
    found = (path for path in folder.rglob("*.py") if path.is_file() and not path.is_symlink())
    return sorted(path.relative_to(folder).as_posix() for path in found)
