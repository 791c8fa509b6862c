"""gaebot against the programs that people would use instead, and against parsing alone: one table.

    python bench/versus.py                    the example apps, and apps of 100, 1,000 and 10,000 modules
    python bench/versus.py --sizes 100,1000   without the largest, which takes most of the time
    python bench/versus.py --tree PATH        another tree as well; --no-examples leaves out the example apps
    python bench/versus.py --tools tree-sitter --no-examples    how a check grows with the app, and its memory
    python bench/versus.py --json FILE        write also the raw figures
    python bench/versus.py --print FILE       the table of such a file; nothing is run
    python bench/versus.py --compare FILE     say also what became of gaebot since that file was written

The programs are installed once, in the versions of bench/versus-requirements.txt, into a cache folder of
their own. gaebot is run from this checkout, with all rules. All are whole processes, started in turns: in
each round each program runs once on each tree, and the ratios are those of runs of one round on one tree,
since the machine may be busy with other things; of times, ratios and peaks the median is printed. Each
program is run once before, so that files and bytecode are in the system's cache.

A program that takes longer than `--limit` seconds on a tree is ended there ("over"), and not run on larger
ones; nor is one that would take longer by its time on the next smaller one. gaebot is never left out. A
program that has used up `--budget` seconds on a tree is left out of further rounds there, but for the
check, which runs beside each other.

Files are counted in runs that are not timed: "read" are the .py and .yaml files below the tree that the
program opens, "parsed" the .py files that its parser takes. tree-sitter takes every file. The parsers of
all others but fissix know only Python 3, and they give up on a file with `print x`, which makes them quick.
So the synthetic apps are written in what Python 2.7 and Python 3 both parse, with `except Error as e`.

"Per module" is what each module more takes: the figure less that of an app of 10 modules, by the number of
modules more. Growth is that of an app by that of the next smaller one: 1 is linear.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from against import counts, measure, tables, trees
from against.environment import Environment, prepare
from against.programs import CHECK, FIX, PROGRAMS, Program
from against.trees import START, Tree

OWN = {CHECK, FIX}
COUNT_SECONDS = 12.0  # a program that takes longer on a tree is not run once more to count files there


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; the exit code is 1 when a program did not do its work."""
    options = parse(argv)
    before = json.loads(options.compare.read_text("utf-8")) if options.compare else None
    if options.print:
        results = json.loads(options.print.read_text("utf-8"))
    else:
        with tempfile.TemporaryDirectory(prefix="versus-") as folder:
            results = Bench(options, Path(folder).resolve()).measure()
    print(text(results, before))
    return 1 if any(left["is_failure"] for left in results["left_out"]) else 0


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    names = ", ".join(program.name for program in PROGRAMS)
    parser.add_argument("--rounds", type=int, default=3, help="most rounds (3)")
    parser.add_argument("--sizes", type=sizes, default=[100, 1000, 10000], help="modules: 100,1000,10000")
    parser.add_argument("--tools", type=tools, default=list(PROGRAMS), help=f"some of: {names.lower()}")
    parser.add_argument("--tree", type=Path, action="append", default=[], metavar="PATH")
    parser.add_argument("--examples", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--limit", type=float, default=120, help="seconds for one run (120)")
    parser.add_argument("--budget", type=float, default=40, help="seconds for a program on a tree (40)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the raw figures there")
    parser.add_argument("--print", type=Path, metavar="FILE", help="run nothing, print what is there")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="the raw figures of an earlier run")
    options = parser.parse_args(argv)
    missing = [path for path in options.tree if not path.is_dir()]
    if missing:
        parser.error(f"there is no folder {missing[0]}")
    return options


def sizes(argument: str) -> list[int]:
    """The sizes of synthetic apps; none for an empty text."""
    found = [int(part.replace("_", "")) for part in argument.split(",") if part.strip()]
    if any(size <= START for size in found):
        raise argparse.ArgumentTypeError(f"an app has to have more than {START} modules")
    return found


