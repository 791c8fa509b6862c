"""How long the hook takes on one changed file of a larger app, against starting its parsers alone.

    python bench/hook_speed.py [--rounds 15] [--files 100] [--changed FILE] [--profile]

Makes a git repository with an App Engine app of so many modules, changes one of them and calls the hook on
it, in turns with `python -c "import yaml, tree_sitter_python"`. Both are whole processes of the Python that
runs this, and both are warm: the bytecode is compiled (to a folder of its own) and the files are in the
system's cache. Printed are the medians and that of the ratios of neighbouring turns; the aim is twice the
parsers plus 150 ms. With `--changed all`, one file of each kind is changed and measured after the other. With
`--profile`, also where the time goes, measured in a process of its own. Nothing is installed.
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
CHANGED = {
    "handlers": "app/handlers/articles3.py",
    "models": "app/models/articles3.py",
    "services": "app/services/articles3.py",
    "script": "app/main.py",
    "page": "app/templates/index.html",
    "yaml": "app/app.yaml",
}
ALLOWED = 0.150  # seconds, on top of twice the baseline

PROFILE = """\
import json, sys, time
start = time.perf_counter()
from gaebot.hooks import check
from gaebot.hooks.arguments import owned
from gaebot import cli, engine
from gaebot.runs import Options, runs
imported = time.perf_counter()
run = runs(owned([sys.argv[1]]), Options())[0]
found = time.perf_counter()
app = run.read()
read = time.perf_counter()
rules = [rule for rule in run.rules if rule.only_in is None or rule.only_in.is_asked_for(app)]
for rule in rules:
    __import__(rule.module)
loaded = time.perf_counter()
times = {}
for rule in rules:
    begun = time.perf_counter()
    list(rule.check(app))
    times[rule.id] = time.perf_counter() - begun
checked = time.perf_counter()
print(json.dumps({
    "import the hook": imported - start, "find the app": found - imported, "read it": read - found,
    f"load {len(rules)} of {len(run.rules)} rules": loaded - read, "run them": checked - loaded,
    "rules": times,
}))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--files", type=int, default=100, help="modules of the app")
    parser.add_argument("--changed", choices=[*CHANGED, "all"], default="handlers", help="which file")
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        size = write_repository(root, arguments.files)
        print(f"app: {arguments.files} modules, {size / 1e6:.2f} MB of Python")
        chosen = CHANGED if arguments.changed == "all" else {arguments.changed: CHANGED[arguments.changed]}
        for kind, file in chosen.items():
            change(root, file)
            measure(kind, file, root, arguments.rounds)
            if arguments.profile:
                profile(root, file)


def measure(kind: str, file: str, root: Path, rounds: int) -> None:
    """Print how long the hook takes for one changed file, and how long the parsers."""
    hook = [*hook_command(), file]
    run(hook, root, {0, 1})
    run(BASELINE, root, {0})
    turns = [(run(hook, root, {0, 1}), run(BASELINE, root, {0})) for _ in range(rounds)]
    whole, alone = (statistics.median(times) for times in zip(*turns, strict=True))
    ratio = statistics.median(turn[0] / turn[1] for turn in turns)
    print(
        f"{kind}: {whole * 1000:.0f} ms, parsers alone: {alone * 1000:.0f} ms, ratio {ratio:.1f},"
        f" allowed: {(2 * alone + ALLOWED) * 1000:.0f} ms"
    )


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


def profile(folder: Path, file: str) -> None:
    """Print how long each part takes, and the rules that take longest."""
    command = [sys.executable, "-c", PROFILE, file]
    done = subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, check=True)
    parts = json.loads(done.stdout)
    rules = parts.pop("rules")
    for part, seconds in parts.items():
        print(f"  {part}: {seconds * 1000:.0f} ms")
    for rule, seconds in sorted(rules.items(), key=lambda item: -item[1])[:5]:
        print(f"    {rule}: {seconds * 1000:.0f} ms")


def write_repository(root: Path, modules: int) -> int:
    """Write the app and commit it; how many bytes of Python there are."""
    size = write_app(root / "app", modules)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "The app")
    return size


def change(root: Path, file: str) -> None:
    """Change one file, as if it were to be committed, and no other."""
    git(root, "reset", "-q", "--hard")
    with (root / file).open("a") as opened:
        opened.write("\n{# changed #}\n" if file.endswith(".html") else "\n# changed\n")
    git(root, "add", ".")


def git(root: Path, *arguments: str) -> None:
    """Run git in a folder."""
    name = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    subprocess.run(["git", *name, *arguments], cwd=root, check=True)  # noqa: S607


if __name__ == "__main__":
    main()
