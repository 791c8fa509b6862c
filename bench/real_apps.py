"""Run gaebot on real apps, as a user would, and let the judges say what came of it.

    python bench/real_apps.py --corpus DIR [--app NAME] [--jobs 2] [--markdown FILE]

DIR holds NAME/before, an app (or several) as it was on Python 2.5, and where its maintainers moved
it to Python 2.7 themselves NAME/after. Nothing below DIR is changed but the file of baseline
figures: what does not depend on gaebot (how many handlers load before, and on the maintainers' own
result) is measured once and kept there until the app or the judge changes.

A table in Markdown goes to standard output. The exit code is 1 when gaebot made something worse or
did not finish its work; what exactly is listed below the table.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import gaebot.prove
from gaebot.prove import (
    Probe,
    ProbeReport,
    ProofError,
    Verdict,
    YamlVerdict,
    compile_files,
    find_python27,
    find_sdk,
    install_sdk,
    probe_handlers,
    validate_yaml,
)

GAEBOT_SECONDS = 600
SEVERITIES = ("error", "warning", "note")
COLUMNS = (
    "app",
    "app roots",
    "exit codes of check, fix",
    "findings",
    "fixes offered",
    "findings left after fix --unsafe",
    "files changed",
    ".py that compile, before → after",
    "app.yaml accepted as python27",
    "handlers that load (answer), before",
    "after gaebot",
    "maintainers' own result",
)


@dataclass(frozen=True)
class Judges:
    """The programs that judge."""

    python27: Path
    sdk: Path

    def probe(self, app: Path, paths: Sequence[str] | None = None) -> ProbeReport:
        """Ask the handlers of an app root."""
        return probe_handlers(app, python27=self.python27, sdk=self.sdk, paths=paths)


@dataclass
class Run:
    """One call of gaebot."""

    code: int
    seconds: float
    output: str
    errors: str

    @property
    def crashed(self) -> bool:
        """Whether it ended otherwise than with `nothing to report` or `findings`."""
        return self.code not in (0, 1) or "Traceback (most recent call last)" in self.errors


@dataclass
class Result:
    """All that is measured on one tree of the corpus. Paths are relative to the tree."""

    name: str
    roots: list[str]
    """Folders with an app.yaml that says `runtime: python`."""
    faults: list[str] = field(default_factory=list)
    """What makes the exit code 1."""
    remarks: list[str] = field(default_factory=list)
    check: Run | None = None
    fix: Run | None = None
    found: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    offered: Counter[str] = field(default_factory=Counter)
    changed_files: int = 0
    files_before: int = 0
    files_after: int = 0
    compile_before: int = 0
    compile_after: int = 0
    verdicts: dict[str, YamlVerdict] = field(default_factory=dict)
    before: dict[str, ProbeReport] = field(default_factory=dict)
    after: dict[str, ProbeReport] = field(default_factory=dict)
    maintainers: dict[str, ProbeReport] = field(default_factory=dict)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, say whether all is well."""
    options = parse_arguments(argv)
    try:
        python27 = find_python27()
        judges = Judges(python27, find_sdk() if os.environ.get("GAEBOT_SDK") else install_sdk(python27))
    except ProofError as error:
        print(error, file=sys.stderr)
        return 2
    names = options.app or sorted(path.parent.name for path in options.corpus.glob("*/before"))
    missing = [name for name in names if not (options.corpus / name / "before").is_dir()]
    if missing or not names:
        print(f"{options.corpus} holds no {', '.join(missing) or 'app'}/before.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="gaebot-bench-") as workplace:
        bench = Bench(options.corpus, Path(workplace), judges, options.jobs)
        results = bench.measure(
            names,
            options.baseline or options.corpus / "baseline.json",
            baseline_only=options.baseline_only,
        )
    report = markdown(results)
    print(report)
    if options.markdown:
        options.markdown.write_text(report + "\n", encoding="utf-8")
    return 1 if any(result.faults for result in results) else 0


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, required=True, help="folder with NAME/before")
    parser.add_argument("--app", action="append", metavar="NAME", help="only this one (repeatable)")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once (default: 2)")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table here too")
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="default: baseline.json in the corpus")
    parser.add_argument("--baseline-only", action="store_true", help="measure what does not depend on gaebot")
    return parser.parse_args(argv)


