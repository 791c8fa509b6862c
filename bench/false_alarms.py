"""How many of gaebot's findings on real apps are wrong, by the judgement of somebody who read them.

    python bench/false_alarms.py                                  the figure, from what is recorded
    python bench/false_alarms.py --draw DIR ... --seed 20261127   findings to judge, as YAML

`--draw` takes the findings on all DIR/NAME/before in an order that only chance and the seed, which it
prints, decide, and writes the first `--count`. The place of a finding in that order does not depend on
the others, so that a change of a rule does not make another sample. What `tests/labels/findings.yaml`
says of one of them already is kept: the output can take the place of that file once the empty verdicts
are filled in. A verdict is

- right: what the finding says is true of this app, and somebody who moves it would want to know;
- wrong: it is not true, or does not matter there, or its patch would do harm;

and is followed by the reason. Nothing is fetched, and none of the apps' code is written down. The
exit code is 1 when more than 8 of 150 are wrong, or a verdict is missing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

LABELS = Path(__file__).parent.parent / "tests" / "labels" / "findings.yaml"
VERDICTS = ("right", "wrong")
MOST_WRONG = 8 / 150


def main(argv: Sequence[str] | None = None) -> int:
    """Draw, or print the figure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--draw", type=Path, nargs="+", metavar="DIR", help="folders with NAME/before")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**8))
    parser.add_argument("--count", type=int, default=150)
    options = parser.parse_args(argv)
    if options.draw:
        drawn = draw(options.draw, options.seed, options.count)
        print(yaml.safe_dump(drawn, allow_unicode=True, sort_keys=False, width=1000), end="")
        return 0
    recorded = yaml.safe_load(LABELS.read_text("utf-8"))
    print(figure(recorded))
    verdicts = Counter(entry["verdict"] for entry in recorded["findings"])
    return 0 if set(verdicts) <= set(VERDICTS) and verdicts["wrong"] / verdicts.total() <= MOST_WRONG else 1


def draw(corpora: Sequence[Path], seed: int, count: int) -> dict[str, Any]:
    """Findings drawn at random, each with the verdict that is recorded for it, or an empty one."""
    trees = sorted(tree for corpus in corpora for tree in corpus.glob("*/before"))
    findings = [finding for tree in trees for finding in findings_of(tree)]
    findings.sort(key=lambda finding: hashlib.sha256(f"{seed} {key_of(finding)}".encode()).digest())
    known = {}
    if LABELS.is_file():
        for entry in yaml.safe_load(LABELS.read_text("utf-8"))["findings"]:
            known[key_of(entry)] = {"verdict": entry["verdict"], "why": entry["why"]}
    nothing = {"verdict": "", "why": ""}
    return {
        "seed": seed,
        "apps": len(trees),
        "of": len(findings),
        "findings": [entry | known.get(key_of(entry), nothing) for entry in findings[:count]],
    }


def findings_of(tree: Path) -> list[dict[str, Any]]:
    """The findings on an app, each as the app's name, path, line (1-based) and rule."""
    command = [sys.executable, "-m", "gaebot", "check", "--format", "json", str(tree)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode("utf-8", "replace"))
    return [
        {
            "app": tree.parent.name,
            "path": Path(finding["path"]).relative_to(tree).as_posix(),
            "line": finding["line"],
            "rule": finding["rule"],
        }
        for finding in json.loads(done.stdout)["findings"]
    ]


def key_of(entry: dict[str, Any]) -> tuple[str, str, int, str]:
    """What tells a finding from the others."""
    return entry["app"], entry["path"], entry["line"], entry["rule"]


def figure(recorded: dict[str, Any]) -> str:
    """The figure in words, and the findings that are wrong."""
    entries = recorded["findings"]
    wrong = [entry for entry in entries if entry["verdict"] == "wrong"]
    rules = len({entry["rule"] for entry in entries})
    head = (
        f"Of {len(entries)} findings of {rules} rules, drawn with seed {recorded['seed']} from the "
        f"{recorded['of']} on {recorded['apps']} apps, {len(wrong)} are wrong "
        f"(precision {1 - len(wrong) / len(entries):.1%})."
    )
    lines = [
        f"- {entry['app']}, {entry['path']}:{entry['line']} {entry['rule']}: {entry['why']}"
        for entry in wrong
    ]
    return "\n".join([head, *lines])


if __name__ == "__main__":
    sys.exit(main())
