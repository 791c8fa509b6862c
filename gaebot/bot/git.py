"""What the bot asks git about a clone. Only objects are read: no hook, no filter, no network takes part."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import IO

from gaebot import limits

MOST_BYTES = 500_000_000
"""A larger commit is not unpacked."""

_SECONDS = 120
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_ENTRY = re.compile(
    rb"(?P<mode>\d+) (?P<type>\w+) (?P<sha>[0-9a-f]+) +(?P<size>\d+|-)\t(?P<path>.*)", re.DOTALL
)
_NOTHING = os.devnull
# What a clone may be set up to run is not run, and nobody else's settings count.
_OPTIONS = (
    *("-c", f"core.hooksPath={_NOTHING}", "-c", "core.fsmonitor=false"),
    *("-c", "safe.directory=*", "-c", "protocol.allow=never"),
)
_VARIABLES = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": _NOTHING,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


@dataclass(frozen=True)
class Entry:
    """A file of a commit. `path` is what git calls it, as the system decodes names."""

    path: str
    sha: str
    size: int


@dataclass(frozen=True)
class Clone:
    """The git repository in a folder, which need not be one: then nothing is known there."""

    folder: str

    def has(self, commit: str) -> bool:
        """Whether a commit is in it."""
        if _SHA.fullmatch(commit) is None:
            return False
        return self._ask("cat-file", "-e", f"{commit}^{{commit}}") is not None

    def file(self, commit: str, path: str) -> bytes | None:
        """The content of a file of a commit that it has, as it is stored; None where there is none."""
        return self._ask("cat-file", "blob", f"{commit}:{path}")

    def fork_point(self, commit: str) -> str | None:
        """Where what is checked out has left the line of another commit."""
        said = self._ask("merge-base", commit, "HEAD")
        return said.decode().strip() if said else None

    def entries(self, commit: str) -> tuple[Entry, ...]:
        """The plain files of a commit, without links and submodules."""
        said = self._ask("ls-tree", "-r", "-l", "-z", "--full-tree", commit)
        found = []
        for line in (said or b"").split(b"\0"):
            match = _ENTRY.fullmatch(line)
            if match and match["mode"] in {b"100644", b"100755"} and match["size"] != b"-":
                found.append(Entry(os.fsdecode(match["path"]), match["sha"].decode(), int(match["size"])))
        return tuple(found)

    def contents(self, entries: tuple[Entry, ...]) -> Iterator[tuple[Entry, bytes]]:
        """The content of files, as it is stored. Raises `OSError` for one that is not in the clone."""
        process = subprocess.Popen(
            self._command("cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        with process, closing(_pipe(process.stdin)) as asked, closing(_pipe(process.stdout)) as said:
            for entry in entries:
                asked.write(f"{entry.sha}\n".encode())
                asked.flush()
                head = said.readline().split()
                if head[1:] != [b"blob", b"%d" % entry.size]:
                    raise OSError("a file of the commit is not in the clone")
                yield entry, said.read(entry.size + 1)[:-1]

    def unpack(self, commit: str, folder: str) -> bool:
        """Write the files of a commit below an empty folder; whether all that matter are there."""
        entries = tuple(entry for entry in self.entries(commit) if _is_wanted(entry))
        if len(entries) > limits.MAX_FILES or sum(entry.size for entry in entries) > MOST_BYTES:
            return False
        try:
            for entry, data in self.contents(entries):
                target = os.path.join(folder, *entry.path.split("/"))
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with open(target, "xb") as stream:
                    stream.write(data)
        except OSError:
            return False
        return True

    def _ask(self, *arguments: str) -> bytes | None:
        """What git answers; None where it can't, or is not there."""
        try:
            done = subprocess.run(
                self._command(*arguments),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
                env=_environment(),
            )
        except (OSError, ValueError, subprocess.TimeoutExpired):
            return None
        return done.stdout if done.returncode == 0 else None

    def _command(self, *arguments: str) -> list[str]:
        return [shutil.which("git") or "git", "-C", self.folder, *_OPTIONS, *arguments]


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise OSError("git has no pipe")
    return stream


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | _VARIABLES


def _is_wanted(entry: Entry) -> bool:
    """Whether a file is written: its name stays below the folder, and it is not too large to be read."""
    parts = entry.path.split("/")
    is_odd = any(
        part in {"", ".", ".."} or part.lower() == ".git" or (os.sep == "\\" and set(part) & set('\\:*?"<>|'))
        for part in parts
    )
    return not is_odd and entry.size <= limits.MAX_FILE_BYTES