def tools(argument: str) -> list[Program]:
    """The programs of some names, which may be given in part; a check is always among them."""
    asked = [part.strip().lower() for part in argument.split(",") if part.strip()]
    for part in asked:
        if not any(part in program.name.lower() for program in PROGRAMS):
            raise argparse.ArgumentTypeError(f"there is no program {part!r}")
    exact = {program.name.lower() for program in PROGRAMS} & {*asked}
    return [
        program
        for program in PROGRAMS
        if program.name == CHECK
        or program.name.lower() in exact
        or any(part in program.name.lower() for part in asked if part not in exact)
    ]


def text(results: tables.Results, before: tables.Results | None) -> str:
    """All that is printed."""
    machine = results["machine"]
    parts = [
        tables.table(results),
        "**Goals**\n\n" + tables.goals(results),
        "**Programs**\n\n" + tables.programs_text(results),
        f"Python {machine['python']}, {machine['processors']} processors, {machine['system']}.",
    ]
    if before is not None:
        parts.insert(2, "**Since then**\n\n" + tables.compared(before, results))
    return "\n\n".join(parts)


class Bench:
    """The measuring, round by round. `results` grows with each run and is written down after each round."""

    def __init__(self, options: argparse.Namespace, work: Path) -> None:
        self._options, self._work = options, work
        self._environment: Environment = prepare()
        self._trees: list[Tree] = trees.all_trees(
            work, examples=options.examples, named=options.tree, sizes=options.sizes
        )
        self.results: dict[str, Any] = {
            "machine": {
                "python": platform.python_version(),
                "processors": os.cpu_count(),
                "system": platform.system(),
            },
            "trees": {tree.name: described(tree) for tree in self._trees},
            "programs": {p.name: self._version(p) for p in options.tools},
            "runs": [],
            "counts": {},
            "left_out": [],
        }

    def measure(self) -> dict[str, Any]:
        """All rounds, and the counts."""
        programs = [program for program in self._options.tools if self._is_there(program)]
        for number in range(self._options.rounds):
            for tree in self._trees:
                self._round(number, tree, programs)
            if number == 0:
                self._count(programs)
            self._save()
        return self.results

    def _round(self, number: int, tree: Tree, programs: Sequence[Program]) -> None:
        """Each program once on a tree. gaebot's check is run where another one is."""
        running = [program for program in programs if self._is_wanted(program, tree)]
        check = [program for program in programs if program.name == CHECK]
        if number and not [program for program in running if program.name != CHECK] and programs != check:
            return
        for program in dict.fromkeys([*check, *running]):
            if not self._has_failed(program, tree):
                self._run(number, tree, program)

    def _run(self, number: int, tree: Tree, program: Program) -> None:
        """One run, and what is to say of it."""
        print(f"round {number + 1}: {tree.name}: {program.name}", file=sys.stderr, flush=True)
        folder = self._fresh(tree) if program.writes else tree.folder
        output = self._work / "output"
        command = program.command(self._environment, tree.files)
        if not number and tree is self._trees[0]:  # warm
            measure.run(command, folder, self._variables(program), self._options.limit, output)
            folder = self._fresh(tree) if program.writes else folder
        limit = self._options.limit * (10 if program.name in OWN else 1)
        done = measure.run(command, folder, self._variables(program), limit, output)
        evidence = ""
        if not done.is_over:
            try:
                with output.open(encoding="utf-8", errors="replace") as lines:
                    evidence = program.evidence(lines, done.code, len(tree.files))
            except ValueError as error:
                self._leave_out(tree.name, program, f"FAILED: {error}", is_failure=True)
                return
            known = tables.runs_of(self.results, tree.name, program.name)
            if known and known[0]["evidence"] != evidence:
                why = f"FAILED: first {known[0]['evidence']}, then {evidence}"
                self._leave_out(tree.name, program, why, is_failure=True)
        self.results["runs"].append(
            {"tree": tree.name, "program": program.name, "round": number, "evidence": evidence} | asdict(done)
        )

    def _is_wanted(self, program: Program, tree: Tree) -> bool:
        """Whether a program has time left for a run on a tree."""
        runs = tables.runs_of(self.results, tree.name, program.name)
        if runs:
            spent = [run["seconds"] for run in runs]
            return not runs[0]["is_over"] and sum(spent) + spent[-1] <= self._options.budget
        if program.name in OWN or not tree.modules:
            return True
        if any(o["program"] == program.name and o["tree"] == tree.name for o in self.results["left_out"]):
            return False
        smaller = [other for other in self._trees if START <= other.modules < tree.modules]
        for other in reversed(smaller):
            if found := tables.runs_of(self.results, other.name, program.name):
                expected = found[0]["seconds"] * tree.modules / other.modules
                if other.modules > START and (expected > self._options.limit or found[0]["is_over"]):
                    took = f"{tables.seconds(found[0]['seconds'])} on {other.modules:,} modules"
                    why = f"not run: it took {'over ' if found[0]['is_over'] else ''}{took}"
                    self._leave_out(tree.name, program, why)
                    return False
                return True
        return True

    def _count(self, programs: Sequence[Program]) -> None:
        """Count files for each program on each tree, where that does not take too long."""
        for tree in self._trees:
            for program in programs:
                runs = tables.runs_of(self.results, tree.name, program.name)
                is_long = not runs or runs[0]["is_over"] or runs[0]["seconds"] > COUNT_SECONDS
                if tree.modules == START or program.counts_as or (is_long and program.name != CHECK):
                    continue
                print(f"files: {tree.name}: {program.name}", file=sys.stderr, flush=True)
                folder = self._fresh(tree) if program.writes else tree.folder
                found = counts.count(
                    program,
                    self._environment,
                    folder,
                    self._variables(program),
                    self._options.limit * 10,
                    self._work / "output",
                )
                self.results["counts"].setdefault(tree.name, {})[program.name] = found

    def _fresh(self, tree: Tree) -> Path:
        """A copy of a tree that a program may change."""
        folder = self._work / "copy"
        trees.copy(tree.folder, folder)
        return folder

    def _variables(self, program: Program) -> dict[str, str]:
        """The environment variables of a program: without what would change how Python runs it."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "RUFF_"))}
        return {**kept, "NO_COLOR": "1", "PYTHONUTF8": "1", **program.environment}

    def _version(self, program: Program) -> dict[str, str]:
        """What is printed of a program below the table."""
        version = self._environment.versions.get(program.packages[0], "") if program.packages else ""
        return {"version": version, "about": program.about, "counts_as": program.counts_as}

    def _is_there(self, program: Program) -> bool:
        """Whether a program could be installed; if not, that is told."""
        why = self._environment.why_missing(program.packages)
        if why:
            self._leave_out("", program, f"not installed, because: {why}")
        return not why

    def _has_failed(self, program: Program, tree: Tree) -> bool:
        return any(
            left["is_failure"] and left["program"] == program.name and left["tree"] == tree.name
            for left in self.results["left_out"]
        )

    def _leave_out(self, tree: str, program: Program, why: str, *, is_failure: bool = False) -> None:
        self.results["left_out"].append(
            {"tree": tree, "program": program.name, "why": why, "is_failure": is_failure}
        )

    def _save(self) -> None:
        if self._options.json:
            self._options.json.write_text(json.dumps(self.results, indent=1) + "\n", "utf-8")


def described(tree: Tree) -> dict[str, Any]:
    """What the results hold of a tree."""
    return {
        "files": len(tree.files),
        "bytes": tree.bytes,
        "modules": tree.modules,
        "is_start": tree.modules == START,
    }


if __name__ == "__main__":
    sys.exit(main())
