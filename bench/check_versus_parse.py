"""How long checking takes against parsing the same Python files with tree-sitter alone.

    python bench/check_versus_parse.py               the example apps, multiplied to 1 MB
    python bench/check_versus_parse.py PATH ...      every app below the paths

All run in this process, in turns, with the rules loaded. "check" runs all rules on bytes that are in
memory, as "parse" does; "read and check" begins at the disk. The figures are medians, the ratios those of
neighbouring turns, since the machine may be busy.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import tree_sitter_python
from tree_sitter import Language, Parser

from gaebot import disk, engine
from gaebot.rule import discover

ROUNDS = 7
EXAMPLES = Path(__file__).parent.parent / "tests" / "apps"
PARSER = Parser(Language(tree_sitter_python.language()))


def main() -> None:
    """Print one line per app, or one for the multiplied examples."""
    rules = discover("python27")
    print("| app | files | Python | parse alone | check | ratio | read and check | ratio |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(argument) for argument in sys.argv[1:]] or [multiplied(Path(folder), 1_000_000)]
        for path in paths:
            for root in disk.find_apps(path):
                report(path, root, rules)


def report(path: Path, root: str, rules: tuple) -> None:
    """Measure one app and print its line."""
    app = disk.read_app(root, "")
    files = [source.data for name, source in app.files.items() if name.endswith(".py")]
    size = sum(map(len, files))
    if not size:
        return
    turns = []
    for _ in range(ROUNDS):
        read = disk.read_app(root, "")
        turns.append(
            (
                timed(lambda: engine.check(read, rules)),  # noqa: B023 - called at once
                timed(lambda: engine.check(disk.read_app(root, ""), rules)),
                timed(lambda: parse(files)),
            )
        )
    check, whole, alone = (statistics.median(times) for times in zip(*turns, strict=True))
    ratio = statistics.median(turn[0] / turn[2] for turn in turns)
    ratio_whole = statistics.median(turn[1] / turn[2] for turn in turns)
    below = Path(root).relative_to(path)
    name = path.name if path.name != "before" else f"{path.parent.name}/{below}"
    print(
        f"| {name} | {len(files)} | {size / 1e6:.2f} MB | {alone * 1000:.0f} ms | {check * 1000:.0f} ms "
        f"| {ratio:.2f} | {whole * 1000:.0f} ms | {ratio_whole:.2f} |"
    )


def parse(files: list[bytes]) -> None:
    """Parse every file and keep nothing."""
    for data in files:
        PARSER.parse(data)


def timed(work: object) -> float:
    """Seconds that a call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def multiplied(folder: Path, size: int) -> Path:
    """An app of about `size` bytes of Python: the example apps, each in folders of its own, with a
    handler for every script."""
    root = folder / "examples"
    handlers, total, copy = [], 0, 0
    while total < size:
        copy += 1
        for example in sorted(EXAMPLES.iterdir()):
            if (example / "app.yaml").is_file():
                target = root / f"{example.name}{copy}"
                shutil.copytree(example, target, ignore=shutil.ignore_patterns("*.yaml*"))
                scripts = sorted(target.rglob("*.py"))
                total += sum(p.stat().st_size for p in scripts)
                handlers += [p.relative_to(root) for p in scripts if b"__main__" in p.read_bytes()]
    lines = ["application: examples", "version: 1", "runtime: python", "api_version: 1", "handlers:"]
    for script in handlers[:99]:
        lines += [f"- url: /{script.with_suffix('')}", f"  script: {script}"]
    (root / "app.yaml").write_text("\n".join([*lines, ""]))
    return root


if __name__ == "__main__":
    main()
