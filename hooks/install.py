"""Makes the environment that the action runs in. Started by action.yml, with whichever Python there is.

Everything that gaebot needs is installed into a virtual environment of its own, below the runner's temporary
folder and so outside of the checkout. The hashes in requirements.txt say which files may be installed. They
are wheels, so that no code runs to build them. gaebot itself is not among them: see start.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().with_name("requirements.txt")
OLDEST = (3, 10)

# Where packages come from is for the runner's settings to say, such as a mirror; where they go, and what
# else belongs to them, is not.
_OVERRULED = (
    "CONSTRAINT",
    "NO_BINARY",
    "PREFIX",
    "REQUIREMENT",
    "REQUIRE_VIRTUALENV",
    "ROOT",
    "TARGET",
    "USER",
)
_WAY_OUT = "Set the input `python-version` to one that actions/setup-python provides, such as 3.13."


def main() -> int:
    """Make the environment and name its Python as the step's output `python`."""
    version = sys.version_info[:2]
    if version < OLDEST:
        return _fail(
            f"gaebot needs Python 3.10 or later, and this one is {version[0]}.{version[1]}. {_WAY_OUT}"
        )
    folder = Path(tempfile.mkdtemp(prefix="gaebot-environment-", dir=os.environ["RUNNER_TEMP"]))
    try:
        venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt").create(folder)
    except (OSError, subprocess.CalledProcessError) as error:
        return _fail(f"{sys.executable} can't make a virtual environment ({error}). {_WAY_OUT}")
    python = folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-compile"]
    rules = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement", str(REQUIREMENTS)]
    environment = {name: value for name, value in os.environ.items() if not _is_overruled(name)}
    command = [str(python), "-I", "-m", "pip", "install", *options, *rules]
    if subprocess.run(command, cwd=folder, env=environment, check=False).returncode:
        return _fail("pip could not install what gaebot needs, for the reason above: run the job again.")
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.write(f"python={python}\n")
    return 0


def _is_overruled(variable: str) -> bool:
    return variable.upper().removeprefix("PIP_") in _OVERRULED and variable.upper().startswith("PIP_")


def _fail(message: str) -> int:
    told = " ".join(message.split()).replace("%", "%25")
    sys.stdout.write(f"::error title=gaebot::{told}\n")
    return 3


if __name__ == "__main__":
    sys.exit(main())
