"""How long the hook takes on one changed file of a larger app, against starting its parsers alone.

    python bench/hook_speed.py [--rounds 15] [--files 100] [--profile]

Makes a git repository with an App Engine app of so many modules, changes one of them and calls the hook on
it, in turns with `python -c "import yaml, tree_sitter_python"`. Both are whole processes of the Python that
runs this, and both are warm: the bytecode is compiled (to a folder of its own) and the files are in the
system's cache. Printed are the medians and that of the ratios of neighbouring turns; the aim is twice the
parsers plus 150 ms. With `--profile`, also where the time goes, measured in a process of its own. Nothing is
installed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from synthetic import write_app

BASELINE = [sys.executable, "-c", "import yaml, tree_sitter_python"]
CHANGED = "app/handlers/articles3.py"
ALLOWED = 0.150  # seconds, on top of twice the baseline

PROFILE = """\
import json, sys, time
start = time.perf_counter()
from gaebot.hooks import check
imported = time.perf_counter()
from gaebot.rule import discover
discover("python27")
discovered = time.perf_counter()
from gaebot import disk, engine
from gaebot.hooks.arguments import owned
owned([sys.argv[1]])
found = time.perf_counter()
app = disk.read_app("app")
read = time.perf_counter()
times, rules = {}, discover("python27")
for rule in rules:
    begun = time.perf_counter()
    list(rule.check(app)); list(rule.thread_safety(app))
    times[rule.id] = time.perf_counter() - begun
checked = time.perf_counter()
print(json.dumps({
    "import the hook": imported - start, "import the rules": discovered - imported,
    "find the app": found - discovered, "read it": read - found, "run the rules": checked - read,
    "rules": times,
}))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--files", type=int, default=100, help="modules of the app")
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        size = write_repository(root, arguments.files)
        hook = [*hook_command(), CHANGED]
        run(hook, root, {0, 1})
        run(BASELINE, root, {0})
        turns = [(run(hook, root, {0, 1}), run(BASELINE, root, {0})) for _ in range(arguments.rounds)]
        whole, alone = (statistics.median(times) for times in zip(*turns, strict=True))
        ratio = statistics.median(turn[0] / turn[1] for turn in turns)
        print(f"app: {arguments.files} modules, {size / 1e6:.2f} MB of Python")
        print(f"hook: {whole * 1000:.0f} ms, parsers alone: {alone * 1000:.0f} ms, ratio {ratio:.1f}")
        print(f"allowed: {(2 * alone + ALLOWED) * 1000:.0f} ms")
        if arguments.profile:
            profile(root)


def hook_command() -> list[str]:
    """The installed program, or its module where only the folder is at hand."""
    program = Path(sys.executable).parent / "gaebot-hook-check"
    return [str(program)] if program.exists() else [sys.executable, "-m", "gaebot.hooks.check"]


def run(command: list[str], folder: Path, codes: set[int]) -> float:
    """Seconds that a process takes, which has to end with one of some exit codes."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, check=False)
    taken = time.perf_counter() - start
    if done.returncode not in codes:
        raise SystemExit(done.stderr.decode())
    return taken


def environment(folder: Path) -> dict[str, str]:
    """The environment of both programs: this checkout comes first, and bytecode is kept in the folder."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    source = str(Path(__file__).resolve().parents[1])
    return {**kept, "PYTHONPATH": source, "PYTHONPYCACHEPREFIX": str(folder / ".git" / "bytecode")}


def profile(folder: Path) -> None:
    """Print how long each part takes, and the rules that take longest."""
    command = [sys.executable, "-c", PROFILE, CHANGED]
    done = subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, check=True)
    parts = json.loads(done.stdout)
    rules = parts.pop("rules")
    for part, seconds in parts.items():
        print(f"  {part}: {seconds * 1000:.0f} ms")
    for rule, seconds in sorted(rules.items(), key=lambda item: -item[1])[:15]:
        print(f"    {rule}: {seconds * 1000:.0f} ms")


def write_repository(root: Path, modules: int) -> int:
    """Write the app, commit it and change one file; how many bytes of Python there are."""
    size = write_app(root / "app", modules)
    git = ["git", "-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "The app"]):
        subprocess.run([*git, *command], cwd=root, check=True)
    changed = "\n# changed\n"
    with (root / CHANGED).open("a") as file:
        file.write(changed)
    subprocess.run([*git, "add", "."], cwd=root, check=True)
    return size + len(changed)


if __name__ == "__main__":
    main()
