"""From the raw results to the table and the goals. All of it is arithmetic and text; nothing is run.

The results are what `versus.py --json` writes: `trees`, `programs`, `runs`, `counts` and `left_out`.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from against.programs import CHECK, FIXIT, FIXIT_ALONE, PARSER, PYUPGRADE

Results = Mapping[str, Any]
Run = Mapping[str, Any]

COLUMNS = (
    "tree",
    "program",
    "rounds",
    "time",
    "time / gaebot check",
    "peak memory",
    ".py given",
    "read",
    "parsed",
    "time per module",
    "growth of time",
    "memory per module",
    "growth of memory",
    "what it says it did",
)
TEXTS = {"tree", "program", "what it says it did"}
MOST_OF_PARSING = 3.0
LEAST_OF_PYUPGRADE = 2.0
LEAST_OF_FIXIT = 20.0
MOST_GROWTH = 1.2
LEAST_MORE = 1.05  # of what the start takes, or no growth is told


def table(results: Results) -> str:
    """The table in Markdown, one line for each tree and program."""
    lines = [f"| {' | '.join(COLUMNS)} |", f"|{'|'.join('---' if c in TEXTS else '---:' for c in COLUMNS)}|"]
    for tree in shown_trees(results):
        lines += [f"| {' | '.join(row(results, tree, program))} |" for program in results["programs"]]
    return "\n".join(lines)


def shown_trees(results: Results) -> list[str]:
    """The trees of the table: all but the one that only shows what the start takes."""
    return [name for name, tree in results["trees"].items() if not tree["is_start"]]


def row(results: Results, tree: str, program: str) -> list[str]:
    """The cells of one line."""
    runs = runs_of(results, tree, program)
    files = results["trees"][tree]["files"]
    given = [f"{files:,}", *count_cells(counts_of(results, tree, program))]
    if not runs:
        why = why_left_out(results, tree, program)
        return [tree, program, "0", "", "", "", *given, "", "", "", "", why]
    ratio, is_least = ratio_of(results, tree, program)
    smaller = next_smaller(results, tree)
    return [
        tree,
        program,
        str(len(runs)),
        ("over " if runs[0]["is_over"] else "") + seconds(statistics.median(run["seconds"] for run in runs)),
        ("over " if is_least else "") + f"{ratio:.2f}" if ratio else "",
        megabytes(statistics.median(run["peak"] for run in runs)),
        *given,
        *growth_cells(results, tree, smaller, program, "seconds", lambda value: f"{value * 1000:.2f} ms"),
        *growth_cells(results, tree, smaller, program, "peak", lambda value: f"{value / 1024:.0f} KB"),
        runs[0]["evidence"],
    ]


def counts_of(results: Results, tree: str, program: str) -> Mapping[str, int] | None:
    """How many files a program reads of a tree, where that was counted, for it or for another like it."""
    counts = results["counts"].get(tree, {})
    found: Mapping[str, int] | None = counts.get(results["programs"][program]["counts_as"] or program)
    return found


def count_cells(counts: Mapping[str, int] | None) -> tuple[str, str]:
    """The cells about what was read and parsed, empty where that was not counted."""
    if counts is None:
        return "", ""
    yaml = f" + {counts['yaml']:,} .yaml" if counts["yaml"] else ""
    return f"{counts['read']:,}{yaml}", f"{counts['parsed']:,}"


def why_left_out(results: Results, tree: str, program: str) -> str:
    """Why a program did not run on a tree, or failed there."""
    reasons = (o["why"] for o in results["left_out"] if o["program"] == program and o["tree"] in {tree, ""})
    return next(reasons, "not run")


def growth_cells(  # noqa: PLR0917 - one of each
    results: Results, tree: str, smaller: str, program: str, what: str, unit: Callable[[float], str]
) -> tuple[str, str]:
    """What a module takes, and its growth against the next smaller size. Empty where it isn't known."""
    each = per_module(results, tree, program, what)
    growth = growth_of(results, smaller, tree, program, what) if smaller else None
    return unit(each) if each is not None else "", f"{growth:.2f}" if growth is not None else ""


