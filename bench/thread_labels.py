"""How right and how complete the findings about threads are, by the judgement of people who read the apps.

    python bench/thread_labels.py                     both figures, from what is recorded
    python bench/thread_labels.py --corpus DIR ...    besides: what gaebot says now that is not recorded so

`tests/labels/thread_findings.yaml` holds findings of the family `threads` on real apps, each with the
verdict "right" (true of this app, and somebody who switches `threadsafe` on would want to know) or "wrong",
and why. Precision is the share of the right ones. `tests/labels/races.yaml` holds races that readers found in
such apps without gaebot, and which rule reports each (nothing: none does). Neither holds code of the apps.

`--corpus` takes folders with NAME/before, runs gaebot there and prints each recorded finding that is gone,
each new one that nobody has judged, and each race that is reported otherwise than recorded. Nothing is
fetched. The exit code is 1 when precision is below 0.85 or less than 50 of 60 races are reported, or when
something is not as recorded.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent.parent / "tests" / "labels"
FINDINGS = FOLDER / "thread_findings.yaml"
RACES = FOLDER / "races.yaml"
LEAST_PRECISION = 0.85
LEAST_RECALL = 50 / 60
# Rules of other families that are about state that requests share.
SELECT = "threads,wsgi-module-level-request-state,tmpl-swap-settings"

Entry = dict[str, Any]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures, and what is not as recorded."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, nargs="+", metavar="DIR", help="folders with NAME/before")
    options = parser.parse_args(argv)
    findings = yaml.safe_load(FINDINGS.read_text("utf-8"))["findings"]
    races = yaml.safe_load(RACES.read_text("utf-8"))["races"]
    print(precision_text(findings))
    print(recall_text(races))
    differences = list(_differences(options.corpus, findings, races)) if options.corpus else []
    print("\n".join(differences))
    is_good = precision(findings) >= LEAST_PRECISION and recall(races) >= LEAST_RECALL
    return 0 if is_good and not differences else 1


def precision(findings: Sequence[Entry]) -> float:
    """The share of findings that are right."""
    return sum(entry["verdict"] == "right" for entry in findings) / len(findings)


def recall(races: Sequence[Entry]) -> float:
    """The share of races that a rule reports."""
    return sum(bool(entry["reported"]) for entry in races) / len(races)


def precision_text(findings: Sequence[Entry]) -> str:
    """The first figure in words, by rule, with the findings that are wrong."""
    wrong = [entry for entry in findings if entry["verdict"] != "right"]
    apps = len({entry["app"] for entry in findings})
    rules = Counter(entry["rule"] for entry in findings)
    bad = Counter(entry["rule"] for entry in wrong)
    head = f"Of {len(findings)} findings of {len(rules)} rules on {apps} apps, {len(wrong)} are wrong"
    lines = [f"{head} (precision {precision(findings):.2f})."]
    lines += [f"- {rule}: {count - bad[rule]} of {count} right" for rule, count in sorted(rules.items())]
    lines += [f"- wrong: {_place(entry)} {entry['rule']}: {entry['why']}" for entry in wrong]
    return "\n".join(lines)


def recall_text(races: Sequence[Entry]) -> str:
    """The second figure in words, with the races that no rule reports."""
    missed = [entry for entry in races if not entry["reported"]]
    apps = len({entry["app"] for entry in races})
    head = f"Of {len(races)} races that readers found in {apps} apps"
    lines = [f"{head}, {len(races) - len(missed)} are reported ({recall(races):.2f})."]
    lines += [f"- missed: {_place(entry)} {entry['name']}: {entry['why']}" for entry in missed]
    return "\n".join(lines)


def _place(entry: Entry) -> str:
    return f"{entry['app']}, {entry['path']}:{entry['line']}"


def _differences(corpora: Sequence[Path], findings: Sequence[Entry], races: Sequence[Entry]) -> Iterator[str]:
    """What gaebot says now otherwise than recorded, of the apps that are there."""
    apps = {entry["app"] for entry in (*findings, *races)}
    trees = {tree.parent.name: tree for corpus in corpora for tree in corpus.glob("*/before")}
    for app in sorted(apps):
        if app not in trees:
            yield f"- {app} is not there"
            continue
        told = findings_of(trees[app])
        known = {_key(entry) for entry in findings if entry["app"] == app}
        now = {(finding["path"], finding["line"], finding["rule"]) for finding in told}
        for path, line, rule in sorted(known - now):
            yield f"- gone: {app}, {path}:{line} {rule}"
        if known:
            for path, line, rule in sorted(now - known):
                yield f"- not judged: {app}, {path}:{line} {rule}"
        for race in races:
            reported = reported_by(race, told) if race["app"] == app else race["reported"]
            if reported != race["reported"]:
                yield f"- {_place(race)} is reported by {reported or 'nothing'}, not {race['reported']}"


def _key(entry: Entry) -> tuple[str, int, str]:
    return entry["path"], entry["line"], entry["rule"]


def findings_of(tree: Path) -> list[Entry]:
    """The findings about threads on an app, each with the lines of further changes that it names."""
    command = [sys.executable, "-m", "gaebot", "check", "--select", SELECT, "--format", "json", str(tree)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode("utf-8", "replace"))
    return [
        {
            "path": Path(finding["path"]).relative_to(tree).as_posix(),
            "line": finding["line"],
            "rule": finding["rule"],
            "others": [
                (Path(related["path"]).relative_to(tree).as_posix(), related["line"])
                for related in finding["related"]
                if "changes " in related["message"] or related["message"] == "And here."
            ],
        }
        for finding in json.loads(done.stdout)["findings"]
    ]


def reported_by(race: Entry, told: Sequence[Entry]) -> str:
    """The rule whose finding stands at a race, or names it among further changes; else nothing.

    A finding may stand a line above or below, as a statement may begin there.
    """
    for places in (lambda finding: [(finding["path"], finding["line"])], lambda finding: finding["others"]):
        for finding in told:
            if any(path == race["path"] and abs(line - race["line"]) <= 1 for path, line in places(finding)):
                return str(finding["rule"])
    return ""


if __name__ == "__main__":
    sys.exit(main())
