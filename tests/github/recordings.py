"""What GitHub really answered: recordings that PyGithub's source distribution carries for its own tests.

They are fetched from PyPI into the cache folder and not part of this repository.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from gaebot.prove.sdk import cache_folder
from tests.github import description

PYGITHUB_VERSION = "2.10.0"
_SINCE = 2023
_DATE = re.compile(r"'date', '\w+, \d+ \w+ (\d{4})", re.IGNORECASE)

Shape = dict[str, tuple[set[str], set[str]]]
"""For each place in an answer, as in `[].user`: the keys that are always there, and those that are sometimes."""


class NoRecordingsError(Exception):
    """The recordings are not there and can't be fetched."""


def install_recordings() -> Path:
    """The folder with the recordings; it appears whole or not at all."""
    target = cache_folder().parent / f"pygithub-recordings-{PYGITHUB_VERSION}"
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="installing-") as workplace:
        wanted = f"pygithub=={PYGITHUB_VERSION}"
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        ]
        command += ["--no-binary", "pygithub", "--dest", workplace, wanted]
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=600)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = (error.stderr or b"").decode("utf-8", "replace")
            raise NoRecordingsError(f"pip could not download {wanted}: {said}") from None
        (archive,) = Path(workplace).glob("*.tar.gz")
        fresh = Path(workplace, "recordings")
        fresh.mkdir()
        with tarfile.open(archive) as packed:
            for member in packed:
                if member.isfile() and "/tests/ReplayData/" in member.name:
                    content = packed.extractfile(member)
                    fresh.joinpath(Path(member.name).name).write_bytes(content.read() if content else b"")
        try:
            fresh.rename(target)
        except OSError:  # another process was faster
            if not target.is_dir():
                raise
    return target


def recorded(folder: Path) -> Iterator[tuple[str, object]]:
    """Operation and body of each answer of the last years that was no refusal."""
    for file in sorted(folder.iterdir()):
        lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
        place = 0
        while place + 9 < len(lines):
            if lines[place] not in ("http", "https"):
                place += 1
                continue
            verb, _, _, path, _, _, status, headers, body = lines[place + 1 : place + 10]
            place += 10
            date = _DATE.search(headers)
            matched = description.load().match(verb, path.partition("?")[0])
            if matched and status.startswith("2") and body and date and int(date[1]) >= _SINCE:
                yield matched[0].id, json.loads(body)


def shapes(answers: Iterator[tuple[str, object]]) -> dict[str, Shape]:
    """The shape of the answers of each operation."""
    found: dict[str, Shape] = defaultdict(dict)
    for operation, body in answers:
        for place, keys in _objects(body, ""):
            if place in found[operation]:
                always, sometimes = found[operation][place]
                found[operation][place] = (always & keys, sometimes | keys)
            else:
                found[operation][place] = (keys, keys)
    return found


def _objects(part: object, place: str) -> Iterator[tuple[str, set[str]]]:
    """Place and keys of each object in an answer."""
    if isinstance(part, dict):
        yield place, set(part)
        for key, value in part.items():
            yield from _objects(value, f"{place}.{key}")
    elif isinstance(part, list):
        for value in part:
            yield from _objects(value, f"{place}[]")
