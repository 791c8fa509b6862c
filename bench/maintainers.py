"""Compare gaebot with what the maintainers of real apps changed by hand for python27.

    python bench/maintainers.py --corpus DIR [--app NAME]

`tests/migrations/NAME.yaml` lists those changes; DIR holds NAME/before, the app as it was. A change
counts as

- reported, when `gaebot check` has a finding of one of the change's rules that is at its file and line, or
  names them as the reason;
- patched, when `gaebot fix --unsafe` leaves no such finding there;
- missed otherwise.

A table in Markdown goes to standard output, then the changes that were missed. The exit code is 1
when fewer than 90 of 100 changes are patched or reported, or fewer than 60 patched.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

LISTS = Path(__file__).parent.parent / "tests" / "migrations"
OUTCOMES = ("patched", "reported", "missed")
LEAST_KNOWN = 0.9
LEAST_PATCHED = 0.6


@dataclass(frozen=True)
class Change:
    """One change that a maintainer made: its file, its line (1-based, before the change), what it
    was in a few words, and the rules of gaebot that would speak of it."""

    path: str
    line: int
    what: str
    rules: frozenset[str]


@dataclass(frozen=True)
class Found:
    """A finding of gaebot: `places` are its own and those it names as reasons, `name` is its
    fingerprint, which does not change when code moves."""

    rule: str
    places: tuple[tuple[str, range], ...]
    name: str

    def is_at(self, path: str, line: int) -> bool:
        """Whether one of its places holds this line."""
        return any(path == place and line in lines for place, lines in self.places)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, say whether it is enough."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, required=True, help="folder with NAME/before")
    parser.add_argument("--app", action="append", metavar="NAME", help="only this one (repeatable)")
    options = parser.parse_args(argv)
    names = options.app or sorted(path.stem for path in LISTS.glob("*.yaml"))
    for name in names:
        if not (options.corpus / name / "before").is_dir() or not (LISTS / f"{name}.yaml").is_file():
            print(
                f"{name} needs both {options.corpus}/{name}/before and {LISTS}/{name}.yaml.", file=sys.stderr
            )
            return 2
    outcomes = {name: judge(options.corpus / name / "before", changes_of(name)) for name in names}
    print(markdown(outcomes))
    total = Counter(outcome for of_app in outcomes.values() for _, outcome in of_app)
    known = (total["patched"] + total["reported"]) / total.total()
    return 0 if known >= LEAST_KNOWN and total["patched"] / total.total() >= LEAST_PATCHED else 1


def changes_of(name: str) -> list[Change]:
    """The changes listed for an app."""
    listed = yaml.safe_load((LISTS / f"{name}.yaml").read_text("utf-8"))["changes"]
    changes = []
    for change in listed:
        path, _, line = change["at"].rpartition(":")
        changes.append(Change(path, int(line), change["what"], frozenset(change["rules"])))
    return changes


def judge(before: Path, changes: Sequence[Change]) -> list[tuple[Change, str]]:
    """Say of each change what gaebot makes of it; `before` is not touched."""
    with tempfile.TemporaryDirectory(prefix="gaebot-bench-") as folder:
        tree = Path(folder) / "app"
        shutil.copytree(before, tree, symlinks=True)
        first = check(tree)
        run("fix", "--unsafe", tree)
        left = {finding.name for finding in check(tree)}
    return [(change, outcome(change, first, left)) for change in changes]


def outcome(change: Change, first: Sequence[Found], left: set[str]) -> str:
    """One of OUTCOMES."""
    speaking = [
        finding
        for finding in first
        if finding.rule in change.rules and finding.is_at(change.path, change.line)
    ]
    if not speaking:
        return "missed"
    return "reported" if any(finding.name in left for finding in speaking) else "patched"


def check(tree: Path) -> list[Found]:
    """What gaebot finds, with paths relative to `tree`."""
    findings = json.loads(run("check", "--format", "json", tree))["findings"]
    return [
        Found(
            finding["rule"],
            tuple(
                (
                    Path(place["path"]).relative_to(tree).as_posix(),
                    range(place["line"], place["end_line"] + 1),
                )
                for place in (finding, *finding["related"])
            ),
            f"{Path(finding['app']).relative_to(tree)} {finding['fingerprint']}",
        )
        for finding in findings
    ]


def run(command: str, *arguments: str | Path) -> bytes:
    """What a gaebot command prints; findings are no failure."""
    done = subprocess.run(
        [sys.executable, "-m", "gaebot", command, *arguments], capture_output=True, check=False
    )
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode("utf-8", "replace"))
    return done.stdout


def markdown(outcomes: dict[str, list[tuple[Change, str]]]) -> str:
    """The table, and the changes that gaebot does not know of."""
    lines = [
        "| app | changes | " + " | ".join(OUTCOMES) + " | patched or reported |",
        "|---|---|---|---|---|---|",
    ]
    for name, of_app in [*outcomes.items(), ("all", [pair for of in outcomes.values() for pair in of])]:
        count = Counter(outcome for _, outcome in of_app)
        known = (count["patched"] + count["reported"]) / len(of_app)
        cells = " | ".join(str(count[outcome]) for outcome in OUTCOMES)
        lines.append(f"| {name} | {len(of_app)} | {cells} | {known:.0%} |")
    lines += ["", "Missed:", ""]
    lines += [
        f"- {name}, `{change.path}:{change.line}`: {change.what}"
        for name, of_app in outcomes.items()
        for change, outcome in of_app
        if outcome == "missed"
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
