"""What a hook is called with: the options of the user's configuration, then names of files."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Sequence

from gaebot import disk

_WITH_VALUE = (
    "--add-ignores",
    "--baseline-file",
    "--config",
    "--fail-on",
    "--format",
    "--ignore",
    "--output",
    "--report",
    "--select",
    "--stdin-filename",
    "--to",
)
_FLAGS = frozenset({"--baseline"})  # what is whole, though a longer option begins like it


def split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """The options, with their values, and the files.

    A file whose name begins like an option is a file when it exists: the tools give names as they are.
    Its name comes with `./` in front, so that nobody after this takes it for an option.
    """
    options: list[str] = []
    files: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            files += map(_as_path, rest)
        elif not argument.startswith("-") or os.path.lexists(argument):
            files.append(_as_path(argument))
        else:
            options.append(argument)
            if _takes_value(argument):
                options += [value for value in [next(rest, None)] if value is not None]
    return options, files


def _takes_value(option: str) -> bool:
    """Whether the next argument belongs to an option, which may be shortened as argparse allows it."""
    is_flag = option in _FLAGS or len(option) <= 2
    return not is_flag and any(name.startswith(option) for name in _WITH_VALUE)


def _as_path(name: str) -> str:
    return f"./{name}" if name.startswith("-") else name


def owned(files: Iterable[str]) -> list[str]:
    """Those files that belong to an app of the repository, which is the current folder, in order.

    Left out are files that are gone, and those without an app, or with one whose folder is not below the
    current one. The order makes the reports of equal runs equal: the tools shuffle the files.
    """
    known: dict[str, bool] = {}
    found = []
    for file in sorted(filter(None, files)):
        # The files of a folder have the same owner; a folder stands for the apps below it.
        key = posixpath.dirname(file) if os.path.isfile(file) else f"{file}/."
        if key not in known:
            known[key] = _has_app(file)
        if known[key]:
            found.append(file)
    return found


def _has_app(path: str) -> bool:
    """Whether there is an app at or around a path that lies in the current folder."""
    try:
        targets = disk.find_targets([path])
    except disk.NoAppError:
        return False
    here = os.path.realpath(".")
    roots = [os.path.realpath(target.root or ".") for target in targets]
    return all(root == here or root.startswith(here.rstrip(os.sep) + os.sep) for root in roots)
