"""The hook `gaebot-fix`: patches the apps that own the changed files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from gaebot import api
from gaebot.hooks.arguments import owned, split
from gaebot.process import collect_no_garbage, print_any_name
from gaebot.render.text import render_completed, render_fixed
from gaebot.render.visible import visible
from gaebot.report import Report
from gaebot.rule import hops

_NOTHING, _CHANGED, _WRONG_USE, _INTERNAL = range(4)


def main(argv: Sequence[str] | None = None) -> int:
    """Make the fixes of findings in some files, and print which.

    `argv` are options, then files; which files count is as in `gaebot.hooks.check`. The exit code is 1
    when a file was changed, or could not be, 2 for wrong options, 3 when something failed inside
    gaebot, and else 0: what remains to be done is for the check to say.
    """
    if argv is None:
        collect_no_garbage()
    print_any_name()
    options, files = split(sys.argv[1:] if argv is None else argv)
    try:
        arguments = _parser().parse_args(options)
        paths = owned(files)
        if files and not paths:
            return _NOTHING
        result = api.fix(
            *paths,
            to=arguments.to,
            unsafe=arguments.unsafe,
            select=arguments.select,
            ignore=arguments.ignore,
            config=arguments.config,
            isolated=arguments.isolated,
        )
    except SystemExit as stop:  # how argparse ends: 2 for wrong use, 0 for --help
        return int(stop.code or 0)
    except api.USAGE_ERRORS as error:
        sys.stderr.write(f"gaebot-fix: {visible(str(error))}\n")
        return _WRONG_USE
    if result.completed:
        sys.stdout.write(render_completed(result.completed))
    if result.changes:
        sys.stdout.write(render_fixed(result.fixed))
    failures = list(_failures(result.report))
    sys.stdout.writelines(failures)
    if any(failure.internal for failure in result.report.failures):
        return _INTERNAL
    return _CHANGED if result.changes or result.completed or failures else _NOTHING


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gaebot-fix",
        usage="gaebot-fix [OPTION ...] [FILE ...]",
        description="Make the safe fixes of what is found in some files of App Engine apps.",
    )
    parser.add_argument("--to", choices=hops(), help="the runtime to move to")
    for name, what in (("select", "only these rules or families"), ("ignore", "all rules but these")):
        parser.add_argument(f"--{name}", action="append", default=[], metavar="RULES", help=what)
    settings = parser.add_mutually_exclusive_group()
    settings.add_argument("--config", metavar="FILE", help="the settings to use")
    settings.add_argument("--isolated", action="store_true", help="read no .gaebot.yaml")
    parser.add_argument("--unsafe", action="store_true", help="also make the fixes that you should review")
    return parser


def _failures(report: Report) -> Iterator[str]:
    """Lines about what kept fixes from being made. Files that can't be read are for the check to tell."""
    for failure in report.failures:
        if failure.internal or not failure.path:
            where = f"{failure.full_path}: " if failure.full_path else ""
            yield visible(f"{where}{' '.join(failure.message.split())}") + "\n"


if __name__ == "__main__":
    sys.exit(main())