def runs_of(results: Results, tree: str, program: str) -> list[Run]:
    """The runs of a program on a tree, by round."""
    found = [run for run in results["runs"] if run["tree"] == tree and run["program"] == program]
    return sorted(found, key=lambda run: run["round"])


def ratio_of(results: Results, tree: str, program: str, to: str = CHECK) -> tuple[float, bool]:
    """The median of the ratios of times, each of runs in the same round, and whether it is at least that.

    It is when the program was ended at its time limit. 0 where there are no such rounds.
    """
    others = {run["round"]: run for run in runs_of(results, tree, to)}
    pairs = [(run, others[run["round"]]) for run in runs_of(results, tree, program) if run["round"] in others]
    pairs = [pair for pair in pairs if not pair[1]["is_over"]]
    if not pairs:
        return 0.0, False
    ratio = statistics.median(run["seconds"] / other["seconds"] for run, other in pairs)
    return ratio, any(run["is_over"] for run, _ in pairs)


def synthetic_trees(results: Results) -> list[str]:
    """The synthetic apps of the table, the smallest first."""
    shown = shown_trees(results)
    modules = {name: results["trees"][name]["modules"] for name in shown}
    return sorted((name for name in shown if modules[name]), key=lambda name: modules[name])


def next_smaller(results: Results, tree: str) -> str:
    """The synthetic app that is the next smaller one, or nothing."""
    names = synthetic_trees(results)
    return names[names.index(tree) - 1] if tree in names[1:] else ""


def start_of(results: Results) -> str:
    """The name of the app that shows what the start takes, or nothing."""
    return next((name for name, tree in results["trees"].items() if tree["is_start"]), "")


def per_module(results: Results, tree: str, program: str, what: str) -> float | None:
    """What each module more takes: (median on the tree - median on the start's app) / modules more.

    So all that a process does once is left aside, and what a first few modules make it load as well.
    """
    start, modules = start_of(results), results["trees"][tree]["modules"]
    first, runs = runs_of(results, start, program), runs_of(results, tree, program)
    if not first or not runs or not modules or any(run["is_over"] for run in (*first, *runs)):
        return None
    more = modules - results["trees"][start]["modules"]
    return (statistics.median(r[what] for r in runs) - statistics.median(r[what] for r in first)) / more


def growth_of(results: Results, smaller: str, larger: str, program: str, what: str) -> float | None:
    """By how much a module of a larger app takes more than one of a smaller: 1 is linear.

    The median of the rounds in which both were measured; what the start takes is the median of all. None
    where the smaller app takes hardly more than the start.
    """
    start = runs_of(results, start_of(results), program)
    if not start or any(run["is_over"] for run in start):
        return None
    base = statistics.median(run[what] for run in start)
    first = results["trees"][start_of(results)]["modules"]
    sizes = [results["trees"][tree]["modules"] - first for tree in (smaller, larger)]
    small = {run["round"]: run for run in runs_of(results, smaller, program) if not run["is_over"]}
    large = [run for run in runs_of(results, larger, program) if not run["is_over"]]
    ratios = [
        ((run[what] - base) / sizes[1]) / ((small[run["round"]][what] - base) / sizes[0])
        for run in large
        if run["round"] in small and small[run["round"]][what] > base * LEAST_MORE
    ]
    return statistics.median(ratios) if ratios else None


def goals(results: Results) -> str:
    """The goals as a list in Markdown, each met or missed with its figure."""
    lines = []
    for tree in shown_trees(results):
        lines += filter(
            None,
            (
                goal_of_parsing(results, tree),
                goal_of_others(results, tree, PYUPGRADE, LEAST_OF_PYUPGRADE),
                goal_of_others(results, tree, FIXIT, LEAST_OF_FIXIT),
                goal_of_others(results, tree, FIXIT_ALONE, LEAST_OF_FIXIT),
            ),
        )
    lines += goals_of_growth(results)
    return "\n".join(f"- {line}" for line in lines)