class Bench:
    """Measures apps of a corpus; everything that is run lies below `workplace`."""

    def __init__(self, corpus: Path, workplace: Path, judges: Judges, jobs: int) -> None:
        self.corpus = corpus
        self.workplace = workplace
        self.judges = judges
        self.jobs = jobs

    def measure(self, names: Sequence[str], baseline: Path, *, baseline_only: bool) -> list[Result]:
        """Measure these apps. First all that only reads, then all that starts a server."""
        results = self._each(names, self._read_app if baseline_only else self._patch_app)
        self._probe_baseline(results, baseline)
        if not baseline_only:
            self._probe_after(results)
        return results

    def _each(self, items: Iterable[Any], work: Callable[[Any], Any]) -> list[Any]:
        with ThreadPoolExecutor(self.jobs) as pool:
            return list(pool.map(work, items))

    def _read_app(self, name: str) -> Result:
        tree = self.corpus / name / "before"
        verdicts = validate_yaml(self.judges.python27, self.judges.sdk, app_yamls(tree))
        result = Result(name, [])
        for path, verdict in verdicts.items():
            if verdict.runtime == "python" or (verdict.error and says_python25(path)):
                result.roots.append(relative(path.parent, tree))
                if verdict.error:
                    place = relative(path, tree)
                    result.remarks.append(f"`{place}` was refused before: {one_line(verdict.error)}")
        compiled = compile_files(self.judges.python27, python_files(tree))
        result.files_before = len(compiled)
        result.compile_before = sum(error is None for error in compiled.values())
        return result

    def _patch_app(self, name: str) -> Result:
        before = self.corpus / name / "before"
        result = self._read_app(name)
        tree = self.tree(name)
        shutil.copytree(before, tree, symlinks=True)
        result.check = self._gaebot(name, "check", "--format", "json")
        self._note_errors(result, result.check)
        result.found = by_severity(result.check)
        for finding in findings_of(result.check):
            if finding.get("fix"):
                result.offered[finding["fix"]["safety"]] += 1
        result.fix = self._gaebot(name, "fix", "--unsafe")
        once = fingerprints(tree)
        original = fingerprints(before)
        result.changed_files = sum(
            once.get(path) != original.get(path) for path in once.keys() | original.keys()
        )
        again = self._gaebot(name, "fix", "--unsafe")
        if fingerprints(tree) != once:
            result.faults.append("a second `gaebot fix --unsafe` changes files again")
        last_check = self._gaebot(name, "check", "--format", "json")
        self._note_errors(result, last_check)
        result.left = by_severity(last_check)
        runs = (
            ("check", result.check),
            ("fix", result.fix),
            ("fix, again,", again),
            ("check, after fix,", last_check),
        )
        for title, run in runs:
            if run.crashed:
                said = one_line(run.errors.strip().rpartition("\n")[2])
                result.faults.append(f"gaebot {title} ended with code {run.code}: {said}")
        self._judge_files(result, before, tree)
        return result

    def _gaebot(self, name: str, command: str, *options: str) -> Run:
        # An empty current folder: `python -m` puts it in front of everything importable.
        nowhere = self.workplace / "nowhere"
        nowhere.mkdir(exist_ok=True)
        arguments = [sys.executable, "-m", "gaebot", command, *options, str(self.tree(name))]
        start = time.monotonic()
        try:
            done = subprocess.run(
                arguments, capture_output=True, check=False, cwd=nowhere, timeout=GAEBOT_SECONDS
            )
        except subprocess.TimeoutExpired:
            return Run(-1, GAEBOT_SECONDS, "", f"not finished after {GAEBOT_SECONDS} seconds")
        seconds = time.monotonic() - start
        print(f"{name}: gaebot {command}, {seconds:.1f} seconds", file=sys.stderr)
        output, errors = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
        return Run(done.returncode, seconds, output, errors)

    def _note_errors(self, result: Result, run: Run) -> None:
        if _json_of(run) is None:
            said = one_line(run.errors.strip().rpartition("\n")[2])
            result.faults.append(f"gaebot check --format json did not print JSON: {said}")
        for error in errors_of(run):
            # Without a rule it is about a file that gaebot does not read, which is for the user.
            where = result.faults if error["rule"] else result.remarks
            place = error["path"].replace(f"{self.tree(result.name)}/", "")
            note = f"`{place}`: {error['rule']} {one_line(error['message'])}"
            if note not in where:
                where.append(note)

    def _judge_files(self, result: Result, before: Path, tree: Path) -> None:
        python27 = self.judges.python27
        was = {
            relative(path, before): error
            for path, error in compile_files(python27, python_files(before)).items()
        }
        for path, error in compile_files(python27, python_files(tree)).items():
            result.files_after += 1
            result.compile_after += error is None
            if error is not None and was.get(relative(path, tree)) is None:
                place = relative(path, tree)
                result.faults.append(f"`{place}` does not compile any more: {one_line(error)}")
        verdicts = validate_yaml(python27, self.judges.sdk, app_yamls(tree))
        result.verdicts = {relative(path, tree): verdict for path, verdict in verdicts.items()}
        for place, verdict in result.verdicts.items():
            if relative(Path(place).parent, Path()) not in result.roots:
                continue
            if verdict.error:
                result.faults.append(f"`{place}` is refused: {one_line(verdict.error)}")
            elif verdict.runtime != "python27":
                result.faults.append(f"`{place}` still says runtime {verdict.runtime}")

    def tree(self, name: str) -> Path:
        """The copy of an app that gaebot patches."""
        return self.workplace / "trees" / name

    def _probe_baseline(self, results: Sequence[Result], file: Path) -> None:
        kept = json.loads(file.read_text("utf-8")) if file.is_file() else {}
        judge = fingerprint_of_files(Path(gaebot.prove.__file__).parent)
        wanted: list[tuple[str, Path, dict[str, ProbeReport], str]] = []
        for result in results:
            for state, reports in (("before", result.before), ("after", result.maintainers)):
                tree = self.corpus / result.name / state
                wanted += [
                    (f"{result.name}/{state}/{root}", tree / root, reports, root)
                    for root in result.roots
                    if any((tree / root / name).is_file() for name in ("app.yaml", "app.yml"))
                ]

        def probe(job: tuple[str, Path, dict[str, ProbeReport], str]) -> None:
            key, app, reports, root = job
            fingerprint = f"{judge} {fingerprint_of_files(app)}"
            if kept.get(key, {}).get("fingerprint") != fingerprint:
                print(f"{key}: asking its handlers", file=sys.stderr)
                report = self.judges.probe(app)
                kept[key] = {"fingerprint": fingerprint, **to_json(report)}
            reports[root] = from_json(kept[key])

        self._each(wanted, probe)
        file.write_text(json.dumps(dict(sorted(kept.items())), indent=1), encoding="utf-8")

    def _probe_after(self, results: Sequence[Result]) -> None:
        def probe(job: tuple[Result, str]) -> None:
            result, root = job
            print(f"{result.name}/{root}: asking its handlers after gaebot", file=sys.stderr)
            paths = [probe.path for probe in result.before[root].probes if probe.path is not None]
            result.after[root] = self.judges.probe(self.tree(result.name) / root, paths)

        self._each([(result, root) for result in results for root in result.before], probe)
        for result in results:
            for root, was in result.before.items():
                compare(result, root, was, result.after[root])


