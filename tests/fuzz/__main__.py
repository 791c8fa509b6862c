"""Damages apps, and asks gaebot about them, until the time is up.

    python -m tests.fuzz [FOLDER ...] [--seconds 120] [--seed 1] [--workers 2]
    python -m tests.fuzz [FOLDER ...] --seed 1 --number 4711 [--shrink] [--keep FOLDER]

The first form makes app after app from the examples of the rules, from tests/apps and from the apps in the
folders that are named, each with files that are damaged in some way, checks it and fixes it with all rules. Nothing
may raise, take more than five seconds of CPU time or 500 MB; what could be parsed has to stay so, for CPython
2.7 too where there is one, and a second run must change nothing. It ends with 1 where a promise was broken,
and prints by which command. The second form makes one of these apps again; `--shrink` looks for a smaller one.
"""

from __future__ import annotations

import argparse
import faulthandler
import math
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

from gaebot.prove.python27 import ProofError, compile_files, find_python27
from tests.fuzz.seeds import Files, Seeds, shrunk
from tests.fuzz.trial import MOST_SECONDS, Outcome, Problem, trial
from tests.trees import write_tree

BATCH = 40
"""Apps that one process tries before another one is started."""

GRACE = 60.0
"""Seconds after the end of a run in which a process may finish the app that it tries."""

MOST_MAPPED = 3_000_000_000
"""Bytes that a process may ask for: a bomb must not take the machine along."""


@dataclass
class Tally:
    """What a run came to."""

    apps: int = 0
    files: int = 0
    findings: int = 0
    fixed: int = 0
    compiled: int = 0
    slowest: float = 0.0
    largest: int = 0
    problems: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, number: int, outcome: Outcome) -> None:
        """Count one app."""
        self.apps += 1
        self.files += outcome.files
        self.findings += outcome.findings
        self.fixed += outcome.fixed
        self.slowest = max(self.slowest, *outcome.seconds.values(), 0.0)
        self.largest = max(self.largest, outcome.peak)
        for problem in outcome.problems:
            self.blame(number, problem)

    def blame(self, number: int, problem: Problem) -> None:
        """Note a broken promise."""
        self.counts[problem.kind] += 1
        self.problems.setdefault(problem.kind, []).append((number, problem.detail))


def main() -> int:
    """Run; 1 when a promise was broken."""
    options = _options()
    seeds = Seeds(options.seed, options.folders)
    if options.number is not None:
        return _one(seeds, options)
    tally = _many(seeds, options)
    print(
        f"seed {options.seed}: {tally.apps:,} apps with {tally.files:,} files, {tally.findings:,} findings, "
        f"{tally.fixed:,} fixed, {tally.compiled:,} patched files compiled by Python 2.7; slowest "
        f"{tally.slowest:.1f} s of CPU time, most memory {tally.largest // 1_000_000} MB"
    )
    folders = "".join(f" {folder}" for folder in options.folders)
    for kind, found in sorted(tally.problems.items()):
        number, detail = min(found, key=lambda each: each[0])
        print(
            f"\n{tally.counts[kind]} times {kind}\n  python -m tests.fuzz{folders} --seed {options.seed} --number {number}"
        )
        print("  " + "\n  ".join(detail.strip().splitlines()[-12:]))
    print("nothing is wrong" if not tally.problems else f"\n{len(tally.problems)} kinds of problems")
    return 1 if tally.problems else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("folders", nargs="*", metavar="FOLDER")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--number", type=int)
    parser.add_argument("--shrink", action="store_true")
    parser.add_argument("--keep", metavar="FOLDER")
    return parser.parse_args()


# -- one app ---------------------------------------------------------------------------------


def _one(seeds: Seeds, options: argparse.Namespace) -> int:
    files = seeds.app(options.number)
    outcome = _judged(files)
    for problem in outcome.problems:
        print(f"{problem.kind}\n{problem.detail}\n")
    if options.shrink and outcome.problems:
        kind = outcome.problems[0].kind
        files = shrunk(files, lambda smaller: any(p.kind == kind for p in _judged(smaller).problems))
    if options.keep:
        write_tree(Path(options.keep), files)
    elif options.shrink:
        for path, data in files.items():
            print(f"-- {path}\n{data!r}" if len(data) < 5_000 else f"-- {path}: {len(data)} bytes")
    print(
        f"{len(files)} files, {outcome.findings} findings, {sum(outcome.seconds.values()):.1f} s, {outcome.peak // 1_000_000} MB"
    )
    return 1 if outcome.problems else 0


