"""What is asked of gaebot for one damaged app: each answer that breaks a promise is a `Problem`."""

from __future__ import annotations

import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from gaebot.app import App
from gaebot.disk import read_app
from gaebot.engine import FixResult, check, fix
from gaebot.finding import Safety
from gaebot.render.formats import FORMATS, render
from gaebot.report import Report
from gaebot.rule import discover
from gaebot.suppression.add import ignore_edits
from gaebot.survey import survey
from tests.rules.helpers import HOP
from tests.trees import write_tree

RULES = discover(HOP)

MOST_SECONDS = 5.0
"""CPU time that one run of gaebot may use for one app: a check, a fix, the fix after it."""

MOST_BYTES = 500_000_000
"""Memory that a process of gaebot may use."""


@dataclass(frozen=True)
class Problem:
    """A promise that was broken. Problems of one `kind` are likely to be the same fault."""

    kind: str
    detail: str = ""


@dataclass
class Outcome:
    """What came of one app. `changed` are Python files that were fixed: what they held before and after."""

    problems: list[Problem] = field(default_factory=list)
    files: int = 0
    findings: int = 0
    fixed: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    peak: int = 0
    changed: list[tuple[str, bytes, bytes]] = field(default_factory=list)


def trial(files: Mapping[str, bytes], *, formats: bool = False) -> Outcome:
    """Check an app and fix it, in a folder of its own; never raises."""
    outcome = Outcome(files=len(files))
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        try:
            root = write_tree(Path(folder) / "app", files)
        except OSError:  # a name that this system does not take
            return outcome
        _forget_peak()
        try:
            _run(str(root), outcome, formats=formats)
        except Exception as error:  # noqa: BLE001 - whatever is raised is what is looked for
            outcome.problems.append(Problem(_kind_of(error), traceback.format_exc()))
        outcome.peak = _peak()
    for step, seconds in outcome.seconds.items():
        if seconds > MOST_SECONDS:
            outcome.problems.append(Problem(f"slow: {step}", f"{seconds:.1f} s"))
    if outcome.peak > MOST_BYTES:
        outcome.problems.append(Problem("memory", f"{outcome.peak // 1_000_000} MB"))
    return outcome


def _run(root: str, outcome: Outcome, *, formats: bool) -> None:
    with _timed(outcome, "check"):
        app = read_app(root, label="app")
        report = check(app, RULES)
    outcome.findings = len(report.findings)
    _judge_failures("check", report, app, outcome)
    _judge_places(app, report, outcome)
    with _timed(outcome, "fix"):
        result = fix(app, RULES, unsafe=True)
    outcome.fixed = len(result.fixed)
    _judge_failures("fix", result.report, app, outcome)
    _judge_fixed(app, result, outcome)
    with _timed(outcome, "comments"):
        survey(app)
        _judge_ignores(app, report, outcome)
    for name in FORMATS if formats else ("text", "json"):
        for asked in (report, result.report):
            with _timed(outcome, f"report as {name}"):
                render(name, asked, RULES)


@contextmanager
def _timed(outcome: Outcome, step: str) -> Iterator[None]:
    started = time.process_time()
    yield
    outcome.seconds[step] = max(outcome.seconds.get(step, 0.0), time.process_time() - started)


def _judge_failures(step: str, report: Report, app: App, outcome: Outcome) -> None:
    """No rule may raise, and no fix may go on for ever. A fix that is left out is fine in a broken file."""
    for failure in report.failures:
        if not failure.internal:
            continue
        is_refusal = "would have broken" in failure.message
        if is_refusal and not _is_sound(app):
            continue
        outcome.problems.append(Problem(f"{step}: {failure.rule}: {failure.message[:90]}", failure.message))


def _judge_places(app: App, report: Report, outcome: Outcome) -> None:
    for finding in report.findings:
        for place in (finding.place, *(related.place for related in finding.related)):
            start, end = place.span
            if not 0 <= start <= end <= len(app.files[place.path].data):
                outcome.problems.append(Problem(f"place: {finding.rule}", f"{place.path}: {place.span}"))


def _judge_fixed(app: App, result: FixResult, outcome: Outcome) -> None:
    """What could be parsed still can, and a second run changes nothing."""
    for change in result.changes:
        rules = ", ".join(sorted({finding.rule for finding in result.fixed}))
        path = change.path
        if change.path.endswith(".py") and change.old is not None:
            outcome.changed.append((path, change.old, change.new))
        old_python, new_python = app.python(path), result.app.python(path)
        if (
            new_python is not None
            and (old_python is None or not old_python.is_broken)
            and new_python.is_broken
        ):
            outcome.problems.append(Problem("broken Python", f"{path} by {rules}"))
        old_yaml, new_yaml = app.yaml(path), result.app.yaml(path)
        was_read = old_yaml is None or old_yaml.problem is None
        if new_yaml is not None and was_read and new_yaml.problem is not None:
            outcome.problems.append(Problem("broken YAML", f"{path} by {rules}"))
    with _timed(outcome, "fix again"):
        again = fix(result.app.with_files({}), RULES, unsafe=True)
    if again.changes:
        names = ", ".join(sorted({finding.rule for finding in again.fixed}))
        outcome.problems.append(Problem(f"second run: {names}", names))
    allowed = {Safety.SAFE, Safety.REVIEW}
    left = {f.rule for f in result.report.findings if f.fix is not None and f.fix.safety in allowed}
    if left and _is_sound(app) and not app.read_only:
        outcome.problems.append(Problem(f"left: {', '.join(sorted(left))}"))


def _judge_ignores(app: App, report: Report, outcome: Outcome) -> None:
    """The comments that silence all findings can be written, and leave readable what was."""
    edits, _ = ignore_edits(app, report.findings, "why")
    made = app.with_files({path: app.files[path].apply(found) for path, found in edits.items()})
    for path in edits:
        python, yaml = made.python(path), made.yaml(path)
        before, yaml_before = app.python(path), app.yaml(path)
        if python is not None and before is not None and python.is_broken and not before.is_broken:
            outcome.problems.append(Problem("ignores: broken Python", path))
        if yaml is None or yaml_before is None or yaml.problem is None or yaml_before.problem:
            continue
        if not yaml.problem.is_limit:  # thirty thousand comments may make a file larger than what is read
            outcome.problems.append(Problem("ignores: broken YAML", path))


def _is_sound(app: App) -> bool:
    """Whether every file of an app can be read."""
    return not any(file.is_broken for file in app.python_files(vendored=True)) and not any(
        file.problem for file in app.yaml_files(vendored=True)
    )


def _kind_of(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    inner = [frame for frame in frames if "gaebot" in frame.filename] or frames
    where = f"{Path(inner[-1].filename).name}:{inner[-1].name}" if inner else ""
    return f"raised {type(error).__name__} in {where}"


def _forget_peak() -> None:
    """Let the system measure the most memory in use from now on."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _peak() -> int:
    """The most memory that this process had in use, in bytes; 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)