def compare(result: Result, root: str, was: ProbeReport, now: ProbeReport) -> None:
    """Put into `result` what is worse on the server than it was."""
    if was.refused:
        result.remarks.append(f"`{root}` did not start before: {one_line(was.refused)}")
    if now.refused:
        where = result.remarks if was.refused else result.faults
        where.append(f"`{root}` does not start after gaebot: {one_line(now.refused)}")
        return
    hidden = [probe.url for probe in was.probes if probe.verdict is Verdict.NOT_REACHED]
    if hidden:
        result.remarks.append(f"`{root}`: earlier handlers hide {', '.join(hidden)}")
    reasons = Counter(probe.reason for probe in now.probes if not probe.verdict.loads)
    for reason, count in reasons.most_common():
        why = one_line(reason) or "no handler takes the URL"
        result.remarks.append(f"`{root}`: {count} do not load after gaebot: {why}")
    after = {probe.path: probe for probe in now.probes}
    for old in was.probes:
        if old.path is None:
            continue
        new = after[old.path]
        change = (
            f"`{root}`: `{old.path}` ({old.script} → {new.script or 'nothing'}) "
            f"{old.verdict.value} → {new.verdict.value}: {one_line(new.reason)}"
        )
        if old.verdict.loads and not new.verdict.loads:
            # The same fault, which now shows when the module is imported, was there before.
            same = bool(new.reason) and new.reason == old.reason
            (result.remarks if same else result.faults).append(change)
        elif old.verdict is Verdict.ANSWERS and new.verdict is Verdict.FAILS:
            result.remarks.append(change)


def findings_of(run: Run) -> list[dict[str, Any]]:
    """The findings in gaebot's JSON; none when it printed something else."""
    return list((_json_of(run) or {}).get("findings", []))


def by_severity(run: Run) -> Counter[str]:
    """How many findings of each severity."""
    return Counter(finding["severity"] for finding in findings_of(run))


def errors_of(run: Run) -> list[Any]:
    """The errors in gaebot's JSON."""
    return list((_json_of(run) or {}).get("errors", []))


def _json_of(run: Run) -> dict[str, Any] | None:
    try:
        return dict(json.loads(run.output))
    except ValueError:
        return None


def app_yamls(tree: Path) -> list[Path]:
    """Every app.yaml below a folder."""
    return [path for path in files_of(tree) if path.name in ("app.yaml", "app.yml")]