def _judged(files: Files) -> Outcome:
    outcome = trial(files, formats=True)
    _, verdicts = _compile([(0, outcome)])
    outcome.problems += [problem for _, problem in verdicts]
    return outcome


# -- many apps -------------------------------------------------------------------------------


def _many(seeds: Seeds, options: argparse.Namespace) -> Tally:
    """Try apps in processes of their own until the time is up."""
    tally, next_number, end = Tally(), 0, time.monotonic() + options.seconds
    context = multiprocessing.get_context("fork")
    running: dict[Connection, tuple[multiprocessing.process.BaseProcess, list[int]]] = {}
    traces = Path(tempfile.mkdtemp(prefix="fuzz-"))
    while running or time.monotonic() < end:
        while len(running) < options.workers and time.monotonic() < end:
            ours, theirs = context.Pipe(duplex=False)
            numbers = list(range(next_number, next_number + BATCH))
            next_number += BATCH
            process = context.Process(target=_work, args=(theirs, seeds, numbers, end, traces))
            process.start()
            theirs.close()
            running[ours] = (process, numbers)
        for connection in wait(list(running), timeout=1.0):
            assert isinstance(connection, Connection)
            process, numbers = running[connection]
            try:
                message = connection.recv()
            except EOFError:
                process.join()
                del running[connection]
                if process.exitcode:
                    tally.blame(numbers[0], _death(process.exitcode, traces / str(process.pid)))
                continue
            _note(tally, message, numbers)
        if time.monotonic() > end + GRACE:
            for process, numbers in running.values():
                tally.blame(numbers[0], Problem("waits for ever", "the process had to be killed"))
                process.kill()
            break
    shutil.rmtree(traces)
    return tally


def _note(tally: Tally, message: object, numbers: list[int]) -> None:
    """Take in what a worker says: that it begins with an app, what came of one, what Python 2.7 says."""
    match message:
        case ("begin", int(number)):
            numbers[0] = number
        case ("done", int(number), Outcome() as outcome):
            tally.add(number, outcome)
        case ("compiled", int(count), list(verdicts)):
            tally.compiled += count
            for number, problem in verdicts:
                tally.blame(number, problem)


def _death(code: int, trace: Path) -> Problem:
    if code == -signal.SIGXCPU:
        frames = [line.strip() for line in trace.read_text().splitlines() if "/gaebot/" in line][:12]
        names = [Path(frame.split('"')[1]).stem + ":" + frame.rpartition(" ")[2] for frame in frames[:3]]
        return Problem(f"hang in {', '.join(names)}", "\n".join(frames))
    name = signal.Signals(-code).name if code < 0 else str(code)
    return Problem(f"died: {name}", f"the process ended with {name}")


def _work(connection: Connection, seeds: Seeds, numbers: list[int], end: float, traces: Path) -> None:
    """Try some apps, and tell what comes of each. The system ends the process where one takes too long."""
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    trace = (traces / str(os.getpid())).open("w")
    faulthandler.register(signal.SIGXCPU, file=trace, chain=True)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MAPPED, MOST_MAPPED))
    done = []
    for number in list(numbers):
        if time.monotonic() > end:
            break
        connection.send(("begin", number))
        files = seeds.app(number)
        used = time.process_time()
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + 2 * MOST_SECONDS), resource.RLIM_INFINITY))
        outcome = trial(files, formats=number % 10 == 0)
        resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        done.append((number, outcome))
        connection.send(("done", number, outcome))
    connection.send(("compiled", *_compile(done)))
    connection.close()


def _compile(done: list[tuple[int, Outcome]]) -> tuple[int, list[tuple[int, Problem]]]:
    """Ask CPython 2.7 about the files that were patched: how many compiled before, and which do not now."""
    try:
        python27 = find_python27()
    except ProofError:
        return 0, []
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        folder = Path(name)
        pairs = []
        for number, outcome in done:
            for path, old, new in outcome.changed:
                before, after = folder / f"{len(pairs)}-old.py", folder / f"{len(pairs)}-new.py"
                before.write_bytes(old)
                after.write_bytes(new)
                pairs.append((number, path, before, after))
        if not pairs:
            return 0, []
        said = compile_files(python27, [file for pair in pairs for file in pair[2:]])
        sound = [pair for pair in pairs if said[pair[2]] is None]
        verdicts = [
            (number, Problem("does not compile", f"{path}: {said[after]}"))
            for number, path, _, after in sound
            if said[after] is not None
        ]
    return len(sound), verdicts


if __name__ == "__main__":
    sys.exit(main())
