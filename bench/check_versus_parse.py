"""How long checking takes against parsing the same Python files with tree-sitter alone.

    python bench/check_versus_parse.py               the example apps, multiplied to 1 MB
    python bench/check_versus_parse.py PATH ...      every app below the paths

Both run in this process, in turns, with the rules loaded. "check" reads the files from disk and runs
all rules; "parse" only parses bytes that are in memory. The figure is the median of the ratios of
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
    print("| app | Python | check | parse alone | ratio |")
    print("|---|---|---|---|---|")
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
    pairs = [(timed(lambda: engine.check(disk.read_app(root, ""), rules)), timed(lambda: parse(files)))
             for _ in range(ROUNDS)]  # fmt: skip
    check, alone = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    below = Path(root).relative_to(path)
    name = path.name if path.name != "before" else f"{path.parent.name}/{below}"
    print(f"| {name} | {size / 1e6:.2f} MB | {check * 1000:.0f} ms | {alone * 1000:.0f} ms | {ratio:.2f} |")


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
