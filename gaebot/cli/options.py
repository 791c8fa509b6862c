"""The commands of the command line and their options."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from gaebot import __version__
from gaebot.cli import commands
from gaebot.cli.completion import SHELLS
from gaebot.config import FAIL_ON
from gaebot.render.formats import FORMATS, with_evidence
from gaebot.rule import hops

_EXIT_CODES = """\
exit codes:
  0  nothing to report
  1  findings (see --fail-on), or a file that could not be read
  2  wrong use, or there is no app at a path
  3  a rule or a file failed inside gaebot: please report it
"""

_EXIT_CODES_OF_PROOFS = """\
exit codes:
  0  every step passed
  1  a step failed or was not run (see --allow-not-run)
  2  wrong use, or there is no app at a path
  3  a rule or a file failed inside gaebot: please report it
"""

Subparsers = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it


def make_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="gaebot",
        description="Move Google App Engine apps to the next Python runtime.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"gaebot {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_check(subparsers)
    _add_fix(subparsers)
    _add_prove(subparsers)
    _add_baseline(subparsers)
    explain = _command(subparsers, "explain", commands.explain, "print the page of a rule")
    explain.add_argument("rule", metavar="RULE", help="id of a rule, as findings show it")
    rules = _command(subparsers, "rules", commands.rules, "list all rules")
    for command in (explain, rules):
        command.add_argument("--to", choices=hops(), help="the runtime to move to (default: python27)")
    completion = _command(
        subparsers, "completion", commands.completion, "print what makes a shell complete gaebot's commands"
    )
    completion.add_argument("shell", choices=SHELLS)
    completion.set_defaults(parser=parser)
    return parser


def _add_check(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    check = _command(subparsers, "check", commands.check, "say what keeps apps from running on the target")
    _add_run_options(check)
    _add_report_options(check)
    check.add_argument(
        "--stdin-filename",
        metavar="FILE",
        help="with - for PATH: the file of an app whose content comes on standard input",
    )
    check.add_argument(
        "--add-ignores",
        metavar="REASON",
        help="write comments into the files that silence what is found; the reason may be empty",
    )


def _add_fix(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    fix = _command(subparsers, "fix", commands.fix, "patch apps, then say what remains")
    _add_run_options(fix)
    _add_report_options(fix)
    fix.add_argument("--unsafe", action="store_true", help="also make the fixes that a human should review")
    fix.add_argument(
        "--diff", action="store_true", help="write nothing; print a patch that `git apply` takes"
    )


def _add_prove(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    prove = _command(
        subparsers,
        "prove",
        commands.prove,
        "start patched apps on Google's development server and show that they work",
        _EXIT_CODES_OF_PROOFS,
    )
    _add_run_options(prove)
    prove.set_defaults(paths=[])
    prove.add_argument("--format", choices=with_evidence(), default="text", help="default: %(default)s")
    _add_output_options(prove)
    prove.add_argument(
        "--safe",
        action="store_true",
        help="the apps have had `gaebot fix` only: the second run makes no fix that a human should review",
    )
    prove.add_argument(
        "--allow-not-run",
        action="store_true",
        help="exit with 0 also when steps were not run, if none failed",
    )
    prove.add_argument(
        "--timeout",
        type=_seconds,
        default=600,
        metavar="SECONDS",
        help="how long each app may run (default: %(default)s)",
    )
    prove.add_argument(
        "--answer-timeout",
        type=_seconds,
        default=30,
        metavar="SECONDS",
        help="how long it may take to load a script or to answer a request (default: %(default)s)",
    )
    prove.add_argument(
        "--install-sdk",
        action="store_true",
        help="first install Google's App Engine SDK into gaebot's cache folder; without PATH, only that",
    )


def _seconds(text: str) -> float:
    """A time limit; argparse tells what is wrong with another text."""
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is no time limit: it wants seconds, more than 0")
    return seconds


def _add_baseline(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    baseline = _command(
        subparsers,
        "baseline",
        commands.baseline,
        "write down what is found, so that checks tell only what is new",
    )
    _add_run_options(baseline)
    baseline.add_argument(
        "--baseline-file",
        metavar="FILE",
        help="the file to write (default: that of .gaebot.yaml, or .gaebot-baseline.json in the top folder)",
    )
    baseline.add_argument("--prune", action="store_true", help="only take out what is gone; add nothing")


def _command(
    subparsers: Subparsers[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    summary: str,
    exit_codes: str = _EXIT_CODES,
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = subparsers.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=exit_codes,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)
    return command


def _add_run_options(command: argparse.ArgumentParser) -> None:
    """What decides what is looked at. What is not given is taken from the nearest .gaebot.yaml."""
    command.add_argument(
        "paths",
        nargs="*",
        default=["."],
        metavar="PATH",
        help="folders that hold apps, or files of one (default: the current folder)",
    )
    command.add_argument("--to", choices=hops(), help="the runtime to move to (default: python27)")
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
    settings = command.add_mutually_exclusive_group()
    settings.add_argument(
        "--config", metavar="FILE", help="the settings to use (default: the nearest .gaebot.yaml)"
    )
    settings.add_argument("--isolated", action="store_true", help="read no .gaebot.yaml")
    command.add_argument("-q", "--quiet", action="store_true", help="print findings and errors only")


def _add_report_options(command: argparse.ArgumentParser) -> None:
    """How the report looks, and when it makes the run fail."""
    command.add_argument("--format", choices=FORMATS, default="text", help="default: %(default)s")
    _add_output_options(command)
    command.add_argument(
        "--fail-on",
        choices=FAIL_ON,
        help="the mildest finding that makes the exit code 1 (default: warning)",
    )
    baseline = command.add_mutually_exclusive_group()
    baseline.add_argument(
        "--baseline",
        action="store_true",
        help="tell only what .gaebot-baseline.json in the repository's top does not know",
    )
    baseline.add_argument(
        "--baseline-file", metavar="FILE", help="tell only what this baseline does not know"
    )
    baseline.add_argument(
        "--no-baseline", action="store_true", help="tell everything, whatever .gaebot.yaml says"
    )


def _add_output_options(command: argparse.ArgumentParser) -> None:
    """Where the report goes."""
    command.add_argument("--output", metavar="FILE", help="write the report there instead of printing it")
    command.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        help="write the report also in another format; may be given several times",
    )
