"""The apps that damage is done to, and what comes of it: the same app for the same seed and number."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random

from gaebot.disk import find_apps
from gaebot.paths import is_yaml, may_be_page
from gaebot.rule import discover
from tests.fuzz.mutations import mutate
from tests.hostile_apps import BROKEN, ODD
from tests.rules.helpers import HOP

APPS = Path(__file__).parents[1] / "apps"

MOST_FILES = 6
LARGEST_FILE = 40_000
_NEVER = frozenset({".git", "node_modules", "__pycache__"})
_NAMES = ("main.py", "app.yaml", "cron.yaml", "queue.yaml", "index.yaml", "appengine_config.py", "a/__init__.py", "a/main.py",
          "app.yaml.example", "index.html", "backends.yaml", "dos.yaml", "dispatch.yaml", "main.py/x.py", "caf\u00e9.py", "-x.py")  # fmt: skip

Files = dict[str, bytes]


@dataclass(frozen=True)
class RealApp:
    """An app on disk, of which a few files are taken: its folder, and the files that gaebot would read."""

    root: str
    paths: tuple[str, ...]

    def some(self, random: Random) -> Files:
        """A few files of the app, those that say what it is among them."""
        wanted = [path for path in self.paths if "/" not in path and is_yaml(path)][:3]
        rest = [path for path in self.paths if path not in wanted]
        wanted += random.sample(rest, min(len(rest), random.randint(1, MOST_FILES - 2)))
        return {path: Path(self.root, path).read_bytes() for path in wanted}


class Seeds:
    """What apps are made of: the examples of the rules, the odd apps of the tests, and apps on disk.

    `seed` decides which apps come of it.
    """

    def __init__(self, seed: str, folders: Iterable[str] = ()) -> None:
        self._seed = seed
        self.small: list[Files] = [dict(rule.page.files()) for rule in discover(HOP)]
        self.odd: list[Files] = [dict(files) for files in (*ODD.values(), *BROKEN.values()) if files]
        self.real = [app for folder in (str(APPS), *folders) for app in _real_apps(folder)]

    @cached_property
    def _all_small(self) -> list[bytes]:
        return [data for files in self.small for data in files.values()]

    def app(self, number: int) -> Files:
        """The files of one damaged app."""
        random = Random(f"{self._seed}/{number}")
        files = self._whole(random)
        others = self._others(random)
        paths = sorted(files)
        for path in random.sample(paths, random.randint(1, len(paths))):
            files[path] = mutate(random, files[path], others)
        if random.random() < 0.1:
            _move(random, files)
        return {path: data for path, data in files.items() if _is_possible(path, files)}

    def _whole(self, random: Random) -> Files:
        kind = random.random()
        if kind < 0.4:
            return dict(random.choice(self.small))
        if kind < 0.55:
            return {**random.choice(self.small), **random.choice(self.small), **random.choice(self.small)}
        if kind < 0.6:
            return dict(random.choice(self.odd))
        files = random.choice(self.real).some(random)
        return files if kind < 0.9 else {**files, **random.choice(self.small)}

    def _others(self, random: Random) -> list[bytes]:
        real = random.choice(self.real).some(random)
        return [*random.sample(self._all_small, 3), *real.values()]


def _real_apps(folder: str) -> list[RealApp]:
    found = []
    for root in find_apps(folder):
        paths = tuple(sorted(_paths(root or ".")))
        if paths:
            found.append(RealApp(root or ".", paths))
    return found


def _paths(root: str) -> Iterable[str]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in _NEVER]
        for name in names:
            file = Path(folder, name)
            path = file.relative_to(root).as_posix()
            is_read = name.endswith(".py") or is_yaml(path) or may_be_page(path)
            if is_read and not file.is_symlink() and file.is_file() and file.stat().st_size <= LARGEST_FILE:
                yield path


def _move(random: Random, files: Files) -> None:
    """A file gets another name, or stands there twice."""
    path, name = random.choice(sorted(files)), random.choice(_NAMES)
    files[name] = files[path] if random.random() < 0.5 else files.pop(path)


def _is_possible(path: str, files: Mapping[str, bytes]) -> bool:
    """Whether no file of the app would have to be a folder at the same time."""
    return not any(other.startswith(f"{path}/") for other in files)


def shrunk(files: Files, is_bad: Callable[[Files], bool], seconds: float = 60.0) -> Files:
    """A smaller app that is bad in the same way: files, then lines are left out as long as it stays so."""
    give_up = time.monotonic() + seconds
    for path in sorted(files):
        fewer = {name: data for name, data in files.items() if name != path}
        if is_bad(fewer):
            files = fewer
    for splitter in (_lines, _letters):
        for path in sorted(files):
            files = _with_fewer(
                files, path, splitter(files[path]), lambda app: time.monotonic() < give_up and is_bad(app)
            )
    return files


def _with_fewer(files: Files, path: str, parts: Sequence[bytes], is_bad: Callable[[Files], bool]) -> Files:
    size = max(1, len(parts) // 2)
    while size:
        start = 0
        while start < len(parts):
            fewer = [*parts[:start], *parts[start + size :]]
            if is_bad({**files, path: b"".join(fewer)}):
                parts = fewer
            else:
                start += size
        size //= 2
    return {**files, path: b"".join(parts)}


def _lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def _letters(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))] if len(data) < 3_000 else [data]
