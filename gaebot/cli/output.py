"""Where reports go: the terminal, standard output, files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TextIO

from gaebot import api, disk
from gaebot.cli.terminal import linker, painter, width
from gaebot.render.formats import FORMATS, render, with_evidence
from gaebot.render.text import render_completed, render_fixed, render_report
from gaebot.render.visible import visible
from gaebot.report import Report
from gaebot.rule import discover, hops


class OutputError(Exception):
    """A report that can't be written where it should go. The text names the file."""


def write_reports(report: Report, arguments: argparse.Namespace, stream: TextIO | None = None) -> None:
    """Print the report, or write it to a file, and write it in the other formats that are asked for.

    Raises `OutputError`.
    """
    wanted = [_format_and_file(text) for text in arguments.report]
    if arguments.output is not None:
        _write(arguments.output, _rendered(report, arguments.format, arguments))
    else:
        _print_report(report, arguments, stream or sys.stdout)
    for name, file in wanted:
        _write(file, _rendered(report, name, arguments))


def needs_structure(arguments: argparse.Namespace) -> bool:
    """Whether a format that is asked for shows services and modules. Raises `OutputError`."""
    names = [arguments.format, *(_format_and_file(text)[0] for text in arguments.report)]
    return any(FORMATS[name].needs_structure for name in names)


def refuse_other_formats(arguments: argparse.Namespace) -> None:
    """Raise `OutputError` where a format is asked for that does not show evidence."""
    for text in arguments.report:
        name, _ = _format_and_file(text)
        if not FORMATS[name].shows_evidence:
            names = ", ".join(with_evidence())
            raise OutputError(f"{name} does not show what is proved. The formats that do are {names}.")


def print_fixed(result: api.FixReport, arguments: argparse.Namespace) -> None:
    """What was fixed, then what remains. Beside a patch on standard output, on standard error."""
    stream = sys.stderr if arguments.diff else sys.stdout
    if result.completed and not arguments.quiet:
        sys.stderr.write(render_completed(result.completed))
    if arguments.format == "json" and arguments.output is None:
        from gaebot.render.json import render_json  # noqa: PLC0415 - as `render` loads it

        stream.write(render_json(result.report, result.fixed))
        arguments = argparse.Namespace(**{**vars(arguments), "format": ""})
    elif arguments.format == "text" and arguments.output is None:
        paint = painter(stream)
        stream.write(render_fixed(result.fixed, dry=arguments.diff, paint=paint))
        is_more = bool(result.report.findings or result.report.failures)
        stream.write("\nWhat remains:\n\n" if is_more else "")
    write_reports(result.report, arguments, stream)


def print_ignored(result: api.IgnoreReport, arguments: argparse.Namespace) -> None:
    """How many findings are silenced now."""
    if not arguments.quiet and arguments.format == "text":
        files = len({finding.path for finding in result.silenced})
        count = len(result.silenced)
        print_line(
            f"Silenced {count} finding{'' if count == 1 else 's'} in {files} file{'' if files == 1 else 's'}."
        )


def print_line(text: str) -> None:
    """Print a line that may hold names from a repository."""
    print_plain(visible(" ".join(text.split())))


def print_plain(text: str) -> None:
    """Print a text of ours."""
    sys.stdout.write(f"{text}\n")


def _print_report(report: Report, arguments: argparse.Namespace, stream: TextIO) -> None:
    if arguments.format == "text" and report.evidence:
        from gaebot.render.evidence import render_evidence  # noqa: PLC0415 - only `prove` needs it

        stream.write(render_evidence(report, paint=painter(stream), width=width(), quiet=arguments.quiet))
    elif arguments.format == "text":
        stream.write(
            render_report(
                report, paint=painter(stream), width=width(), link=linker(stream), quiet=arguments.quiet
            )
        )
    elif arguments.format:
        stream.write(_rendered(report, arguments.format, arguments))


def _rendered(report: Report, name: str, arguments: argparse.Namespace) -> str:
    """The report in a format. Those for other programs call files as the repository does."""
    if name == "text" and report.evidence:
        from gaebot.render.evidence import render_evidence  # noqa: PLC0415 - only `prove` needs it

        return render_evidence(report, quiet=arguments.quiet)
    if name == "text":
        return render_report(report, quiet=arguments.quiet)
    rules = discover(arguments.to or hops()[0])
    named = report.renamed(disk.repository_path) if FORMATS[name].is_for_repository else report
    return render(name, named, rules)


def _format_and_file(text: str) -> tuple[str, str]:
    name, separator, file = text.partition("=")
    if not separator or not file or name not in FORMATS:
        names = ", ".join(FORMATS)
        raise OutputError(f"--report wants FORMAT=FILE, not {text!r}. The formats are {names}.")
    return name, file


def _write(file: str, text: str) -> None:
    try:
        Path(file).write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise OutputError(f"The report can't be written to {file} ({why}).") from None
