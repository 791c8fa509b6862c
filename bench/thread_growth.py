"""How the time of the thread-safety analysis grows with the size of an app.

    python bench/thread_growth.py [APP ...] [--copies 1 10 30] [--rounds 5]

Each app (default: the larger ones of tests/apps) is put several times into packages of one app, whose
app.yaml names the scripts of all copies. Printed are, for each number of copies, the time of all rules of the
family
`threads` and that of parsing alone, as ratios to one copy, and the growth: the ratio of times by that of
sizes. The least of several rounds counts, as the machine may be busy with other things. Nothing is fetched
and nothing written.
"""

from __future__ import annotations

import argparse
import gc
import re
import time
from pathlib import Path

from gaebot import engine
from gaebot.app import App
from gaebot.disk import read_app
from gaebot.rule import discover
from gaebot.select import choose

APPS = Path(__file__).parents[1] / "tests" / "apps"
_SCRIPT = re.compile(rb"^(\s*(?:- )?script: *)([\w./]+)", re.MULTILINE)


def copied(app: App, copies: int) -> dict[str, bytes]:
    """The files of an app that holds another one several times, each in a package of its own."""
    files: dict[str, bytes] = {}
    handlers = b""
    for number in range(copies):
        folder = f"copy_{number:02}"
        files[f"{folder}/__init__.py"] = b""
        for path, source in app.files.items():
            if path.endswith(".py"):
                files[f"{folder}/{path}"] = source.data
        yaml = app.files["app.yaml"].data if "app.yaml" in app.files else b""
        for match in _SCRIPT.finditer(yaml):
            script = match.group(2)
            is_path = script.endswith(b".py")
            name = folder.encode() + (b"/" if is_path else b".") + script
            handlers += b"- url: /%s/%d\n  script: %s\n" % (folder.encode(), match.start(), name)
    head = b"runtime: python27\napi_version: 1\nthreadsafe: true\nhandlers:\n"
    return {"app.yaml": head + handlers, **files}


def seconds(files: dict[str, bytes], rounds: int) -> tuple[float, float, int]:
    """The least time of parsing and of the rules, and how many findings those make."""
    rules = choose(discover("python27"), ["threads"])
    parse, check, found = float("inf"), float("inf"), 0
    for _ in range(rounds):
        app = App(files)
        gc.collect()
        start = time.perf_counter()
        for file in app.python_files():
            _ = file.root
        parsed = time.perf_counter()
        found = len(engine.check(app, rules).findings)
        end = time.perf_counter()
        parse, check = min(parse, parsed - start), min(check, end - parsed)
    return parse, check, found


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("apps", nargs="*", default=[str(APPS / name) for name in ("newsroom", "workers")])
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 10, 30])
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    print("| app | copies | files | findings | parsing, ratio | rules, ratio | growth by size |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for root in arguments.apps:
        app = read_app(root)
        first: tuple[float, float] | None = None
        for copies in arguments.copies:
            files = copied(app, copies)
            parse, check, found = seconds(files, arguments.rounds)
            first = first or (parse, check)
            size = copies / arguments.copies[0]
            print(
                f"| {Path(root).name} | {copies} | {len(files) - 1} | {found} | {parse / first[0]:.1f} | "
                f"{check / first[1]:.1f} | {check / first[1] / size:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
