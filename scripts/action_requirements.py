"""Writes hooks/requirements.txt: what the action installs, each package with its version and its hashes.

    python scripts/action_requirements.py            # after a change of the dependencies in pyproject.toml
    python scripts/action_requirements.py --upgrade  # to the newest versions of all
    python scripts/action_requirements.py --check    # only ask whether every runner finds what the file names

One file serves all systems and Python 3.10 to 3.14. uv works it out; then it is asked for each system and
each Python whether every package is there as a wheel, as the action builds none.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE = ROOT / "hooks" / "requirements.txt"

PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
SYSTEMS = (
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-apple-darwin",
    "x86_64-apple-darwin",
    "x86_64-pc-windows-msvc",
)
# The first versions without wheels for Macs with Intel's processors. uv would take older ones for all.
TOO_NEW_FOR_INTEL = {"cryptography": "49", "libcst": "1.9"}
CONSTRAINTS = "".join(
    f"{name}<{version}; sys_platform == 'darwin' and platform_machine == 'x86_64'\n"
    f"{name}>={version}; sys_platform != 'darwin' or platform_machine != 'x86_64'\n"
    for name, version in TOO_NEW_FOR_INTEL.items()
)
HEAD = "# What the action installs. Made by `python scripts/action_requirements.py` from pyproject.toml.\n"


def compile_requirements(*, upgrade: bool) -> str:
    """The text of the file. What it names now is kept where it still fits, unless it is to be upgraded."""
    with tempfile.TemporaryDirectory() as temporary:
        constraints, target = Path(temporary, "constraints.txt"), Path(temporary, "requirements.txt")
        constraints.write_text(CONSTRAINTS, encoding="utf-8")
        if FILE.exists() and not upgrade:
            target.write_bytes(FILE.read_bytes())
        command = ["pip", "compile", "--quiet", "--universal", "--python-version", PYTHONS[0], "--no-build"]
        command += ["--generate-hashes", "--no-header", "--no-annotate", "--extra", "github"]
        command += ["--constraint", str(constraints), "--output-file", str(target), "pyproject.toml"]
        _uv(*command)
        return HEAD + target.read_text(encoding="utf-8").removeprefix(HEAD)


def check() -> list[str]:
    """For which system and Python something is missing, each with what uv says."""
    problems = []
    with tempfile.TemporaryDirectory() as temporary:
        for system, python in product(SYSTEMS, PYTHONS):
            command = ["pip", "install", "--quiet", "--dry-run", "--target", temporary, "--no-deps"]
            command += ["--only-binary", ":all:", "--require-hashes", "--requirement", str(FILE)]
            try:
                _uv(*command, "--python-platform", system, "--python-version", python)
            except subprocess.CalledProcessError as error:
                problems.append(f"{system}, Python {python}: {error.stderr}")
    return problems


def _uv(*arguments: str) -> None:
    command = [Path(sys.executable).with_name("uv"), *arguments]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8")


if __name__ == "__main__":
    if "--check" not in sys.argv[1:]:
        FILE.write_text(compile_requirements(upgrade="--upgrade" in sys.argv[1:]), encoding="utf-8")
    sys.exit("\n".join(check()) or None)
