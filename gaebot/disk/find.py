"""Where the apps are that a path means."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from gaebot import limits
from gaebot.disk.files import UnfitError, is_inside, read_file, reason
from gaebot.disk.walk import Walk
from gaebot.paths import is_main, is_template, parents
from gaebot.service import is_service
from gaebot.syntax.yaml import YamlFile
from gaebot.text import SourceFile
from gaebot.vendored import find_vendored


class NoAppError(FileNotFoundError):
    """There is no App Engine app at a path. The text names the path and the way out."""


class Target(NamedTuple):
    """An app to look at.

    `root` is its folder as the caller named it, empty for the current one. `focus` holds the paths,
    relative to the root, that the caller asked about: files or folders; empty means the whole app.
    """

    root: str
    focus: frozenset[str] = frozenset()


def find_targets(paths: Iterable[str]) -> tuple[Target, ...]:
    """The apps behind some paths, each once, in the order of the paths.

    A file stands for the app that owns it, with the file as focus. Raises `NoAppError` for a path
    that does not exist or has no app.
    """
    roots: dict[str, str] = {}
    focuses: dict[str, set[str] | None] = {}
    for path in paths:
        for root, focus in _find(path):
            real = os.path.realpath(root or ".")
            roots.setdefault(real, root)
            known = focuses.setdefault(real, set())
            if focus is None or known is None:
                focuses[real] = None
            else:
                known.add(focus)
    return tuple(Target(root, frozenset(focuses[real] or ())) for real, root in roots.items())


def find_owner(path: str) -> Target:
    """The app that owns a file, which need not exist, with the file as focus. Raises `NoAppError`."""
    owner = _owner(path, is_folder=False)
    if owner is None:
        raise NoAppError(f"{path} belongs to no App Engine app: there is no app.yaml beside it or above it.")
    focus = os.path.relpath(os.path.abspath(path), os.path.abspath(owner or "."))
    return Target(owner, frozenset([focus.replace(os.sep, "/")]))


def find_apps(path: str) -> list[str]:
    """The app roots at or below a folder, or the one that owns a file.

    They are named as the caller would: relative to the current folder (which is empty) where they
    lie below it. A root is a folder with an app.yaml or app.yml. Where there is none around, a folder with
    another service file (`runtime:` and `handlers:`) or a template of an app.yaml counts. Apps
    inside bundled third-party code are left out. Raises `NoAppError`.
    """
    return [root for root, _ in _find(path)]


def _find(path: str) -> list[tuple[str, str | None]]:
    """App roots, each with the focus (a path relative to it) that `path` means there, or None."""
    try:
        mode = os.stat(path or ".").st_mode
    except OSError as error:
        raise NoAppError(f"{path} can't be opened ({reason(error)}): name a folder or a file.") from None
    except ValueError:
        raise NoAppError(f"{path!r} is no path: name a folder or a file.") from None
    if stat.S_ISDIR(mode):
        roots = _roots_below(path)
        if roots:
            return [(root, None) for root in roots]
    elif not stat.S_ISREG(mode):
        raise NoAppError(f"{path} is neither a file nor a folder: name the folder of an app.")
    owner = _owner(path, is_folder=stat.S_ISDIR(mode))
    if owner is None:
        where = "in it or below it" if stat.S_ISDIR(mode) else "beside it or above it"
        raise NoAppError(
            f"{path} is no App Engine app: there is no app.yaml {where}. "
            "Name the folder that holds the app.yaml."
        )
    focus = os.path.relpath(os.path.abspath(path), os.path.abspath(owner or "."))
    return [(owner, focus.replace(os.sep, "/"))]


def _roots_below(path: str) -> list[str]:
    """The app roots at or below a folder, outermost first."""
    walk = Walk(path)
    strong = {posixpath.dirname(entry) for entry in walk.everything if is_main(entry)}
    roots = set(strong)
    for file in sorted(walk.files, key=lambda file: (file.count("/"), file)):
        folder = posixpath.dirname(file)
        inside = any(parent in roots for parent in (folder, *parents(folder), ""))
        if not inside and _is_root_marker(os.path.join(path or ".", file), file):
            roots.add(folder)
    return [
        _name(os.path.join(path or ".", root))
        for root in sorted(roots, key=lambda root: root.split("/"))
        if not any(
            _is_bundled(root, outer, walk.files)
            for outer in (*parents(root), "")
            if outer in roots and outer != root
        )
    ]


def _is_bundled(root: str, outer: str, files: list[str]) -> bool:
    """Whether an app root lies inside third-party code that the app around it carries along."""
    start = f"{outer}/" if outer else ""
    vendored = find_vendored(file.removeprefix(start) for file in files if file.startswith(start))
    return any(folder.removeprefix(start) in vendored for folder in parents(root))


def _owner(path: str, *, is_folder: bool) -> str | None:
    """The app root around a file or folder: the nearest with app.yaml, else the nearest other."""
    here = Path(os.path.abspath(path))
    folders = [here, *here.parents] if is_folder else list(here.parents)
    for is_root in (_holds_main, _holds_marker):
        for folder in folders:
            if is_root(folder):
                found = str(folder) if os.path.isabs(path) else os.path.relpath(folder)
                return _name(found)
    return None


def _holds_main(folder: Path) -> bool:
    return any(os.path.lexists(folder / name) for name in ("app.yaml", "app.yml"))


def _holds_marker(folder: Path) -> bool:
    try:
        names = os.listdir(folder)
    except OSError:
        return False
    return any(_is_root_marker(str(folder / name), name) for name in names)


def _is_root_marker(path: str, name: str) -> bool:
    """Whether a file makes its folder an app root where there is no app.yaml."""
    if is_template(name):
        return True
    if not name.endswith((".yaml", ".yml")):
        return False
    try:
        data = read_file(path, limits.MAX_YAML_BYTES)
    except (OSError, UnfitError):
        return False
    return is_service(YamlFile(SourceFile(name, data)))


def _name(path: str) -> str:
    """A folder as the caller would name it: relative where it lies below the current folder."""
    if os.path.isabs(path) and is_inside(path, os.getcwd()):
        path = os.path.relpath(path)
    name = posixpath.normpath(path.replace(os.sep, "/"))
    return "" if name == "." else name


def git_prefix(root: str) -> str:
    """The path by which a patch must call an app root so that `git apply` finds it.

    Relative to the top of the git repository around it; without one, relative to the current folder
    when the root lies below it, else empty. `git apply` reads it so from anywhere in the repository.
    """
    here = Path(os.path.realpath(root or "."))
    for folder in (here, *here.parents):
        if os.path.lexists(folder / ".git"):
            return _relative(here, folder)
    current = Path(os.path.realpath("."))
    return _relative(here, current) if is_inside(str(here), str(current)) else ""


def _relative(path: Path, start: Path) -> str:
    name = path.relative_to(start).as_posix()
    return "" if name == "." else name
