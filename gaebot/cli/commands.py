"""What each command does with its arguments; the exit code."""

from __future__ import annotations

import argparse
import contextlib
import sys
from dataclasses import replace
from typing import Any

from gaebot import api, disk
from gaebot.cli.completion import script
from gaebot.cli.output import (
    needs_structure,
    print_fixed,
    print_ignored,
    print_line,
    print_plain,
    refuse_other_formats,
    write_reports,
)
from gaebot.config import NEVER, fails
from gaebot.paths import full_path
from gaebot.progress import progress_bar
from gaebot.render.words import one_line
from gaebot.report import Report
from gaebot.rule import discover, hops
from gaebot.select import find_rule

NOTHING, FINDINGS, WRONG_USE, INTERNAL = range(4)


def check(arguments: argparse.Namespace) -> int:
    """`gaebot check`."""
    if arguments.add_ignores is not None:
        return _add_ignores(arguments)
    paths = arguments.paths
    written = None
    if paths == ["-"]:
        if arguments.stdin_filename is None:
            return _wrong_use("Name the file that comes on standard input: --stdin-filename FILE.")
        written, paths = (arguments.stdin_filename, sys.stdin.buffer.read()), []
    elif arguments.stdin_filename is not None:
        return _wrong_use("--stdin-filename goes with - as the only PATH.")
    with _progress(arguments) as progress:
        report = api.check(
            *paths,
            **_options(arguments),
            baseline=_baseline(arguments),
            written=written,
            structure=needs_structure(arguments),
            progress=progress,
        )
    write_reports(report, arguments)
    return _exit_code(report, arguments.fail_on)


def _add_ignores(arguments: argparse.Namespace) -> int:
    with _progress(arguments) as progress:
        result = api.add_ignores(
            *arguments.paths,
            reason=arguments.add_ignores,
            **_options(arguments),
            baseline=_baseline(arguments),
            progress=progress,
        )
    print_ignored(result, arguments)
    write_reports(result.report, arguments)
    return _exit_code(result.report, arguments.fail_on)


def fix(arguments: argparse.Namespace) -> int:
    """`gaebot fix`."""
    with _progress(arguments) as progress:
        result = api.fix(
            *arguments.paths,
            unsafe=arguments.unsafe,
            write=not arguments.diff,
            **_options(arguments),
            baseline=_baseline(arguments),
            structure=needs_structure(arguments),
            progress=progress,
        )
    if arguments.diff:
        _print_diff(result)
    print_fixed(result, arguments)
    return _exit_code(result.report, arguments.fail_on)


def prove(arguments: argparse.Namespace) -> int:
    """`gaebot prove`."""
    # Nothing else needs the judges.
    from gaebot.cli.interrupt import interruptible  # noqa: PLC0415
    from gaebot.prove import ProofError, find_python27, install_sdk  # noqa: PLC0415
    from gaebot.prove.running import Limits  # noqa: PLC0415
    from gaebot.prove.whole import prove as prove_apps  # noqa: PLC0415
    from gaebot.prove.whole import proved  # noqa: PLC0415

    refuse_other_formats(arguments)
    with interruptible():
        if arguments.install_sdk:
            try:
                folder = install_sdk(find_python27())
            except ProofError as error:
                return _wrong_use(one_line(str(error)))
            if not arguments.paths:
                print_line(f"Google's App Engine SDK is in {folder}.")
                return NOTHING
        with _progress(arguments) as progress:
            report = prove_apps(
                *(arguments.paths or ["."]),
                unsafe=not arguments.safe,
                limits=Limits(whole=arguments.timeout, answer=arguments.answer_timeout),
                **_options(arguments),
                structure=needs_structure(arguments),
                progress=progress,
            )
    write_reports(report, arguments)
    if any(failure.internal for failure in report.failures):
        return INTERNAL
    is_well = proved(report.evidence, allow_not_run=arguments.allow_not_run)
    return NOTHING if is_well else FINDINGS


def baseline(arguments: argparse.Namespace) -> int:
    """`gaebot baseline`."""
    with _progress(arguments) as progress:
        result = api.write_baseline(
            *arguments.paths,
            file=arguments.baseline_file,
            prune=arguments.prune,
            **_options(arguments),
            progress=progress,
        )
    if not arguments.quiet:
        findings = f"{result.known} finding" + ("" if result.known == 1 else "s")
        print_line(f"{result.path} knows {findings}: {result.added} added, {result.removed} taken out.")
    for failure in result.failures:
        print_line(f"{failure.full_path}: {failure.message}" if failure.full_path else failure.message)
    if any(failure.internal for failure in result.failures):
        return INTERNAL
    return FINDINGS if result.failures else NOTHING


def explain(arguments: argparse.Namespace) -> int:
    """`gaebot explain`."""
    print_plain(find_rule(discover(arguments.to or hops()[0]), arguments.rule).page.text)
    return NOTHING


def rules(arguments: argparse.Namespace) -> int:
    """`gaebot rules`."""
    found = discover(arguments.to or hops()[0])
    rows = [(rule.id, rule.severity.value, rule.family, rule.page.title) for rule in found]
    rows.insert(0, ("rule", "severity", "family", "what it is about"))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        start = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        print_plain(f"{start}  {row[3]}")
    return NOTHING


def completion(arguments: argparse.Namespace) -> int:
    """`gaebot completion`."""
    print_plain(script(arguments.parser, arguments.shell))
    return NOTHING


# -- what they share ---------------------------------------------------------------------------


def _options(arguments: argparse.Namespace) -> dict[str, Any]:
    names = ("to", "select", "ignore", "config", "isolated")
    return {name: getattr(arguments, name) for name in names}


def _baseline(arguments: argparse.Namespace) -> str | None:
    """The baseline that the command line names: a file, nothing (the settings decide), or none at all."""
    if arguments.no_baseline:
        return ""
    if arguments.baseline:
        return disk.baseline_path(next((path for path in arguments.paths if path != "-"), "."))
    file: str | None = arguments.baseline_file
    return file


def _print_diff(result: api.FixReport) -> None:
    from gaebot.render.diff import render_diff  # noqa: PLC0415 - only `fix --diff` needs it

    changes = [
        replace(change, path=full_path(disk.git_prefix(one.app.root), change.path))
        for one in result.results
        for change in one.changes
    ]
    sys.stdout.flush()
    sys.stdout.buffer.write(render_diff(changes))
    sys.stdout.flush()


def _exit_code(report: Report, fail_on: str | None) -> int:
    """The exit code for a report: by what the command line says, else by the settings of each app."""
    if any(failure.internal for failure in report.failures):
        return INTERNAL
    if fail_on == NEVER:
        return NOTHING
    return FINDINGS if report.failures or fails(report, fail_on) else NOTHING


def _wrong_use(message: str) -> int:
    sys.stderr.write(f"gaebot: {message}\n")
    return WRONG_USE


def _progress(arguments: argparse.Namespace) -> contextlib.AbstractContextManager[api.Progress | None]:
    is_shown = sys.stderr.isatty() and not arguments.quiet
    return progress_bar() if is_shown else contextlib.nullcontext()
