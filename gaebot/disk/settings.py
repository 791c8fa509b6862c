"""Where a team says how its apps are checked: `.gaebot.yaml`, and the baseline."""

from __future__ import annotations

import os
from pathlib import Path

from gaebot import baseline, config, limits
from gaebot.baseline import Baseline, BaselineError, parse_baseline
from gaebot.config import Config, ConfigError, parse_config
from gaebot.disk.files import UnfitError, is_inside, read_file, reason
from gaebot.disk.write import WriteRefusedError, write_changes
from gaebot.engine import Change
from gaebot.text import SourceFile


def find_config(root: str) -> Config:
    """The settings for the app in a folder: of the nearest `.gaebot.yaml`, in it or above it.

    The search ends at the top of the git repository around the app; where there is none, at the current
    folder if the app lies below it, else at the app itself. Raises `ConfigError`.
    """
    here = Path(os.path.realpath(root or "."))
    last = _last_folder(here)
    for folder in (here, *here.parents):
        path = folder / config.FILE
        if os.path.lexists(path):
            return read_config(_shown(path), root)
        if folder == last:
            break
    return Config()


def read_config(path: str, root: str) -> Config:
    """The settings in a file, for the app in a folder. Raises `ConfigError`."""
    try:
        data = read_file(path, limits.MAX_YAML_BYTES)
    except (OSError, UnfitError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise ConfigError(f"{path} can't be read ({why}): make it a readable file.") from None
    return parse_config(SourceFile(path, data), relative_path(root or ".", os.path.dirname(path) or "."))


def baseline_path(root: str) -> str:
    """Where the baseline of the app in a folder is by default: at the top of its git repository.

    Without a repository, that is the current folder.
    """
    here = Path(os.path.realpath(root or "."))
    top = _repository(here) or Path(os.path.realpath("."))
    return _shown(top / baseline.FILE)


def read_baseline(path: str) -> Baseline:
    """The baseline in a file. Raises `BaselineError`."""
    try:
        data = read_file(path, limits.MAX_FILE_BYTES)
    except FileNotFoundError:
        raise BaselineError(f"There is no baseline at {path}: write one with `gaebot baseline`.") from None
    except (OSError, UnfitError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise BaselineError(f"The baseline {path} can't be read ({why}): make it a readable file.") from None
    return parse_baseline(SourceFile(path, data))


def write_baseline(path: str, text: str) -> bool:
    """Write a baseline, if it says something else than before; whether it does. Raises `BaselineError`."""
    folder, name = os.path.split(path)
    try:
        old = read_file(path, limits.MAX_FILE_BYTES) if os.path.lexists(path) else None
        if old == text.encode():
            return False
        write_changes(folder, [Change(name, old, text.encode())])
    except (OSError, UnfitError, WriteRefusedError) as error:
        raise BaselineError(f"The baseline {path} can't be written: {error}") from None
    return True


def exists(path: str) -> bool:
    """Whether there is something at a path, be it a link that leads nowhere."""
    return os.path.lexists(path)


def relative_path(path: str, folder: str) -> str:
    """A path relative to a folder, with forward slashes; empty for the folder itself."""
    name = os.path.relpath(os.path.realpath(path), os.path.realpath(folder or ".")).replace(os.sep, "/")
    return "" if name == "." else name


def repository_path(root: str) -> str:
    """The path of a folder in its git repository; as the caller named it where there is none."""
    here = Path(os.path.realpath(root or "."))
    top = _repository(here)
    return root if top is None else relative_path(root or ".", str(top))


def _repository(folder: Path) -> Path | None:
    return next((each for each in (folder, *folder.parents) if os.path.lexists(each / ".git")), None)


def _last_folder(folder: Path) -> Path:
    """Where the search for settings ends, which begins in a folder."""
    current = Path(os.path.realpath("."))
    return _repository(folder) or (current if is_inside(str(folder), str(current)) else folder)


def _shown(path: Path) -> str:
    """A path as the caller would name it: relative where it lies below the current folder."""
    current = os.path.realpath(".")
    name = os.path.relpath(path, current) if is_inside(str(path), current) else str(path)
    return name.replace(os.sep, "/")
