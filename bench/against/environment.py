"""The environment of the programs: a venv with pinned versions in a cache folder of its own."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

REQUIREMENTS = Path(__file__).parents[1] / "versus-requirements.txt"


@dataclass(frozen=True)
class Environment:
    """Where the programs are, their versions by package, and why some packages could not be installed."""

    folder: Path
    versions: dict[str, str]
    missing: dict[str, str]

    @property
    def python(self) -> str:
        """Its Python."""
        return str(self.folder / "bin" / "python")

    def program(self, name: str) -> str:
        """A program that a package installed."""
        return str(self.folder / "bin" / name)

    def why_missing(self, packages: tuple[str, ...]) -> str:
        """Why one of some packages is not there, or nothing."""
        return next((self.missing[name] for name in packages if name in self.missing), "")


def prepare() -> Environment:
    """The environment, made at the first time, and again when something was missing the last time."""
    text = REQUIREMENTS.read_text("utf-8")
    name = hashlib.sha256(f"{sys.version} {sys.executable} {text}".encode()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "gaebot-bench" / f"python{sys.version_info.major}.{sys.version_info.minor}-{name}"
    record = folder / "missing.json"
    if not record.is_file() or json.loads(record.read_text("utf-8")):
        print(f"Installing the programs into {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True)
        record.write_text(json.dumps(install(folder, text)), "utf-8")
    return Environment(folder, pinned(text), json.loads(record.read_text("utf-8")))


def install(folder: Path, text: str) -> dict[str, str]:
    """Install all requirements, or one by one where not all can be; why a package could not be installed."""
    if pip(folder, "-r", str(REQUIREMENTS)) == "":
        return {}
    return {name: why for name, version in pinned(text).items() if (why := pip(folder, f"{name}=={version}"))}


def pip(folder: Path, *arguments: str) -> str:
    """Let pip install something: the last thing it says when it can't, or nothing."""
    command = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    return (done.stderr.strip().splitlines() or [f"pip ended with {done.returncode}"])[-1]


def pinned(text: str) -> dict[str, str]:
    """The packages that a requirements file pins, with their versions."""
    return dict(re.findall(r"^([\w-]+)==(\S+)$", text, re.MULTILINE))
