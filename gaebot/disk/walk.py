"""What lies below a folder, by name, and where its symbolic links lead."""

from __future__ import annotations

import errno
import os
import posixpath
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field

from gaebot import limits
from gaebot.disk.files import is_inside, reason
from gaebot.disk.journal import FOLDER
from gaebot.finding import Failure
from gaebot.paths import is_main, is_yaml

# Folders that hold no code of the app: version control, installed packages, caches, what gaebot writes.
_NEVER_WALKED = frozenset({
    ".git", ".hg", ".svn", ".bzr", "CVS", "node_modules", "bower_components",
    "__pycache__", ".tox", ".nox", ".eggs", ".mypy_cache", ".pytest_cache", ".ruff_cache", FOLDER,
})  # fmt: skip
# What a virtual environment always holds.
_ENVIRONMENT_FILES = ("pyvenv.cfg", "bin/activate", "Scripts/activate")


def is_wanted(path: str) -> bool:
    """Whether a file is read: Python, YAML, or a template of an app.yaml."""
    return is_python(path) or is_yaml(path)


def is_python(path: str) -> bool:
    """Whether a file is Python source."""
    return path.endswith(".py")


class Walk:
    """What lies below a folder: names only, relative to it, with forward slashes.

    `files` are plain files, `links` symbolic links of any kind. `failures` are folders that can't
    be walked, `oddities` entries that are no files: pipes, devices, a folder called app.yaml.
    """

    def __init__(self, root: str, *, stop_at_apps: bool = False) -> None:
        self.files: list[str] = []
        self.links: list[str] = []
        self.folders: set[str] = {""}
        self.failures: list[Failure] = []
        self.oddities: list[Failure] = []
        self._root = root or "."
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            entries = self._entries(folder)
            if folder and stop_at_apps and any(is_main(entry.name) for entry in entries):
                continue
            self.folders.add(folder)
            for entry in sorted(entries, key=lambda entry: entry.name, reverse=True):
                path = posixpath.join(folder, entry.name)
                if len(self.files) + len(self.links) >= limits.MAX_FILES:
                    message = (
                        f"There are more than {limits.MAX_FILES:,} files, and the rest was not looked at; "
                        "name the folders of the apps, or move elsewhere what is no part of them."
                    )
                    self.failures.append(Failure(message, folder))
                    return
                if self._sort_in(entry, path):
                    waiting.append(path)

    @property
    def everything(self) -> Iterator[str]:
        """Every path that is not a plain folder, whatever it is."""
        yield from self.files
        yield from self.links
        yield from (failure.path for failure in self.oddities)

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        if folder.count("/") >= limits.MAX_FOLDER_DEPTH:
            message = (
                f"Folders are nested more than {limits.MAX_FOLDER_DEPTH} deep, and this one was not walked; "
                "move what is in it further up."
            )
            self.failures.append(Failure(message, folder))
            return []
        try:
            with os.scandir(os.path.join(self._root, folder)) as entries:
                found = list(entries)
        except OSError as error:
            message = f"This folder can't be opened ({reason(error)}); make it readable."
            self.failures.append(Failure(message, folder))
            return []
        return [] if folder and self._is_environment(folder, found) else found

    def _is_environment(self, folder: str, entries: list[os.DirEntry[str]]) -> bool:
        names = {entry.name for entry in entries}
        return any(
            file.partition("/")[0] in names and os.path.lexists(os.path.join(self._root, folder, file))
            for file in _ENVIRONMENT_FILES
        )

    def _sort_in(self, entry: os.DirEntry[str], path: str) -> bool:
        """Note an entry; whether it is a folder to walk."""
        try:
            if entry.is_symlink():
                self.links.append(path)
            elif entry.is_dir(follow_symlinks=False):
                if is_main(entry.name):
                    message = "This is a folder, not a file; give it another name."
                    self.oddities.append(Failure(message, path))
                return entry.name not in _NEVER_WALKED
            elif entry.is_file(follow_symlinks=False):
                self.files.append(path)
            else:
                message = "This is not a plain file (a pipe, a socket or a device); remove it from the app."
                self.oddities.append(Failure(message, path))
        except OSError as error:
            message = f"This can't be looked at ({reason(error)}); make it readable."
            self.failures.append(Failure(message, path))
        return False


@dataclass
class Links:
    """Where the symbolic links of an app lead.

    `files` maps each file to read that stands behind a link to its real path on disk: such a file
    is read, but never written. `others` are files behind links that nobody reads. A link to a
    folder of the app stands for the files below it, but not for those behind further links.
    """

    root: str
    walk: Walk
    files: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def __post_init__(self) -> None:
        real_root = os.path.realpath(self.root)
        for path in self.walk.links:
            link = os.path.join(self.root, path)
            try:
                mode = os.stat(link).st_mode
            except OSError as error:
                if error.errno == errno.ELOOP or is_wanted(path):
                    self._refuse(path, "leads in a circle" if error.errno == errno.ELOOP else "leads nowhere")
                continue
            target = os.path.realpath(link)
            if stat.S_ISDIR(mode):
                self._add_folder(path, target, real_root)
            elif not stat.S_ISREG(mode):
                self._refuse(path, "leads to something that is not a plain file")
            elif not is_wanted(path):
                self.others.append(path)
            elif is_inside(target, real_root):
                self.files[path] = target
            else:
                self._refuse(path, "leads out of the app")

    def _add_folder(self, path: str, target: str, real_root: str) -> None:
        if not is_inside(target, real_root):
            self._refuse(path, "leads out of the app")
            return
        inner = os.path.relpath(target, real_root).replace(os.sep, "/")
        if inner == "." or f"{path}/".startswith(f"{inner}/"):
            self._refuse(path, "leads to a folder around itself")
            return
        for file in self.walk.files:
            if file.startswith(f"{inner}/"):
                alias = path + file[len(inner) :]
                if len(self.files) + len(self.others) >= limits.MAX_FILES:
                    return
                if is_wanted(alias):
                    self.files[alias] = os.path.join(real_root, file)
                else:
                    self.others.append(alias)

    def _refuse(self, path: str, why: str) -> None:
        message = f"This link {why} and was not followed; put the real thing there or remove the link."
        self.failures.append(Failure(message, path))