def goal_of_parsing(results: Results, tree: str) -> str:
    """Whether checking a tree takes at most three times what parsing it takes."""
    ratio, _ = ratio_of(results, tree, CHECK, PARSER)
    if not ratio:
        return f"not measured: {tree}: {CHECK} against {PARSER}"
    check, parsing = (per_module(results, tree, program, "seconds") for program in (CHECK, PARSER))
    apart = f"; {check / parsing:.2f} times by module, start-up apart" if check and parsing else ""
    return (
        f"{verdict(ratio <= MOST_OF_PARSING)}: {tree}: {CHECK} takes {ratio:.2f} times {PARSER} "
        f"(at most {MOST_OF_PARSING:g}){apart}"
    )


def goal_of_others(results: Results, tree: str, program: str, least: float) -> str:
    """Whether checking a tree is so many times as fast as another program; nothing when that isn't there."""
    if program not in results["programs"]:
        return ""
    ratio, is_least = ratio_of(results, tree, program)
    if not ratio:
        return f"not measured: {tree}: {CHECK} against {program} ({why_left_out(results, tree, program)})"
    word = verdict(ratio >= least)
    if is_least and ratio < least:
        word = "not decided"
    counts = counts_of(results, tree, program)
    files = results["trees"][tree]["files"]
    gave_up = f"; {program} parsed {counts['parsed']} of {files} files" if counts else ""
    over = "more than " if is_least else ""
    return (
        f"{word}: {tree}: {CHECK} is {over}{ratio:.1f} times as fast as {program} "
        f"(at least {least:g}{gave_up if counts and counts['parsed'] < files else ''})"
    )


def goals_of_growth(results: Results) -> Iterator[str]:
    """Whether time and memory of a check grow as the app does, between each two sizes."""
    names = synthetic_trees(results)
    for what, word in (("seconds", "time"), ("peak", "memory")):
        for index, larger in enumerate(names):
            for smaller in names[:index]:
                growth = growth_of(results, smaller, larger, CHECK, what)
                sizes = [results["trees"][tree]["modules"] for tree in (smaller, larger)]
                if growth is not None:
                    yield (
                        f"{verdict(growth <= MOST_GROWTH)}: {word} per module of {CHECK}, start-up apart, at "
                        f"{sizes[1]:,} modules is {growth:.2f} times that at {sizes[0]:,} "
                        f"(at most {MOST_GROWTH:g})"
                    )


def compared(before: Results, now: Results) -> str:
    """What became of the ratios of a check to parsing, and of its memory, since an earlier run."""
    lines = []
    for tree in shown_trees(now):
        old, new = (
            (ratio_of(results, tree, CHECK, PARSER)[0], runs_of(results, tree, CHECK))
            if tree in results["trees"]
            else (0.0, [])
            for results in (before, now)
        )
        if old[0] and new[0]:
            peaks = [megabytes(statistics.median(run["peak"] for run in runs)) for _, runs in (old, new)]
            lines.append(
                f"- {tree}: {CHECK} took {old[0]:.2f} times {PARSER} before, now {new[0]:.2f}; "
                f"{peaks[0]} before, now {peaks[1]}"
            )
    return "\n".join(lines)


def verdict(is_met: bool) -> str:  # noqa: FBT001 - it is all that is asked
    """The word for a goal."""
    return "met" if is_met else "MISSED"


def seconds(value: float) -> str:
    """A time, to three figures."""
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.3g} s" if value < 100 else f"{value:.0f} s"


def megabytes(value: float) -> str:
    """So many bytes in MB."""
    return f"{value / 1e6:.0f} MB"


def programs_text(results: Results) -> str:
    """The programs with their versions and how they are called."""
    return "\n".join(
        f"- {name}{' ' + program['version'] if program['version'] else ''}: {program['about']}"
        for name, program in results["programs"].items()
    )