def says_python25(path: Path) -> bool:
    """Whether an app.yaml that Google's parser refuses is one for Python 2.5."""
    lines = path.read_text("latin-1").splitlines()
    return any(line.split("#")[0].replace(" ", "").strip() == "runtime:python" for line in lines)


def python_files(tree: Path) -> list[Path]:
    """Every .py file below a folder."""
    return [path for path in files_of(tree) if path.suffix == ".py"]


def files_of(tree: Path) -> Iterator[Path]:
    """Every regular file below a folder, sorted; links are not followed."""
    for path in sorted(tree.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


def fingerprints(tree: Path) -> dict[str, str]:
    """A hash of each file below a folder."""
    return {relative(path, tree): hashlib.sha256(path.read_bytes()).hexdigest() for path in files_of(tree)}


def fingerprint_of_files(folder: Path) -> str:
    """One hash of all that lies below a folder, but for what Python compiles."""
    kept = {path: digest for path, digest in fingerprints(folder).items() if not path.endswith(".pyc")}
    return hashlib.sha256(json.dumps(kept).encode()).hexdigest()


def relative(path: Path, tree: Path) -> str:
    """A path below a tree, with forward slashes."""
    return path.relative_to(tree).as_posix()


def to_json(report: ProbeReport) -> dict[str, Any]:
    """A probe report as JSON values."""
    probes = [{**asdict(probe), "verdict": probe.verdict.value} for probe in report.probes]
    return {"refused": report.refused, "probes": probes}


def from_json(data: dict[str, Any]) -> ProbeReport:
    """What `to_json` made."""
    probes = (Probe(**{**probe, "verdict": Verdict(probe["verdict"])}) for probe in data["probes"])
    return ProbeReport(tuple(probes), data["refused"])


def one_line(text: str) -> str:
    """A text without line breaks, shortened, safe in a table."""
    text = " ".join(text.split()).replace("|", "\\|")
    return text if len(text) <= 200 else text[:199] + "…"


def markdown(results: Sequence[Result]) -> str:
    """The table and what is to say about its rows."""
    lines = [
        f"| {' | '.join(COLUMNS)} |",
        f"|---|{'---|' * (len(COLUMNS) - 1)}",
        *(row(result) for result in results),
    ]
    for title, notes in (
        ("Worse than before", [(r.name, note) for r in results for note in r.faults]),
        ("Remarks", [(r.name, note) for r in results for note in r.remarks]),
    ):
        if notes:
            lines += ["", f"**{title}**", "", *(f"- {name}: {note}" for name, note in notes)]
    return "\n".join(lines)


def row(result: Result) -> str:
    """One line of the table."""
    cells = [
        result.name,
        str(len(result.roots)),
        *patch_cells(result),
        handlers(result.before.values()),
        handlers(result.after.values()),
        handlers(result.maintainers.values()),
    ]
    return f"| {' | '.join(cells)} |"


def patch_cells(result: Result) -> list[str]:
    """The cells about gaebot and the files; all but one are empty when it was not run."""
    compiled = f"{result.compile_before} of {result.files_before}"
    if result.check is None or result.fix is None:
        return ["", "", "", "", "", compiled, ""]
    offered = ", ".join(f"{count} {safety}" for safety, count in sorted(result.offered.items()))
    accepted = [
        verdict
        for place, verdict in result.verdicts.items()
        if relative(Path(place).parent, Path()) in result.roots
        and verdict.error is None
        and verdict.runtime == "python27"
    ]
    threadsafe = sum(verdict.threadsafe is True for verdict in accepted)
    return [
        f"{result.check.code}, {result.fix.code}",
        severities(result.found),
        offered or "0",
        severities(result.left),
        str(result.changed_files),
        f"{compiled} → {result.compile_after} of {result.files_after}",
        f"{len(accepted)} of {len(result.roots)}, threadsafe {threadsafe}",
    ]


def severities(counts: Counter[str]) -> str:
    """Counts by severity: `3 error, 1 note`."""
    return ", ".join(f"{counts[name]} {name}" for name in SEVERITIES if counts[name]) or "0"


def handlers(reports: Iterable[ProbeReport]) -> str:
    """How many handlers load, how many answer, of how many; and how many apps do not start."""
    reports = list(reports)
    if not reports:
        return ""
    probes = [
        probe for report in reports for probe in report.probes if probe.verdict is not Verdict.NOT_REACHED
    ]
    loads = sum(probe.verdict.loads for probe in probes)
    answers = sum(probe.verdict is Verdict.ANSWERS for probe in probes)
    refused = sum(report.refused is not None for report in reports)
    return f"{loads} ({answers}) of {len(probes)}" + (f", {refused} refused" if refused else "")


if __name__ == "__main__":
    sys.exit(main())
