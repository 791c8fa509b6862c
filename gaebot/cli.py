"""The command line: arguments in, text and an exit code out. All work is done by the library."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TextIO

from gaebot import __version__, api, disk
from gaebot.finding import Finding, Severity
from gaebot.paths import full_path
from gaebot.progress import progress_bar
from gaebot.render.diff import render_diff
from gaebot.render.json import render_json
from gaebot.render.text import Paint, plain, render_fixed, render_report
from gaebot.render.visible import visible
from gaebot.report import Report
from gaebot.rule import discover, hops
from gaebot.select import UnknownRuleError, find_rule

_EXIT_CODES = """\
exit codes:
  0  nothing to report
  1  findings (see --fail-on), or a file that could not be read
  2  wrong use, or there is no app at a path
  3  a rule or a file failed inside gaebot: please report it
"""
_NOTHING, _FINDINGS, _WRONG_USE, _INTERNAL = range(4)
_BROKEN_PIPE = 141  # as if SIGPIPE had ended the program
_INTERRUPTED = 130  # as if SIGINT had


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code. `argv` are the arguments without the program's name."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        arguments = _parser().parse_args(argv)
        run: Callable[[argparse.Namespace], int] = arguments.run
        code = run(arguments)
        sys.stdout.flush()
    except SystemExit as stop:  # how argparse ends: 2 for wrong use, 0 for --help
        return int(stop.code or 0)
    except (disk.NoAppError, UnknownRuleError) as error:
        print(f"gaebot: {visible(str(error))}", file=sys.stderr)
        return _WRONG_USE
    except BrokenPipeError:
        # The reader has gone. Python would flush what is left at exit and complain.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except KeyboardInterrupt:
        return _INTERRUPTED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gaebot",
        description="Move Google App Engine apps to the next Python runtime.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"gaebot {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    check = _command(commands, "check", _check, "say what keeps apps from running on the target")
    fix = _command(commands, "fix", _fix, "patch apps, then say what remains")
    explain = _command(commands, "explain", _explain, "print the page of a rule")
    rules = _command(commands, "rules", _rules, "list all rules")
    for command in (check, fix, explain, rules):
        command.add_argument(
            "--to", choices=hops(), default="python27", help="the runtime to move to (default: %(default)s)"
        )
    for command in (check, fix):
        _add_run_options(command)
    fix.add_argument("--unsafe", action="store_true", help="also make the fixes that a human should review")
    fix.add_argument(
        "--diff", action="store_true", help="write nothing; print a patch that `git apply` takes"
    )
    explain.add_argument("rule", metavar="RULE", help="id of a rule, as findings show it")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    summary: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)
    return command


def _add_run_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "paths",
        nargs="*",
        default=["."],
        metavar="PATH",
        help="folders that hold apps, or files of one (default: the current folder)",
    )
    command.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    command.add_argument(
        "--select",
        action="append",
        default=[],
        metavar="RULES",
        help="only these rules or families, with commas between; may be given several times",
    )
    command.add_argument(
        "--ignore", action="append", default=[], metavar="RULES", help="all rules but these or families"
    )
    command.add_argument(
        "--fail-on",
        choices=[*(severity.value for severity in Severity), "never"],
        default="warning",
        help="the mildest finding that makes the exit code 1 (default: %(default)s)",
    )


# -- commands ------------------------------------------------------------------------------


def _check(arguments: argparse.Namespace) -> int:
    with _progress() as progress:
        report = api.check(
            *arguments.paths,
            to=arguments.to,
            select=arguments.select,
            ignore=arguments.ignore,
            progress=progress,
        )
    _print_report(report, arguments, sys.stdout)
    return _exit_code(report, arguments.fail_on)


def _fix(arguments: argparse.Namespace) -> int:
    with _progress() as progress:
        result = api.fix(
            *arguments.paths,
            to=arguments.to,
            unsafe=arguments.unsafe,
            write=not arguments.diff,
            select=arguments.select,
            ignore=arguments.ignore,
            progress=progress,
        )
    stream = sys.stdout
    if arguments.diff:
        _print_diff(result)
        stream = sys.stderr
    _print_report(result.report, arguments, stream, result.fixed)
    return _exit_code(result.report, arguments.fail_on)


def _explain(arguments: argparse.Namespace) -> int:
    print(find_rule(discover(arguments.to), arguments.rule).page.text)
    return _NOTHING


def _rules(arguments: argparse.Namespace) -> int:
    rows = [(r.id, r.severity.value, r.family, r.page.title) for r in discover(arguments.to)]
    rows.insert(0, ("rule", "severity", "family", "what it is about"))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        start = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        print(f"{start}  {row[3]}")
    return _NOTHING


# -- output --------------------------------------------------------------------------------


def _print_report(
    report: Report, arguments: argparse.Namespace, stream: TextIO, fixed: Sequence[Finding] | None = None
) -> None:
    """The report, after what was fixed when something was asked to be."""
    if arguments.format == "json":
        stream.write(render_json(report, fixed))
        return
    paint = _paint(stream)
    if fixed is not None:
        stream.write(render_fixed(fixed, dry=arguments.diff, paint=paint))
        stream.write("\nWhat remains:\n\n" if report.findings or report.failures else "")
    width = shutil.get_terminal_size((100, 0)).columns
    stream.write(render_report(report, paint=paint, width=width))


def _print_diff(result: api.FixReport) -> None:
    changes = [
        replace(change, path=full_path(disk.git_prefix(one.app.root), change.path))
        for one in result.results
        for change in one.changes
    ]
    sys.stdout.flush()
    sys.stdout.buffer.write(render_diff(changes))
    sys.stdout.flush()


def _exit_code(report: Report, fail_on: str) -> int:
    if any(failure.internal for failure in report.failures):
        return _INTERNAL
    if fail_on == "never":
        return _NOTHING
    bad = report.failures or any(finding.severity >= Severity(fail_on) for finding in report.findings)
    return _FINDINGS if bad else _NOTHING


def _paint(stream: TextIO) -> Paint:
    """How to colour what goes to a stream: not at all unless it is a terminal."""
    if not stream.isatty():
        return plain
    from rich.console import Console  # noqa: PLC0415 - rich is for terminals only
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=stream)
    if console.no_color or console.color_system is None:  # NO_COLOR, TERM=dumb
        return plain

    def paint(text: str, style: str) -> str:
        with console.capture() as captured:
            console.print(Text(text, style), end="", soft_wrap=True)
        return captured.get()

    return paint


def _progress() -> contextlib.AbstractContextManager[api.Progress | None]:
    return progress_bar() if sys.stderr.isatty() else contextlib.nullcontext()
