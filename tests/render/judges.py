"""Foreign programs that judge what is rendered: Microsoft's SARIF multitool, from npm."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from gaebot.prove.sdk import cache_folder

MULTITOOL_VERSION = "5.7.0"
_PROGRAM = "Sarif.Multitool"


class NoJudgeError(Exception):
    """The program is not there and can't be fetched."""


def install_multitool() -> Path:
    """The multitool; fetched from npm into the cache folder if it is not there.

    The folder appears whole or not at all, also when several processes install at once.
    """
    target = cache_folder().parent / f"sarif-multitool-{MULTITOOL_VERSION}"
    if (target / _PROGRAM).is_file():
        return target / _PROGRAM
    npm = shutil.which("npm")
    if sys.platform != "linux" or npm is None:
        raise NoJudgeError("The SARIF multitool is fetched with npm, and for Linux only.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="installing-") as workplace:
        package = f"@microsoft/sarif-multitool-linux@{MULTITOOL_VERSION}"
        command = [npm, "install", "--prefix", workplace, "--ignore-scripts", "--no-save", package]
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=600)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = (error.stderr or b"").decode("utf-8", "replace")
            raise NoJudgeError(f"npm could not install {package}: {said}") from None
        fresh = Path(workplace, "node_modules", "@microsoft", "sarif-multitool-linux")
        (fresh / _PROGRAM).chmod(0o755)
        try:
            fresh.rename(target)
        except OSError:  # another process was faster
            if not (target / _PROGRAM).is_file():
                raise
    return target / _PROGRAM


def multitool_complaints(program: Path, log: Path) -> list[tuple[str, str, str]]:
    """What the multitool says about a log, by SARIF's own rules and GitHub's: rule, level, message."""
    verdict = log.with_suffix(".verdict")
    command = [program, "validate", log, "--output", verdict, "--log", "ForceOverwrite"]
    command += ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note", "--kind", "Fail"]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    (run,) = json.loads(verdict.read_text(encoding="utf-8-sig"))["runs"]
    return [
        (result["ruleId"], result.get("level", "warning"), json.dumps(result["message"]))
        for result in run["results"]
    ]
